import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { LedgerChange, LedgerRecord, LedgerRelease } from '../../../../src/domain/ledger.ts';
import { compareVersions } from '../../../../src/domain/version.ts';
import type { MetricRule } from '../../../../src/domain/report.ts';
import { reportOf } from '../../../../src/rules/metrics.ts';
import type { ReportFacts } from '../../../../src/rules/metrics.ts';
import { numbersOf, weekOf } from '../../../rules/metrics/reference.ts';
import { change, facts, figures, incident, lineOf, record, release, workOf } from '../../../rules/metrics/story.ts';

/** Clocks go forward and back within the histories, at midnight in some zones, by half an hour in one. */
const ZONES = [
  'UTC',
  'America/Sao_Paulo',
  'Europe/Lisbon',
  'America/New_York',
  'Asia/Kolkata',
  'Africa/Cairo',
  'Australia/Lord_Howe',
  'Pacific/Auckland'
];

const HOUR_MS = 3_600_000;
/** 110 days from the middle of January: spring and autumn clocks both change. */
const START = Date.UTC(2026, 0, 15);
const SPAN_HOURS = 110 * 24;

/** Whole hours often meet: ties are wanted. */
const moment = fc.oneof(
  fc.integer({ min: 0, max: SPAN_HOURS }).map((hours) => START + hours * HOUR_MS),
  fc.integer({ min: 0, max: SPAN_HOURS * 3600 }).map((seconds) => START + seconds * 1000),
  fc.integer({ min: 0, max: 110 }).map((days) => START + days * 24 * HOUR_MS)
);

const iso = (time: number): string => new Date(time).toISOString();

const changeSeed = fc.record({
  date: moment,
  /** Squashed: work began before it was merged; sometimes clocks disagree. */
  headStart: fc.oneof(fc.constant(0), fc.integer({ min: -3600, max: 500_000 })),
  mends: fc.oneof(
    { arbitrary: fc.constant(null), weight: 8 },
    { arbitrary: fc.constantFrom('hotfix' as const, 'revert' as const), weight: 1 }
  ),
  shared: fc.oneof({ arbitrary: fc.constant(false), weight: 9 }, { arbitrary: fc.constant(true), weight: 1 })
});

const versionSeed = fc.record({
  changes: fc.array(changeSeed, { maxLength: 3 }),
  /** How many versions back it was counted from; mostly the one before. */
  back: fc.oneof({ arbitrary: fc.constant(1), weight: 6 }, { arbitrary: fc.integer({ min: 1, max: 4 }), weight: 1 }),
  read: fc.oneof({ arbitrary: fc.constant(true), weight: 9 }, { arbitrary: fc.constant(false), weight: 1 }),
  listed: fc.oneof({ arbitrary: fc.constant(true), weight: 12 }, { arbitrary: fc.constant(false), weight: 1 })
});

const recordSeed = fc.record({
  version: fc.nat({ max: 11 }),
  at: moment,
  duration: fc.constantFrom(0, 60, 3600, 90_000),
  ending: fc.constantFrom(
    'success',
    'success',
    'success',
    'inactive',
    'inactive',
    'failure',
    'error',
    'withdrawn',
    'in_progress',
    'queued'
  ),
  touched: fc.boolean(),
  asRollback: fc.boolean(),
  environment: fc.constantFrom('production', 'production', 'production', 'staging'),
  changes: fc.nat({ max: 9 })
});
type RecordSeed = typeof recordSeed extends fc.Arbitrary<infer T> ? T : never;

const versionsOf = (
  seeds: readonly (typeof versionSeed extends fc.Arbitrary<infer T> ? T : never)[]
): readonly LedgerRelease[] => {
  const all: LedgerChange[] = [];
  return seeds.flatMap((seed, index): LedgerRelease[] => {
    const changes = seed.changes.map((one, n) => {
      const known = all.at(-2);
      if (one.shared && known !== undefined) return known;
      const made = change(`a${index}b${n}c`, iso(one.date), {
        begunAt: iso(one.date - one.headStart * 1000),
        mends: one.mends
      });
      all.push(made);
      return made;
    });
    const from = index - seed.back;
    const made = release(`1.${index}.0`, from < 0 ? null : `1.${from}.0`, changes);
    if (!seed.listed) return [];
    return [seed.read ? made : { ...made, document: null }];
  });
};

const recordOf = (seed: RecordSeed, id: number, before: LedgerRecord | undefined): LedgerRecord => {
  const { ending, touched, environment, changes } = seed;
  const version = `1.${seed.version}.0`;
  const end = iso(seed.at + seed.duration * 1000);
  const base = record({ id, version, at: iso(seed.at), environment, changes });
  const older = before !== undefined && compareVersions(base.payload.version, before.payload.version) < 0;
  const { startedAt: _, succeededAt: __, endedAt: ___, ...plain } = base;
  const kind = older || (seed.asRollback && before?.state === 'failure') ? 'rollback' : 'deploy';
  const payload = { ...plain.payload, kind } as const;
  const started = touched || ending === 'success' || ending === 'inactive' ? { startedAt: iso(seed.at) } : {};
  switch (ending) {
    case 'failure':
    case 'error':
      return { ...plain, ...started, payload, state: ending, endedAt: end };
    case 'success':
      return { ...plain, ...started, payload, state: 'success', succeededAt: end };
    case 'inactive':
      return { ...plain, ...started, payload, state: 'inactive', succeededAt: end, endedAt: iso(seed.at + 10 ** 9) };
    case 'withdrawn':
      return { ...plain, payload, state: 'inactive', endedAt: end };
    case 'in_progress':
      return { ...plain, startedAt: iso(seed.at), payload, state: 'in_progress' };
    case 'queued':
      return { ...plain, payload, state: 'queued' };
  }
};

const history = fc
  .record({
    versions: fc.array(versionSeed, { minLength: 12, maxLength: 12 }),
    records: fc.array(recordSeed, { maxLength: 18 }),
    /** Most open at a delivery or soon after it. */
    incidents: fc.array(
      fc.record({
        at: fc.nat({ max: 17 }),
        after: fc.constantFrom(0, 0, 1800, 7200, 200_000),
        hours: fc.option(fc.nat({ max: 60 }))
      }),
      { maxLength: 4 }
    ),
    zone: fc.constantFrom(...ZONES),
    now: fc.integer({ min: SPAN_HOURS - 24 * 40, max: SPAN_HOURS + 24 * 20 }).map((hours) => START + hours * HOUR_MS)
  })
  .map((seed): ReportFacts => {
    const records: LedgerRecord[] = [];
    for (const one of seed.records.toSorted((a, b) => a.at - b.at))
      records.push(
        recordOf(one, records.length + 1, records.filter(({ environment }) => environment === one.environment).at(-1))
      );
    return facts({
      now: new Date(seed.now),
      zone: seed.zone,
      records,
      releases: versionsOf(seed.versions),
      incidents: seed.incidents.flatMap(({ at: nth, after, hours }, index) => {
        const near = records[nth % Math.max(1, records.length)];
        if (near === undefined) return [];
        const opened = Date.parse(near.succeededAt ?? near.createdAt) + after * 1000;
        return [incident(index + 1, iso(opened), hours === null ? null : iso(opened + hours * HOUR_MS))];
      })
    });
  });

const ascending = (ids: readonly number[]): readonly number[] => ids.toSorted((a, b) => a - b);

/** What the fast rules say, in the words of the slow ones. */
const fast = (told: ReportFacts, from: number, to: number) => {
  const of = figures(told, iso(from), iso(to));
  const ids = (rule: MetricRule): readonly number[] => ascending(of(rule).deliveries);
  const inside = workOf(told).judged.filter(({ going }) => going.at >= from && going.at < to);
  const lives = inside.filter(({ going }) => going.outcome === 'live');
  return {
    deployments: ids('deployments'),
    deployDays: of('deployments').extra,
    leads: ascending(lives.flatMap(({ cargo }) => cargo.arrivals.map(({ leadSeconds }) => leadSeconds))),
    median: of('lead-time').median,
    p90: of('lead-time').p90,
    failed: ids('change-fail-rate'),
    went: of('change-fail-rate').n,
    recoveries: ascending(inside.flatMap(({ failure }) => (failure?.recovery === undefined ? [] : [failure.seconds]))),
    open: of('recovery-time').extra ?? 0,
    rework: ids('rework-rate'),
    failedAttempts: ids('failed-attempts'),
    batches: ascending(
      lives.filter(({ going }) => !going.first && !going.rollback && !going.redeploy).map(({ cargo }) => cargo.count)
    )
  };
};

describe('a slow, obvious reference', () => {
  test('agrees with the rules on a thousand histories', () => {
    fc.assert(
      fc.property(history, fc.constantFrom(14, 30, 90), (told, days) => {
        const to = told.now.getTime();
        const from = to - days * 24 * HOUR_MS;
        expect(fast(told, from, to)).toEqual(numbersOf(told, 'production', from, to));
      }),
      { numRuns: 1000 }
    );
  });

  test('agrees on weeks, whatever the clocks of the zone do', () => {
    fc.assert(
      fc.property(history, (told) => {
        const { weeks } = lineOf(told);
        const known = new Map(weeks.map((week) => [week.week, week]));
        const lives = workOf(told).judged.filter(({ going }) => going.outcome === 'live');
        const begin = Date.parse(weeks[0]?.from ?? '');
        const counted = lives.filter(({ going: { at } }) => at >= begin && at < told.now.getTime());
        for (const { going } of counted)
          expect(known.get(weekOf(going.at, told.zone))?.deliveries).toContain(going.record.id);
        for (const { week, from, to } of weeks) {
          expect(weekOf(Date.parse(from), told.zone)).toBe(week);
          expect(weekOf(Date.parse(from) - 1000, told.zone)).not.toBe(week);
          expect(weekOf(Date.parse(to) - 1000, told.zone)).toBe(week);
        }
        weeks.slice(1).forEach((week, index) => expect(week.from).toBe(weeks[index]?.to));
      }),
      { numRuns: 300 }
    );
  });
});

describe('whatever the history', () => {
  test('no number is invented: without anything there is no data', () => {
    const { windows, weeks, live, waiting } = lineOf(facts());
    expect(windows.flatMap(({ figures: all }) => all.map(({ value }) => value))).toEqual(
      Array.from({ length: 22 }, () => null)
    );
    expect([weeks, live, waiting]).toEqual([[], { kind: 'nothing' }, null]);
  });

  test('shares lie between 0 and 1, and every figure names deliveries that exist', () => {
    fc.assert(
      fc.property(history, (told) => {
        const { environments, deliveries, attempts } = reportOf(told);
        const known = new Set([...deliveries, ...attempts].map(({ id }) => id));
        const all = environments.flatMap(({ lines }) =>
          lines.flatMap(({ windows }) => windows.flatMap((one) => one.figures))
        );
        expect(all.flatMap((figure) => figure.deliveries).every((id) => known.has(id))).toBe(true);
        const shares = all.filter(({ unit, value }) => unit === 'share' && value !== null);
        for (const { value, part, n, deliveries: behind } of shares) {
          expect([part, value]).toEqual([behind.length, behind.length / n]);
          expect(behind.length).toBeLessThanOrEqual(n);
        }
        expect(all.filter(({ n, unit, value }) => n === 0 && unit !== 'per-day' && value !== null)).toEqual([]);
        expect(known.size).toBe(told.records.length);
      }),
      { numRuns: 200 }
    );
  });

  test('the order in which records are told changes nothing', () => {
    fc.assert(
      fc.property(history, (told) => {
        const other = { ...told, records: told.records.toReversed(), releases: told.releases.toReversed() };
        expect(reportOf(other).environments).toEqual(reportOf(told).environments);
      }),
      { numRuns: 100 }
    );
  });
});
