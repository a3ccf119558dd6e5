import type { DeliveryReport, EnvironmentReport, Figure, Line, LiveEntry, MetricRule } from '../../domain/report.ts';
import { durationOf } from '../amounts.ts';
import { figureIn, valueText } from '../figures.ts';
import { ownLink, siteLink } from '../links.ts';
import { inert, link, table } from '../markdown.ts';
import { catalogueOf } from '../sentence.ts';
import { namesText } from './facts.ts';
import { sinceText } from './page.ts';
import type { Page } from './page.ts';

const MOST_ROWS = 40;

/** Five numbers of DORA, and what explains them: small batches, little waiting, few hands. */
const SHOWN: readonly MetricRule[] = [
  'deployments',
  'lead-time',
  'change-fail-rate',
  'recovery-time',
  'rework-rate',
  'batch-size',
  'approval-wait',
  'manual-touches'
];

type LiveCells = readonly [version: string, since: string, approvers: string];

const liveCells = (live: LiveEntry, page: Page): LiveCells => {
  const { nothing, unknown, nobody } = page.words;
  switch (live.kind) {
    case 'nothing':
      return [nothing, '', ''];
    case 'unknown':
      return [unknown, sinceText(live.since, page), ''];
    case 'version': {
      const url = live.url === null ? undefined : siteLink(page.context, live.url);
      const by = live.approvedBy.length === 0 ? nobody : namesText(live.approvedBy, page);
      return [link(`**${inert(live.version)}**`, url), sinceText(live.since, page), by];
    }
  }
};

/** What piles up there, and the way to the button. */
const waitingCell = ({ waiting }: Line, page: Page): string => {
  if (waiting === null) return '';
  const { language, words } = page;
  const { digest } = catalogueOf(language);
  if (waiting.changes === 0) return words.none;
  const counted = words.changes(waiting.changes);
  const oldest = waiting.oldestSeconds;
  const said = oldest === null ? counted : digest.waits(counted, durationOf(oldest, language));
  if (waiting.run === null) return said;
  const button = link(inert(digest.approve(waiting.run.version)), ownLink(page.context, waiting.run.url));
  return `${said} · ${button}`;
};

const nameOf = ({ name }: EnvironmentReport, { component }: Line): string =>
  inert(component === '' ? name : `${component} · ${name}`);

const liveTable = ({ environments }: DeliveryReport, page: Page): string => {
  const { columns, more } = page.words;
  const all = environments.flatMap((environment) => environment.lines.map((line) => ({ environment, line })));
  const rows = all
    .slice(0, MOST_ROWS)
    .map(({ environment, line }) => [
      nameOf(environment, line),
      ...liveCells(line.live, page),
      waitingCell(line, page)
    ]);
  const missing = all.length - rows.length;
  const head = [columns.environment, columns.live, columns.since, columns.approvedBy, columns.waiting];
  return table(head, missing > 0 ? [...rows, [more(missing), '', '', '', '']] : rows);
};

const detailsOf = ({ rule, unit, part, n, p90, extra, value }: Figure, { language }: Page): string => {
  const { digest } = catalogueOf(language);
  if (value === null) return '';
  const open = rule === 'recovery-time' && extra !== null && extra > 0 ? [digest.open(extra)] : [];
  if (part !== null) return digest.of(part, n);
  if (unit !== 'seconds') return digest.deliveries(n);
  return [...(p90 === null ? [] : [digest.p90(valueText(p90, unit, language))]), ...open].join('; ');
};

const numberRow = (figure: Figure, page: Page): readonly string[] => {
  const { names } = catalogueOf(page.language).dashboard.metrics;
  const { rule, unit, value, before } = figure;
  const said = (each: number | null): string => valueText(each, unit, page.language);
  return [names[rule], said(value), detailsOf(figure, page), said(before)].map((cell) => inert(cell));
};

const numberTable = (line: Line, page: Page): string => {
  const [month] = line.windows;
  if (month === undefined) return '';
  const { digest } = catalogueOf(page.language);
  const figures = SHOWN.flatMap((rule) => figureIn(month, rule) ?? []);
  const head = [digest.number, digest.days(month.days), '', digest.before(month.days)];
  return table(
    head,
    figures.map((figure) => numberRow(figure, page))
  );
};

/** What is live and what waits, then the numbers of each environment in which versions end. */
export const digestTables = (report: DeliveryReport, page: Page): string => {
  const { digest } = catalogueOf(page.language);
  const ends = report.environments.filter(({ last }) => last);
  const lines = ends.flatMap((environment) => environment.lines.map((line) => ({ environment, line })));
  const numbers = lines
    .slice(0, MOST_ROWS)
    .map(
      ({ environment, line }) => `### ${digest.numbersFor(nameOf(environment, line))}\n\n${numberTable(line, page)}`
    );
  return [liveTable(report, page), ...numbers].join('\n\n');
};
