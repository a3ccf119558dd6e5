import { knownChanges } from '../domain/ledger.ts';
import type { LedgerChange, LedgerRecord, LedgerRelease } from '../domain/ledger.ts';
import type { WaitingEntry, WaitingStock } from '../domain/report.ts';
import { compareVersions } from '../domain/version.ts';
import type { Version } from '../domain/version.ts';
import { byDate, distinctChanges } from './metrics-arrivals.ts';

const SECOND_MS = 1000;
const DAY_MS = 24 * 3600 * SECOND_MS;

export interface StockFacts {
  /** Of this component, newest version first. */
  readonly releases: readonly LedgerRelease[];
  /** What stands there now. */
  readonly standing: Version | undefined;
  /** When every environment it needs had proven a version; the last of them counts. */
  readonly provenAt: (version: Version) => number | undefined;
  /** The runs that brought a version where it was proven. */
  readonly runsOf: (version: Version) => readonly LedgerRecord[];
  readonly waitingRuns: ReadonlyMap<number, string> | null;
  readonly now: Date;
}

const waitingIn = (facts: StockFacts): readonly LedgerRelease[] =>
  facts.releases.filter(({ version }) => facts.standing === undefined || compareVersions(version, facts.standing) > 0);

const authorsOf = (changes: readonly LedgerChange[]): readonly string[] => {
  const counts = new Map<string, number>();
  for (const { author } of changes) counts.set(author, (counts.get(author) ?? 0) + 1);
  return [...counts].toSorted(([, a], [, b]) => b - a).map(([author]) => author);
};

/** The page of a run that brought the version where it was proven, and stands at a gate now. */
const pageOf = ({ runsOf, waitingRuns }: StockFacts, version: Version): string | undefined =>
  runsOf(version)
    .map(({ payload }) => waitingRuns?.get(payload.run.id))
    .find((url) => url !== undefined);

/** The newest version whose run waits, with the page that has the button. */
const runAt = (facts: StockFacts, waiting: readonly LedgerRelease[]): WaitingEntry | null => {
  const [found = null] = waiting.flatMap(({ version }): WaitingEntry[] => {
    const [since, url] = [facts.provenAt(version), pageOf(facts, version)];
    if (since === undefined || url === undefined) return [];
    const waitedSeconds = Math.max(0, Math.round((facts.now.getTime() - since) / SECOND_MS));
    return [{ version, url, since: new Date(since).toISOString(), waitedSeconds }];
  });
  return found;
};

const agesOf = (changes: readonly LedgerChange[], now: Date): readonly number[] =>
  changes.map(({ date }) => Math.max(0, now.getTime() - Date.parse(date)));

/** What is released and newer than what stands in the environment. Change-days are the sum of the ages of its changes. */
export const stockOf = (facts: StockFacts): WaitingStock => {
  const waiting = waitingIn(facts);
  const changes = distinctChanges(waiting.flatMap(knownChanges)).toSorted(byDate);
  const unread = waiting.filter(({ document }) => document === null);
  const ages = agesOf(changes, facts.now);
  const known = changes.length > 0;
  return {
    version: waiting[0]?.version ?? null,
    releases: waiting.length,
    changes: changes.length + unread.reduce((sum, { changeCount }) => sum + changeCount, 0),
    commits: changes.map(({ commit }) => commit),
    authors: authorsOf(changes),
    changeDays: known ? Math.round((ages.reduce((a, b) => a + b) / DAY_MS) * 10) / 10 : null,
    oldest: changes[0]?.date ?? null,
    oldestSeconds: known ? Math.round(ages.reduce((a, b) => Math.max(a, b)) / SECOND_MS) : null,
    run: runAt(facts, waiting)
  };
};
