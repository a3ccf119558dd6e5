import { knownChanges } from '../domain/ledger.ts';
import type { LedgerChange, LedgerRecord, LedgerRelease, PullStart } from '../domain/ledger.ts';
import { distinctChanges } from './metrics-arrivals.ts';
import { neededReleases } from './ledger.ts';

/** By number; null: no such pull request. */
export type PullStartsByNumber = ReadonlyMap<number, PullStart | null>;

/** Changes that the numbers need and whose pull requests have not told when work began, those of the newest release first. */
export const unbegunChanges = (
  releases: readonly LedgerRelease[],
  records: readonly LedgerRecord[],
  now: Date
): readonly LedgerChange[] =>
  distinctChanges(neededReleases(releases, records, now).flatMap(knownChanges)).filter(
    ({ begunBy }) => begunBy === 'unread'
  );

/** The pull requests they name, each once and in their order. */
export const pullsOf = (changes: readonly LedgerChange[]): readonly number[] => [
  ...new Set(changes.flatMap(({ pull }) => pull ?? []))
];

/**
 * A squash merge, or a merge told as one change, is the whole pull request: work on it began with the first commit
 * there, if that is earlier. Any other commit that names a pull request is a part of it, or only speaks of it, and
 * began by itself. So a beginning never moves to a later moment.
 */
const begun = (change: LedgerChange, pull: PullStart | null): LedgerChange => {
  const first = pull?.mergeCommit === change.commit ? pull.firstCommitAt : null;
  return first !== null && Date.parse(first) < Date.parse(change.begunAt)
    ? { ...change, begunAt: first, begunBy: 'pull-request' }
    : { ...change, begunBy: 'commit' };
};

/** What is known of the commits that several releases hold; those of two components are often read one after the other. */
const knownIn = (releases: readonly LedgerRelease[]): ReadonlyMap<string, Pick<LedgerChange, 'begunAt' | 'begunBy'>> =>
  new Map(
    releases
      .flatMap(knownChanges)
      .filter(({ begunBy }) => begunBy !== 'unread')
      .map(({ commit, begunAt, begunBy }) => [commit, { begunAt, begunBy }])
  );

/** The releases with what their pull requests told, or another of them knows; a beginning that is known stays as it is. */
export const withBeginnings = (
  releases: readonly LedgerRelease[],
  pulls: PullStartsByNumber
): readonly LedgerRelease[] => {
  const known = knownIn(releases);
  const told = (change: LedgerChange): LedgerChange => {
    if (change.begunBy !== 'unread') return change;
    const elsewhere = known.get(change.commit);
    if (elsewhere !== undefined) return { ...change, ...elsewhere };
    const pull = change.pull === null ? undefined : pulls.get(change.pull);
    return pull === undefined ? change : begun(change, pull);
  };
  return releases.map((release) => {
    const { document } = release;
    const changes = document?.changes.map(told) ?? [];
    const isSame = document === null || changes.every((change, index) => change === document.changes[index]);
    return isSame ? release : { ...release, document: { ...document, changes } };
  });
};
