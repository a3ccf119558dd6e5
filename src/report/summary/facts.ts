import type { Outcome } from '../../domain/outcome.ts';
import { durationOf, listOf, timeOf } from '../amounts.ts';
import { ownLink, siteLink } from '../links.ts';
import { inert, link, table } from '../markdown.ts';
import type { Page } from './page.ts';

type Fact = readonly [label: string, value: string];

const MOST_NAMES = 10;

export const namesText = (names: readonly string[], { language, words }: Page): string =>
  listOf(
    names.map((name) => inert(name)),
    language,
    { most: MOST_NAMES, more: words.more }
  );

const site = (outcome: Outcome, { context }: Page): string | undefined =>
  outcome.environmentUrl === undefined ? undefined : siteLink(context, outcome.environmentUrl);

/** What runs there after the run, where the run itself settled that. */
const liveNow = ({ verdict, reason, version, changed }: Outcome, { words }: Page): string | undefined => {
  if (reason.code === 'rolled-back') return `**${inert(reason.details.to)}**`;
  if (verdict === 'failed') return changed === true ? words.unknown : undefined;
  const settled = reason.code === 'already-live' || reason.code === 'verified' || changed === true;
  return settled && version !== undefined ? `**${inert(version)}**` : undefined;
};

const place = (outcome: Outcome, page: Page): readonly Fact[] => {
  const { environment, version } = outcome;
  const { columns } = page.words;
  if (environment === undefined) return [];
  const live = liveNow(outcome, page);
  const asked = live === `**${inert(version ?? '')}**` ? undefined : version;
  const failed = outcome.verdict === 'failed' || outcome.verdict === 'rolled-back';
  return [
    [columns.environment, link(inert(environment), site(outcome, page))],
    ...(live === undefined ? [] : [[columns.live, live] as const]),
    ...(asked === undefined ? [] : [[failed ? columns.failed : columns.version, inert(asked)] as const])
  ];
};

/** Without an environment the version itself is the news. */
const product = ({ version, environment, releaseUrl }: Outcome, { words, context }: Page): readonly Fact[] => {
  if (version === undefined || environment !== undefined) return [];
  const url = releaseUrl === undefined ? undefined : ownLink(context, releaseUrl);
  return [[words.columns.version, link(`**${inert(version)}**`, url)]];
};

const before = ({ previous, version, changed, environment, verdict }: Outcome, { words }: Page): readonly Fact[] => {
  if (previous === undefined || previous === version || verdict === 'rolled-back') return [];
  const label = changed === true || environment === undefined ? words.columns.before : words.columns.last;
  return [[label, inert(previous)]];
};

const moment = ({ reason }: Outcome, { context, language, words }: Page): readonly Fact[] => {
  const now = context.now.toISOString();
  const fresh =
    reason.code === 'delivered' || reason.code === 'rolled-back-by-request' || reason.code === 'rolled-back';
  return fresh ? [[words.columns.since, inert(timeOf(now, language, context.zone))]] : [];
};

const approval = ({ approvedBy = [] }: Outcome, page: Page): readonly Fact[] =>
  approvedBy.length === 0 ? [] : [[page.words.columns.approvedBy, namesText(approvedBy, page)]];

/** How many changes, and how long the oldest of them waited: what makes a delivery large. */
export const batchText = ({ changes = [] }: Outcome, { context, language, words }: Page): string => {
  const oldest = Math.min(...changes.map(({ date }) => Date.parse(date)).filter((time) => !Number.isNaN(time)));
  const waited = (context.now.getTime() - oldest) / 1000;
  const counted = words.changes(changes.length);
  return Number.isFinite(waited) && waited >= 60
    ? `${counted}; ${words.oldest(durationOf(waited, language))}`
    : counted;
};

const batch = (outcome: Outcome, page: Page): readonly Fact[] =>
  outcome.changes === undefined ? [] : [[page.words.columns.changes, batchText(outcome, page)]];

/** The answers of a run about one environment or one version, one below the other. */
export const factTable = (outcome: Outcome, page: Page): string => {
  const facts = [place, product, before, moment, approval, batch].flatMap((part) => part(outcome, page));
  const [head, ...rest] = facts;
  return head === undefined ? '' : table(head, rest);
};
