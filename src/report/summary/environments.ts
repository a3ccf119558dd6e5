import type { Live } from '../../domain/deployment.ts';
import type { EnvironmentRow } from '../../domain/outcome.ts';
import { siteLink } from '../links.ts';
import { inert, link, table } from '../markdown.ts';
import { partsOf } from '../sentence.ts';
import { namesText } from './facts.ts';
import { sinceText } from './page.ts';
import type { Page } from './page.ts';

const MOST_ROWS = 60;

type LiveCells = readonly [version: string, since: string, approvers: string];

const liveCells = (live: Live, page: Page): LiveCells => {
  const { nothing, unknown, nobody } = page.words;
  switch (live.kind) {
    case 'nothing':
      return [nothing, '', ''];
    case 'unknown':
      return [unknown, sinceText(live.record.startedAt ?? live.record.createdAt, page), ''];
    case 'version': {
      const { payload, succeededAt, createdAt } = live.record;
      const approvers = payload.approvedBy.length === 0 ? nobody : namesText(payload.approvedBy, page);
      return [`**${inert(payload.version)}**`, sinceText(succeededAt ?? createdAt, page), approvers];
    }
  }
};

const nameCell = ({ environment, live }: EnvironmentRow, { context }: Page): string => {
  const url = live.kind === 'version' ? live.record.url : undefined;
  return link(inert(environment), url === undefined ? undefined : siteLink(context, url));
};

const readyCell = ({ blocked, waiting, after, asks }: EnvironmentRow, page: Page): string => {
  const { ready, readyAfter } = page.words;
  if (blocked !== undefined) return partsOf(blocked, page.language, page.style).what;
  if (waiting === 0) return ready.nothing;
  if (after !== undefined) return after.length === 0 ? ready.built : readyAfter(namesText(after, page));
  return asks === true ? ready.asked : ready.now;
};

const cells = (row: EnvironmentRow, page: Page): readonly string[] => [
  nameCell(row, page),
  ...liveCells(row.live, page),
  row.waiting === 0 ? page.words.none : page.words.changes(row.waiting),
  readyCell(row, page)
];

/** Environments below each other: what runs there, since when, who let it in, what waits, what keeps it waiting. */
export const environmentTable = (rows: readonly EnvironmentRow[], page: Page): string => {
  const { columns, more } = page.words;
  const head = [columns.environment, columns.live, columns.since, columns.approvedBy, columns.waiting, columns.ready];
  const shown = rows.slice(0, MOST_ROWS).map((row) => cells(row, page));
  const missing = rows.length - shown.length;
  return table(head, missing > 0 ? [...shown, [more(missing), '', '', '', '', '']] : shown);
};
