import type { LedgerChange, LedgerRelease } from '../domain/ledger.ts';
import type { Version } from '../domain/version.ts';
import type { Going } from './metrics-line.ts';

const SECOND_MS = 1000;

/** A change that arrived for the first time. */
export interface Arrival {
  readonly change: LedgerChange;
  /** From its beginning, and from the main line, until it was live; 0 where clocks disagree. */
  readonly leadSeconds: number;
  readonly mergeSeconds: number;
}

export interface Cargo {
  /** Oldest first. */
  readonly arrivals: readonly Arrival[];
  /** All changes it brought, those without details included. */
  readonly count: number;
  /** Whether `arrivals` holds them all. */
  readonly known: boolean;
}

/** A delivery with what it brought. */
export interface Load {
  readonly going: Going;
  readonly cargo: Cargo;
}

const NOTHING: Cargo = { arrivals: [], count: 0, known: true };

const since = (at: number, text: string): number => Math.max(0, Math.round((at - Date.parse(text)) / SECOND_MS));

const arrivalOf = (change: LedgerChange, at: number): Arrival => ({
  change,
  leadSeconds: since(at, change.begunAt),
  mergeSeconds: since(at, change.date)
});

/** What has arrived so far in one line. */
interface Hold {
  readonly releases: ReadonlyMap<Version, LedgerRelease>;
  readonly versions: Set<Version>;
  readonly commits: Set<string>;
}

interface Unloaded {
  readonly changes: readonly LedgerChange[];
  /** The way led back to a version that had arrived, or to the very first one. */
  readonly whole: boolean;
}

/** From the version back through those it was counted from, until one that had arrived. Each version is walked once. */
const unload = (hold: Hold, from: Version): Unloaded => {
  const changes: LedgerChange[] = [];
  let version: Version | null = from;
  while (version !== null && !hold.versions.has(version)) {
    hold.versions.add(version);
    const document: LedgerRelease['document'] = hold.releases.get(version)?.document ?? null;
    if (document === null) return { changes, whole: false };
    changes.push(...document.changes.filter(({ commit }) => !hold.commits.has(commit)));
    for (const { commit } of document.changes) hold.commits.add(commit);
    version = document.previous;
  }
  return { changes, whole: true };
};

/** Oldest first; of the same moment, by name, so that the order is always the same. */
export const byDate = (a: LedgerChange, b: LedgerChange): number =>
  Date.parse(a.date) - Date.parse(b.date) || (a.commit < b.commit ? -1 : 1);

/** Two versions of different lines may hold the same commit. */
export const distinctChanges = (changes: readonly LedgerChange[]): readonly LedgerChange[] => [
  ...new Map(changes.map((change) => [change.commit, change])).values()
];

const cargoOf = (hold: Hold, going: Going): Cargo => {
  if (going.outcome !== 'live') return NOTHING;
  const { version, changes: recorded } = going.record.payload;
  const { changes, whole } = unload(hold, version);
  // the first one has nothing to be compared with; a step back whose way is not known brings what had been there
  if (going.first) return { arrivals: [], count: recorded, known: false };
  if (!whole && (going.rollback || going.redeploy)) return NOTHING;
  const arrivals = distinctChanges(changes)
    .toSorted(byDate)
    .map((change) => arrivalOf(change, going.at));
  return {
    arrivals,
    count: whole ? arrivals.length : Math.max(recorded, arrivals.length),
    known: whole
  };
};

/**
 * What each delivery of one line brought for the first time, in their order (oldest first). A change counts once, with
 * the first success that held it; rollbacks and repeated deliveries bring nothing. What was taken back did not arrive.
 */
export const loadsOf = (went: readonly Going[], releases: readonly LedgerRelease[]): readonly Load[] => {
  const hold: Hold = {
    releases: new Map(releases.map((release) => [release.version, release])),
    versions: new Set(),
    commits: new Set()
  };
  return went.map((going) => ({ going, cargo: cargoOf(hold, going) }));
};
