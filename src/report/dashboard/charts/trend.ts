import type { Week } from '../../../domain/report.ts';
import { durationOf, numberOf } from '../../amounts.ts';
import { shareOf } from '../amounts.ts';
import { html } from '../html.ts';
import type { Html } from '../html.ts';
import type { Sheet } from '../sheet.ts';
import { scrolled } from '../table.ts';
import { batchChart } from './batch.ts';
import { deploymentChart } from './deployments.ts';
import { leadChart } from './lead.ts';

/** Ninety days. */
const MOST_WEEKS = 13;

const weekRow = (week: Week, { words, clock, language }: Sheet): Html => {
  const span = (seconds: number | null): string => (seconds === null ? words.noData : durationOf(seconds, language));
  const { deployments, failed, changes, deliveries } = week;
  const share = (of: number, value: string): string => (of === 0 ? words.noData : value);
  const all = deliveries.length;
  const cells = [
    String(all),
    share(all, String(failed)),
    span(week.leadMedian),
    span(week.leadP90),
    share(deployments, numberOf(changes / deployments, language)),
    share(all, shareOf(failed / all, language))
  ];
  return html`<tr>
    <th scope="row">${clock.day(week.from)}</th>
    ${cells.map((cell) => html`<td>${cell}</td>`)}
  </tr>`;
};

/** The same numbers for those who read rather than look. */
const numbersTable = (weeks: readonly Week[], sheet: Sheet): Html => {
  const { trend } = sheet.words;
  const heads = [trend.week, trend.deployments, trend.failed, trend.median, trend.band, trend.batch, trend.rate];
  const rows = weeks.toReversed().map((week) => weekRow(week, sheet));
  return html`<details>
    <summary>${trend.numbers}</summary>
    ${scrolled({ caption: trend.title, look: 'weeks', heads }, rows)}
  </details>`;
};

/** Deliveries, lead time, and batch size beside fail rate, week by week. */
export const trendOf = (all: readonly Week[], sheet: Sheet): Html | undefined => {
  const weeks = all.slice(-MOST_WEEKS);
  if (weeks.length === 0) return undefined;
  const charts = [deploymentChart, leadChart, batchChart].map((chart) => chart(weeks, sheet));
  return html`<div class="trend">${charts}</div>
    ${numbersTable(weeks, sheet)}`;
};
