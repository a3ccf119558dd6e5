import type { LedgerRecord } from '../domain/ledger.ts';
import { compareVersions } from '../domain/version.ts';
import { isOpen } from './live.ts';

/** A record of one component in one environment, judged. */
export interface Going {
  readonly record: LedgerRecord;
  readonly outcome: 'live' | 'taken-back' | 'failed' | 'withdrawn' | 'open';
  /** The moment that counts, in milliseconds: its first success, else when it began, else when it was asked for. */
  readonly at: number;
  /** It put an older version back, or took a broken one away. */
  readonly rollback: boolean;
  /** The version that was live already. */
  readonly redeploy: boolean;
  /** The first success known: nothing to compare with. */
  readonly first: boolean;
}

/** What went live, oldest first, and what did not. */
export interface History {
  /** Successes and what was taken back again. */
  readonly went: readonly Going[];
  readonly attempts: readonly Going[];
}

type Succeeded = LedgerRecord & { readonly succeededAt: string };

const succeeded = (record: LedgerRecord): record is Succeeded => record.succeededAt !== undefined;

const broke = ({ state }: LedgerRecord): boolean => state === 'failure' || state === 'error';

/** It may have reached users before it broke. */
const touched = (record: LedgerRecord): boolean =>
  broke(record) && record.startedAt !== undefined && record.payload.kind !== 'rollback';

const time = (text: string): number => Date.parse(text);

/** A tie belongs to the newer record. */
const byMoment = (a: Going, b: Going): number => a.at - b.at || a.record.id - b.record.id;

const successesOf = (records: readonly LedgerRecord[]): readonly Succeeded[] =>
  records.filter(succeeded).toSorted((a, b) => time(a.succeededAt) - time(b.succeededAt) || a.id - b.id);

const startOf = ({ startedAt, createdAt }: LedgerRecord): number => time(startedAt ?? createdAt);

/**
 * For each success that is a rollback, the broken attempt it took away: the last one that touched the target after the
 * success before. One rollback takes back one attempt; attempts before that one were retried.
 */
const takenBackBy = (
  successes: readonly Succeeded[],
  records: readonly LedgerRecord[]
): ReadonlyMap<number, LedgerRecord> => {
  const broken = records
    .filter((record) => !succeeded(record) && touched(record))
    .toSorted((a, b) => startOf(a) - startOf(b) || a.id - b.id);
  const taken = new Map<number, LedgerRecord>();
  let next = 0;
  for (const { id, payload, succeededAt } of successes) {
    let last: LedgerRecord | undefined;
    for (let one = broken[next]; one !== undefined && startOf(one) <= time(succeededAt); one = broken[next]) {
      last = one;
      next += 1;
    }
    if (last !== undefined && payload.kind === 'rollback') taken.set(id, last);
  }
  return taken;
};

/** Older than what was live, whatever the record calls it; the same version is a rollback only where it took one away. */
const goesBack = (record: Succeeded, before: Succeeded | undefined, takes: boolean): boolean => {
  if (takes) return true;
  if (before === undefined) return record.payload.kind === 'rollback';
  return compareVersions(record.payload.version, before.payload.version) < 0;
};

const live = (record: Succeeded, before: Succeeded | undefined, takes: boolean): Going => {
  const rollback = goesBack(record, before, takes);
  return {
    record,
    outcome: 'live',
    at: time(record.succeededAt),
    rollback,
    redeploy: !rollback && before?.payload.version === record.payload.version,
    first: before === undefined
  };
};

const outcomeOf = (record: LedgerRecord): Going['outcome'] => {
  if (isOpen(record)) return 'open';
  return broke(record) ? 'failed' : 'withdrawn';
};

const unlike = (record: LedgerRecord, outcome: Going['outcome']): Going => ({
  record,
  outcome,
  at: startOf(record),
  rollback: false,
  redeploy: false,
  first: false
});

/**
 * Judges the records of one component in one environment. A deployment is a record with a first success; being replaced
 * later does not undo it. What ended without one is a failed attempt, unless a rollback had to take it away: then it had
 * reached users, and counts as a deployment that failed.
 */
export const historyOf = (records: readonly LedgerRecord[]): History => {
  const successes = successesOf(records);
  const taken = takenBackBy(successes, records);
  const lives = successes.map((record, index) => live(record, successes[index - 1], taken.has(record.id)));
  const back = new Set([...taken.values()].map(({ id }) => id));
  const others = records
    .filter((record) => !succeeded(record))
    .map((record) => unlike(record, back.has(record.id) ? 'taken-back' : outcomeOf(record)));
  return {
    went: [...lives, ...others.filter(({ outcome }) => outcome === 'taken-back')].toSorted(byMoment),
    attempts: others.filter(({ outcome }) => outcome !== 'taken-back').toSorted(byMoment)
  };
};
