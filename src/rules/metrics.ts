import { knownChanges } from '../domain/ledger.ts';
import type { LedgerFacts, LedgerRecord, LedgerRelease } from '../domain/ledger.ts';
import type {
  ChangeEntry,
  DeliveryEntry,
  DeliveryReport,
  EnvironmentReport,
  Line,
  LiveEntry,
  MetricWindow,
  OpenAttempt,
  ReportRepository
} from '../domain/report.ts';
import { compareVersions } from '../domain/version.ts';
import { calendarOf } from './calendar.ts';
import { isOpen, liveIn, standing } from './live.ts';
import { attemptEntries, changeEntry, deliveryEntries, releaseEntry } from './metrics-entries.ts';
import type { EntryFacts } from './metrics-entries.ts';
import { figuresOf } from './metrics-figures.ts';
import { journeysOf } from './metrics-journeys.ts';
import { isLast, linesOf } from './metrics-lines.ts';
import type { LineWork } from './metrics-lines.ts';
import { stockOf } from './metrics-stock.ts';
import { quickCheckOf } from './quick-check.ts';
import { weeksOf } from './metrics-weeks.ts';

const DAY_MS = 24 * 3600 * 1000;
const WINDOWS = [30, 90] as const;

/** What the report says of itself. */
export interface ReportFacts extends LedgerFacts {
  readonly repository: ReportRepository;
  readonly titles: boolean;
  /** Whether the records reach back to the first one. */
  readonly complete: boolean;
  /** Versions whose documents are still to be read. */
  readonly unread: number;
  /** Changes whose pull requests have not told when work began. */
  readonly unbegun: number;
}

/** Without what is under way: that is told apart, and until it ends the version before it is the news. */
const settled = ({ records }: LineWork): readonly LedgerRecord[] => records.filter((record) => !isOpen(record));

const liveEntry = (line: LineWork): LiveEntry => {
  const live = liveIn(settled(line));
  if (live.kind === 'nothing') return live;
  const { id, payload, createdAt, succeededAt, endedAt, url } = live.record;
  const { version, approvedBy } = payload;
  return live.kind === 'unknown'
    ? { kind: 'unknown', version, since: endedAt ?? createdAt, delivery: id }
    : { kind: 'version', version, since: succeededAt ?? createdAt, delivery: id, url: url ?? null, approvedBy };
};

const openIn = ({ records }: LineWork): OpenAttempt | null => {
  const [open = null] = records.toReversed().flatMap(({ id, payload, state, startedAt, createdAt }): OpenAttempt[] => {
    if (state !== 'pending' && state !== 'queued' && state !== 'in_progress') return [];
    const { version, kind, run } = payload;
    return [{ delivery: id, version, kind, state, since: startedAt ?? createdAt, runUrl: run.url }];
  });
  return open;
};

const windowOf = (line: LineWork, days: number, now: Date): MetricWindow => {
  const to = now.getTime();
  const from = to - days * DAY_MS;
  const figures = figuresOf(line, { from, to });
  const period = { days, from: new Date(from).toISOString(), to: now.toISOString() };
  return { ...period, figures, quickCheck: quickCheckOf(figures) };
};

const lineReport = (line: LineWork, { now, waitingRuns }: ReportFacts): Line => {
  const { environment, component } = line;
  const stock = { ...line, standing: standing(settled(line)), waitingRuns, now };
  return {
    component,
    live: liveEntry(line),
    open: openIn(line),
    waiting: environment.needs.length === 0 || line.releases.length === 0 ? null : stockOf(stock),
    windows: WINDOWS.map((days) => windowOf(line, days, now)),
    weeks: weeksOf(line, now.getTime())
  };
};

const newestFirst = (a: DeliveryEntry, b: DeliveryEntry): number => {
  return Date.parse(b.at) - Date.parse(a.at) || b.id - a.id;
};

const releaseOrder = (a: LedgerRelease, b: LedgerRelease): number =>
  a.component.localeCompare(b.component, 'en') || compareVersions(b.version, a.version);

/** Each change with the oldest version that holds it: that one brought it. */
const changesOf = (releases: readonly LedgerRelease[], url: string): readonly ChangeEntry[] => {
  const entries = new Map<string, ChangeEntry>();
  for (const release of releases)
    for (const change of knownChanges(release)) entries.set(change.commit, changeEntry(change, release.version, url));
  return [...entries.values()].toSorted((a, b) => Date.parse(b.date) - Date.parse(a.date));
};

const componentsOf = (lines: readonly LineWork[]): ReadonlyMap<string, readonly LineWork[]> => {
  const components = new Map<string, LineWork[]>();
  for (const line of lines) components.set(line.component, [...(components.get(line.component) ?? []), line]);
  return components;
};

const firstOf = (facts: ReportFacts): string | null => {
  const [first] = facts.records.map(({ createdAt }) => createdAt).toSorted();
  return first ?? null;
};

/** The whole document: every number from the facts alone, so that the same facts give the same document. */
export const reportOf = (facts: ReportFacts): DeliveryReport => {
  const { repository, now, zone, titles, complete, incidents } = facts;
  const byEnvironment = linesOf(facts, calendarOf(zone));
  const lines = [...byEnvironment.values()].flat();
  const releases = facts.releases.toSorted(releaseOrder);
  const releaseUrls = new Map(releases.map(({ tag, url }) => [tag, url]));
  const entries: EntryFacts = { url: repository.url, releaseUrls };
  const environments = [...byEnvironment].map(([environment, own]): EnvironmentReport => ({
    name: environment.name,
    needs: environment.needs,
    gate: environment.gate,
    last: isLast(facts, environment),
    lines: own.map((line) => lineReport(line, facts))
  }));
  return {
    schema: 1,
    generatedAt: now.toISOString(),
    zone,
    repository,
    history: { from: firstOf(facts), to: now.toISOString(), complete, unread: facts.unread, unbegun: facts.unbegun },
    titles,
    environments,
    releases: releases.map(releaseEntry),
    changes: changesOf(releases, repository.url),
    deliveries: lines.flatMap((line) => deliveryEntries(line, entries)).toSorted(newestFirst),
    attempts: lines.flatMap((line) => attemptEntries(line, entries)).toSorted(newestFirst),
    journeys: [...componentsOf(lines).values()].flatMap((own) => journeysOf(own, now)),
    incidents
  };
};
