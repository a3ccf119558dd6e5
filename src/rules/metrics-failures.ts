import type { FailureCause, Incident } from '../domain/report.ts';
import type { Cargo, Load } from './metrics-arrivals.ts';
import type { Going } from './metrics-line.ts';

const SECOND_MS = 1000;

export interface Judged extends Load {
  readonly failure: Failed | undefined;
  readonly rework: 'rollback' | 'hotfix' | 'revert' | undefined;
}

export interface Failed {
  readonly causes: readonly FailureCause[];
  /** What ended it: a delivery, or closing the incident. Undefined while it is open. */
  readonly recovery: { readonly at: number; readonly by: Going | undefined } | undefined;
  /** Until it recovered, until now while it is open. */
  readonly seconds: number;
}

/** Why a delivery failed, and where to look for what ended it: at the earliest the delivery of that index. */
interface Cause {
  readonly failed: number;
  readonly cause: FailureCause;
  readonly from: number;
  /** An incident ends when it is closed, too; what is open is never closed, and no other cause is. */
  readonly closedAt: number;
}

export interface LineFacts {
  /** Oldest first. */
  readonly went: readonly Load[];
  /** Those that may be blamed on this line. */
  readonly incidents: readonly Incident[];
  readonly now: Date;
}

/** A correction that was not planned: it says so itself. */
const mendIn = ({ arrivals }: Cargo): 'hotfix' | 'revert' | undefined => {
  const mends = new Set(arrivals.map(({ change }) => change.mends));
  if (mends.has('hotfix')) return 'hotfix';
  return mends.has('revert') ? 'revert' : undefined;
};

/**
 * A rollback is blamed on the delivery that followed the version it restored: of V1, V2, V3, V1 it is V2. Where the
 * restored version was never seen, on the delivery before. What was taken back failed its check.
 */
const rollbackCauses = (went: readonly Load[]): readonly Cause[] => {
  const lives = went.flatMap(({ going }, index) => (going.outcome === 'live' ? [{ going, index }] : []));
  const seen = new Map<string, number>();
  const causes: Cause[] = [];
  lives.forEach(({ going, index }, order) => {
    const { version } = going.record.payload;
    const restored = seen.get(version) ?? order - 2;
    const blamed = restored + 1 < order ? lives[restored + 1] : undefined;
    if (going.rollback && blamed !== undefined)
      causes.push({ failed: blamed.index, cause: 'rollback', from: index, closedAt: Infinity });
    seen.set(version, order);
  });
  const taken = went.flatMap(({ going }, index): Cause[] =>
    going.outcome === 'taken-back'
      ? [{ failed: index, cause: 'failed-check', from: index + 1, closedAt: Infinity }]
      : []
  );
  return [...causes, ...taken];
};

/** A hotfix or a revert says that the delivery before it failed; after a rollback that has been said already. */
const mendCauses = ({ went }: LineFacts): readonly Cause[] =>
  went.flatMap(({ cargo }, index): Cause[] => {
    const cause = mendIn(cargo);
    const before = went[index - 1]?.going;
    if (cause === undefined || before === undefined || before.rollback) return [];
    return [{ failed: index - 1, cause, from: index, closedAt: Infinity }];
  });

/** A line that stops blames the last delivery at that moment or before it; a tie belongs to the newer one. */
const incidentCauses = ({ went, incidents }: LineFacts): readonly Cause[] =>
  incidents.flatMap(({ openedAt, closedAt }): Cause[] => {
    const failed = went.findLastIndex(({ going }) => going.at <= Date.parse(openedAt));
    if (failed < 0) return [];
    return [
      { failed, cause: 'incident', from: failed + 1, closedAt: closedAt === null ? Infinity : Date.parse(closedAt) }
    ];
  });

/** The index of the first good delivery at or after each index. */
const nextGood = (went: readonly Load[], failed: ReadonlySet<number>): readonly (Going | undefined)[] => {
  const next: (Going | undefined)[] = [];
  let good: Going | undefined;
  for (let index = went.length - 1; index >= 0; index -= 1) {
    if (!failed.has(index)) good = went[index]?.going;
    next[index] = good;
  }
  return next;
};

type Recovery = NonNullable<Failed['recovery']>;

const earlier = (a: Recovery | undefined, b: Recovery | undefined): Recovery | undefined =>
  a === undefined || (b !== undefined && b.at < a.at) ? b : a;

/** By the delivery that mends it where there is one; an incident alone ends with the next good delivery or its closing. */
const recoveryOf = (causes: readonly Cause[], next: readonly (Going | undefined)[]): Recovery | undefined => {
  const mended = causes.filter(({ cause }) => cause !== 'incident');
  let found: Recovery | undefined;
  for (const { from } of mended.length > 0 ? mended : causes) {
    const by = next[from];
    found = earlier(found, by === undefined ? undefined : { at: by.at, by });
  }
  const last = Math.max(...causes.map(({ closedAt }) => closedAt));
  return earlier(found, Number.isFinite(last) ? { at: last, by: undefined } : undefined);
};

const grouped = (causes: readonly Cause[]): ReadonlyMap<number, readonly Cause[]> => {
  const groups = new Map<number, Cause[]>();
  for (const cause of causes) {
    const group = groups.get(cause.failed);
    if (group === undefined) groups.set(cause.failed, [cause]);
    else group.push(cause);
  }
  return groups;
};

/** Each delivery of a line with what is wrong with it. A delivery fails once, whatever says so. */
export const judge = (facts: LineFacts): readonly Judged[] => {
  const { went, now } = facts;
  const causes = grouped([...rollbackCauses(went), ...mendCauses(facts), ...incidentCauses(facts)]);
  const next = nextGood(went, new Set(causes.keys()));
  return went.map(({ going, cargo }, index): Judged => {
    const own = causes.get(index);
    const rework = going.rollback ? 'rollback' : mendIn(cargo);
    if (own === undefined) return { going, cargo, failure: undefined, rework };
    const recovery = recoveryOf(own, next);
    const seconds = Math.max(0, Math.round(((recovery?.at ?? now.getTime()) - going.at) / SECOND_MS));
    const names = [...new Set(own.map(({ cause }) => cause))];
    return { going, cargo, failure: { causes: names, recovery, seconds }, rework };
  });
};
