// The same numbers the slow and obvious way: every question is answered by looking at everything again.
import type { LedgerChange, LedgerFacts, LedgerRecord } from '../../../src/domain/ledger.ts';
import { compareVersions } from '../../../src/domain/version.ts';
import type { Version } from '../../../src/domain/version.ts';

type Success = LedgerRecord & { readonly succeededAt: string };

const ms = (text: string): number => Date.parse(text);

export interface Entry {
  readonly id: number;
  readonly at: number;
  readonly kind: 'live' | 'taken-back';
  readonly rollback: boolean;
  readonly leads: readonly number[];
  readonly mends: 'hotfix' | 'revert' | undefined;
  readonly record: LedgerRecord;
}

export interface Numbers {
  readonly deployments: readonly number[];
  readonly deployDays: number;
  readonly leads: readonly number[];
  readonly median: number | null;
  readonly p90: number | null;
  readonly failed: readonly number[];
  readonly went: number;
  readonly recoveries: readonly number[];
  readonly open: number;
  readonly rework: readonly number[];
  readonly failedAttempts: readonly number[];
  readonly batches: readonly number[];
}

const successesIn = (records: readonly LedgerRecord[]): Success[] =>
  records
    .filter((record): record is Success => record.succeededAt !== undefined)
    .toSorted((a, b) => ms(a.succeededAt) - ms(b.succeededAt) || a.id - b.id);

const isBroken = ({ state, succeededAt }: LedgerRecord): boolean =>
  succeededAt === undefined && (state === 'failure' || state === 'error');

/** The broken attempt that this rollback took away. */
const takenBy = (
  records: readonly LedgerRecord[],
  successes: readonly Success[],
  k: number
): LedgerRecord | undefined => {
  const success = successes[k];
  if (success === undefined || success.payload.kind !== 'rollback') return undefined;
  return records
    .filter((each) => isBroken(each) && each.startedAt !== undefined && each.payload.kind !== 'rollback')
    .filter(({ startedAt = '' }) => {
      const after = successes.slice(0, k).every((earlier) => ms(startedAt) > ms(earlier.succeededAt));
      return after && ms(startedAt) <= ms(success.succeededAt);
    })
    .toSorted((a, b) => ms(a.startedAt ?? '') - ms(b.startedAt ?? '') || a.id - b.id)
    .at(-1);
};

interface Chain {
  readonly versions: ReadonlySet<Version>;
  readonly changes: readonly LedgerChange[];
  readonly whole: boolean;
}

/** The version and everything it was counted from, as far as that is known, up to what stops it. */
const chain = (facts: LedgerFacts, from: Version, stop: ReadonlySet<Version>): Chain => {
  const versions = new Set<Version>();
  const changes: LedgerChange[] = [];
  for (let version: Version | null = from; version !== null && !stop.has(version) && !versions.has(version);) {
    versions.add(version);
    const here: Version = version;
    const found = facts.releases.find((each) => each.version === here)?.document;
    if (found === undefined || found === null) return { versions, changes, whole: false };
    changes.push(...found.changes);
    version = found.previous;
  }
  return { versions, changes, whole: true };
};

interface Brought {
  readonly changes: readonly LedgerChange[];
  readonly count: number;
}

const broughtBy = (facts: LedgerFacts, successes: readonly Success[], k: number): Brought => {
  const before = new Set<Version>();
  const commits = new Set<string>();
  for (const { payload } of successes.slice(0, k)) {
    const earlier = chain(facts, payload.version, before);
    for (const version of earlier.versions) before.add(version);
    for (const { commit } of earlier.changes) commits.add(commit);
  }
  const success = successes[k];
  if (success === undefined || k === 0) return { changes: [], count: 0 };
  const now = chain(facts, success.payload.version, before);
  const fresh = now.changes.filter(
    ({ commit }, index) => !commits.has(commit) && now.changes.findIndex((each) => each.commit === commit) === index
  );
  return { changes: fresh, count: now.whole ? fresh.length : Math.max(fresh.length, success.payload.changes) };
};

const goesBack = (success: Success, before: Success | undefined, taken: boolean): boolean => {
  if (taken) return true;
  if (before === undefined) return success.payload.kind === 'rollback';
  return compareVersions(success.payload.version, before.payload.version) < 0;
};

const entriesOf = (facts: LedgerFacts, records: readonly LedgerRecord[]) => {
  const successes = successesIn(records);
  const batches = new Map<number, number>();
  const taken = successes.map((_, k) => takenBy(records, successes, k));
  const lives = successes.map((success, k): Entry => {
    const before = successes[k - 1];
    const rollback = goesBack(success, before, taken[k] !== undefined);
    const redeploy = !rollback && before?.payload.version === success.payload.version;
    const brought = broughtBy(facts, successes, k);
    const whole = chain(
      facts,
      success.payload.version,
      new Set(successes.slice(0, k).flatMap(({ payload }) => [...chain(facts, payload.version, new Set()).versions]))
    ).whole;
    const changes = !whole && (rollback || redeploy) ? [] : brought.changes;
    const at = ms(success.succeededAt);
    if (k > 0 && !rollback && !redeploy) batches.set(success.id, brought.count);
    return {
      id: success.id,
      at,
      kind: 'live',
      rollback,
      leads: changes.map(({ begunAt }) => Math.max(0, Math.round((at - ms(begunAt)) / 1000))),
      mends: changes.some(({ mends }) => mends === 'hotfix')
        ? 'hotfix'
        : changes.some(({ mends }) => mends === 'revert')
          ? 'revert'
          : undefined,
      record: success
    };
  });
  const back = taken.flatMap((record): Entry[] =>
    record === undefined
      ? []
      : [
          {
            id: record.id,
            at: ms(record.startedAt ?? ''),
            kind: 'taken-back',
            rollback: false,
            leads: [],
            mends: undefined,
            record
          }
        ]
  );
  const went = [...lives, ...back].toSorted((a, b) => a.at - b.at || a.id - b.id);
  return { went, lives, batches };
};

/** For every failed delivery: the indexes where what mends it may be found, and the closings of its incidents. */
const failuresOf = (facts: LedgerFacts, went: readonly Entry[], lives: readonly Entry[]) => {
  const causes: { failed: number; mendedFrom?: number; closed?: number | undefined }[] = [];
  went.forEach((entry, index) => {
    if (entry.kind === 'taken-back') causes.push({ failed: index, mendedFrom: index + 1 });
    const order = lives.indexOf(entry);
    if (entry.rollback) {
      const version = entry.record.payload.version;
      const earlier = lives.slice(0, order).findLastIndex(({ record }) => record.payload.version === version);
      const blamed = earlier < 0 ? lives[order - 1] : lives.slice(earlier + 1, order)[0];
      if (blamed !== undefined) causes.push({ failed: went.indexOf(blamed), mendedFrom: index });
    }
    const before = went[index - 1];
    if (entry.mends !== undefined && before !== undefined && !before.rollback)
      causes.push({ failed: index - 1, mendedFrom: index });
  });
  for (const { openedAt, closedAt } of facts.incidents) {
    const failed = went.findLastIndex(({ at }) => at <= ms(openedAt));
    if (failed >= 0) causes.push({ failed, closed: closedAt === null ? undefined : ms(closedAt) });
  }
  return causes;
};

const recoveredAt = (
  went: readonly Entry[],
  causes: ReturnType<typeof failuresOf>,
  index: number
): number | undefined => {
  const failed = new Set(causes.map((cause) => cause.failed));
  const own = causes.filter((cause) => cause.failed === index);
  const goodFrom = (from: number): number => went.findIndex((_, at) => at >= from && !failed.has(at));
  const mended = own.flatMap(({ mendedFrom }) => (mendedFrom === undefined ? [] : [mendedFrom]));
  const starts = mended.length > 0 ? mended : [index + 1];
  const times = starts.map(goodFrom).flatMap((at) => (at < 0 ? [] : [went[at]?.at ?? Number.NaN]));
  if (mended.length === 0 && own.every(({ closed }) => closed !== undefined))
    times.push(Math.max(...own.map(({ closed = 0 }) => closed)));
  return times.length === 0 ? undefined : Math.min(...times);
};

const dayIn = (moment: number, zone: string): string =>
  new Date(moment).toLocaleDateString('sv-SE', { timeZone: zone });

const medianOf = (values: readonly number[]): number | null => {
  const sorted = values.toSorted((a, b) => a - b);
  if (sorted.length === 0) return null;
  const [low = 0, high = 0] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.ceil((sorted.length - 1) / 2)]];
  return (low + high) / 2;
};

/** The least value that at least nine tenths do not exceed. */
const p90Of = (values: readonly number[]): number | null => {
  const enough = values.filter((value) => values.filter((each) => each <= value).length * 10 >= values.length * 9);
  return enough.length === 0 ? null : Math.min(...enough);
};

export const numbersOf = (facts: LedgerFacts, environment: string, from: number, to: number): Numbers => {
  const records = facts.records.filter((record) => record.environment === environment);
  const { went, lives, batches } = entriesOf(facts, records);
  const broken = facts.records.filter((each) => each.succeededAt === undefined && each.state !== 'inactive');
  const incidents = facts.incidents.filter(
    ({ openedAt }) =>
      !broken.some(({ startedAt, createdAt, endedAt }) => {
        const [start, end] = [ms(startedAt ?? createdAt), endedAt === undefined ? Infinity : ms(endedAt)];
        return start <= ms(openedAt) && ms(openedAt) <= end;
      })
  );
  const causes = failuresOf({ ...facts, incidents }, went, lives);
  const within = (at: number): boolean => at >= from && at < to;
  const failedIndexes = went.flatMap(({ at }, index) =>
    within(at) && causes.some(({ failed }) => failed === index) ? [index] : []
  );
  const shown = lives.filter(({ at }) => within(at));
  const leads = shown.flatMap((entry) => entry.leads).toSorted((a, b) => a - b);
  const ends = failedIndexes.map((index) => ({ end: recoveredAt(went, causes, index), start: went[index]?.at ?? 0 }));
  const attempts = records.filter(
    (record) =>
      isBroken(record) && !went.some(({ id }) => id === record.id) && within(ms(record.startedAt ?? record.createdAt))
  );
  return {
    deployments: shown.map(({ id }) => id).toSorted((a, b) => a - b),
    deployDays: new Set(shown.map(({ at }) => dayIn(at, facts.zone))).size,
    leads,
    median: medianOf(leads),
    p90: p90Of(leads),
    failed: failedIndexes.map((index) => went[index]?.id ?? 0).toSorted((a, b) => a - b),
    went: went.filter(({ at }) => within(at)).length,
    recoveries: ends
      .flatMap(({ end, start }) => (end === undefined ? [] : [Math.max(0, Math.round((end - start) / 1000))]))
      .toSorted((a, b) => a - b),
    open: ends.filter(({ end }) => end === undefined).length,
    rework: shown
      .filter(({ rollback, mends }) => rollback || mends !== undefined)
      .map(({ id }) => id)
      .toSorted((a, b) => a - b),
    failedAttempts: attempts.map(({ id }) => id).toSorted((a, b) => a - b),
    batches: shown.flatMap(({ id }) => batches.get(id) ?? []).toSorted((a, b) => a - b)
  };
};

const DAY_MS = 24 * 3_600_000;

/** Noon of the Monday of the week that holds 4 January. */
const firstMonday = (year: number): number => {
  let day = Date.UTC(year, 0, 4, 12);
  while (new Date(day).getUTCDay() !== 1) day -= DAY_MS;
  return day;
};

/** The ISO week of a local day, found by walking day by day from the first Monday of each year in question. */
export const weekOf = (moment: number, zone: string): string => {
  const day = dayIn(moment, zone);
  const year = Number(day.slice(0, 4));
  for (const each of [year - 1, year, year + 1]) {
    const start = firstMonday(each);
    for (let noon = start; noon < firstMonday(each + 1); noon += DAY_MS) {
      const week = Math.floor((noon - start) / (7 * DAY_MS)) + 1;
      if (new Date(noon).toISOString().startsWith(day)) return `${each}-W${String(week).padStart(2, '0')}`;
    }
  }
  return '';
};
