import type { Figure, MetricRule, MetricWindow } from '../../domain/report.ts';
import { durationOf, numberOf } from '../amounts.ts';
import { valueOf } from './amounts.ts';
import { trendOf } from './charts/trend.ts';
import { filled, html, named } from './html.ts';
import type { Html, Part } from './html.ts';
import { leftOut } from './rest.ts';
import { endsOf } from './sheet.ts';
import type { Place, Sheet } from './sheet.ts';

/** DORA's five, in their order; the rest explains them. */
const FIVE: readonly MetricRule[] = ['deployments', 'lead-time', 'change-fail-rate', 'recovery-time', 'rework-rate'];
const OTHERS: readonly MetricRule[] = [
  'batch-size',
  'approval-wait',
  'manual-touches',
  'unattended',
  'since-merge',
  'failed-attempts'
];

const listed = (id: number, { entries, rows, clock }: Sheet): Html | undefined => {
  const entry = entries.get(id);
  if (entry === undefined) return undefined;
  const version = named(entry.version);
  return html`<li>
    ${rows.has(id) ? html`<a href="#d${id}">${version}</a>` : version} <small>${clock.short(entry.at)}</small>
  </li>`;
};

/** The deliveries a number stands on, one click away. */
const behind = ({ deliveries }: Figure, sheet: Sheet): Html | undefined => {
  if (deliveries.length === 0) return undefined;
  const items = deliveries.slice(0, sheet.room.listed).map((id) => listed(id, sheet));
  const missing = deliveries.length - items.length;
  const rest = missing > 0 ? html`<li>${sheet.words.more(missing)}</li>` : undefined;
  return html`<details>
    <summary>${sheet.words.deliveries(deliveries.length)}</summary>
    <ul class="list">
      ${items}${rest}
    </ul>
  </details>`;
};

const DAY = 86_400;

/** Deliveries are counted; everything else is its value. */
const large = ({ rule, value, unit, n }: Figure, { language, words }: Sheet): Html => {
  if (value === null) return html`<span class="none">${words.noData}</span>`;
  return html`<b>${rule === 'deployments' ? numberOf(n, language) : valueOf(value, unit, language)}</b>`;
};

/** `1.4 a day`, `one every 3 days`: what is rarer than daily would read as 0. */
const pace = (perDay: number, { words, language }: Sheet): string | undefined => {
  const { aDay, oneEvery } = words.metrics;
  if (perDay >= 1) return aDay(numberOf(perDay, language));
  return perDay > 0 ? oneEvery(durationOf(DAY / perDay, language)) : undefined;
};

const paceNotes = ({ value, extra, before }: Figure, days: number, sheet: Sheet): readonly (string | undefined)[] => {
  const { metrics } = sheet.words;
  return [
    value === null ? undefined : pace(value, sheet),
    extra === null || extra === 0 ? undefined : metrics.onDays(extra),
    before === null ? undefined : metrics.before(numberOf(Math.round(before * days), sheet.language))
  ];
};

const valueNotes = (figure: Figure, { words, language }: Sheet): readonly (string | undefined)[] => {
  const { metrics } = words;
  const { rule, unit, n, part, p90, extra, target, before } = figure;
  const ofChanges = rule === 'lead-time' || rule === 'since-merge';
  return [
    part === null || n === 0 ? undefined : metrics.ofAll(part, n),
    p90 === null ? undefined : metrics.p90(valueOf(p90, unit, language)),
    ofChanges && n > 0 ? metrics.changes(n) : undefined,
    rule === 'recovery-time' && extra !== null && extra > 0 ? metrics.open(extra) : undefined,
    target === null ? undefined : metrics.target(target),
    before === null ? undefined : metrics.before(valueOf(before, unit, language))
  ];
};

const factsOf = (notes: readonly string[]): Html | undefined =>
  notes.length === 0
    ? undefined
    : html`<ul class="facts">
        ${notes.map((note) => html`<li>${note}</li>`)}
      </ul>`;

/** One figure with what a reader needs to judge it, and the deliveries it stands on. */
const windowCell = (figure: Figure | undefined, days: number, sheet: Sheet): Html => {
  const { words } = sheet;
  const label = html`<dt>${words.metrics.days(days)}</dt>`;
  if (figure === undefined)
    return html`<div>
      ${label}
      <dd><span class="none">${words.noData}</span></dd>
    </div>`;
  const all = figure.rule === 'deployments' ? paceNotes(figure, days, sheet) : valueNotes(figure, sheet);
  const notes = all.filter((note) => note !== undefined);
  return html`<div>
    ${label}
    <dd>${large(figure, sheet)} ${factsOf(notes)} ${behind(figure, sheet)}</dd>
  </div>`;
};

interface Row {
  readonly name: string;
  readonly rule: string;
  readonly cells: readonly Html[];
}

const rowOf = ({ name, rule, cells }: Row): Html =>
  html`<div class="metric">
    <div>
      <h4>${name}</h4>
      <p class="rule">${rule}</p>
    </div>
    <dl>${cells}</dl>
  </div>`;

const metric = (rule: MetricRule, windows: readonly MetricWindow[], sheet: Sheet): Html => {
  const { names, rules } = sheet.words.metrics;
  const cells = windows.map(({ days, figures }) => {
    const figure = figures.find((each) => each.rule === rule);
    return windowCell(figure, days, sheet);
  });
  return rowOf({ name: names[rule], rule: rules[rule], cells });
};

const metricsOf = (rules: readonly MetricRule[], { line }: Place, sheet: Sheet): Html =>
  html`<div class="metrics">${rules.map((rule) => metric(rule, line.windows, sheet))}</div>`;

const scoreCell = ({ days, quickCheck: score }: MetricWindow, { words, language }: Sheet): Html => {
  const { days: label, quickCheck } = words.metrics;
  const said = (value: number): string => numberOf(value, language);
  return html`<div>
    <dt>${label(days)}</dt>
    <dd>
      ${
        score === null
          ? html`<span class="none">${words.noData}</span>`
          : html`<b>${quickCheck.score(said(score.overall))}</b>
              ${factsOf([quickCheck.throughput(said(score.throughput)), quickCheck.stability(said(score.stability))])}`
      }
    </dd>
  </div>`;
};

/** At the very end and folded away: DORA warns of making it a target. */
const quickCheckOf = ({ line }: Place, sheet: Sheet): Html => {
  const { name, rule } = sheet.words.metrics.quickCheck;
  return rowOf({ name, rule, cells: line.windows.map((window) => scoreCell(window, sheet)) });
};

const placeName = ({ environment, line }: Place): Part =>
  line.component === '' ? named(environment.name) : html`${named(line.component)}, ${named(environment.name)}`;

const full = (place: Place, sheet: Sheet): Html => {
  const { metrics } = sheet.words;
  return html`<section class="card">
    <h3>${placeName(place)}</h3>
    ${metricsOf(FIVE, place, sheet)}${trendOf(place.line.weeks, sheet)}
    <details class="more">
      <summary>${metrics.more}</summary>
      ${metricsOf(OTHERS, place, sheet)}${quickCheckOf(place, sheet)}
    </details>
  </section>`;
};

const brief = (place: Place, sheet: Sheet): Html => {
  return html`<details class="card">
    <summary><h3>${filled(sheet.words.metrics.others, placeName(place))}</h3></summary>
    ${metricsOf(FIVE, place, sheet)}
  </details>`;
};

/** How far back the numbers reach, where that is less than they claim. */
const reach = ({ report, words, clock }: Sheet): Html => {
  const { from, unread, unbegun } = report.history;
  const { metrics } = words;
  const missing = [...(unread > 0 ? [metrics.unread(unread)] : []), ...(unbegun > 0 ? [metrics.unbegun(unbegun)] : [])];
  const since = from === null ? undefined : html`<p class="soft">${filled(metrics.reach, clock.day(from))}</p>`;
  return html`${since}${missing.map((text) => html`<p class="soft">${text}</p>`)}`;
};

const MOST_FULL = 5;
const MOST_BRIEF = 3;

/** Five numbers, each with its rule and with what it stands on, for the environments where versions end. */
export const metricsSection = (sheet: Sheet): Html => {
  const ends = endsOf(sheet, true);
  if (ends.length === 0) return html`<p>${sheet.words.nothingYet}</p>`;
  const others = endsOf(sheet, false);
  const missing = Math.max(0, ends.length - MOST_FULL) + Math.max(0, others.length - MOST_BRIEF);
  return html`${reach(sheet)}${ends.slice(0, MOST_FULL).map((place) => full(place, sheet))}
  ${others.slice(0, MOST_BRIEF).map((place) => brief(place, sheet))}${leftOut(missing, sheet)}`;
};
