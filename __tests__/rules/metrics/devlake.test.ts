// The numbers and times of the end-to-end tests that Apache DevLake has of its DORA plugin (apache/incubator-devlake,
// backend/plugins/dora/e2e, Apache-2.0), told as records, releases and pull requests of ours. Where a rule of theirs is
// another one, both results stand here: theirs as published, ours worked out by hand from the difference.
import { describe, expect, test } from '@jest/globals';
import type { LedgerChange, LedgerFacts, LedgerRecord, LedgerRelease, PullStart } from '../../../src/domain/ledger.ts';
import { withBeginnings } from '../../../src/rules/beginnings.ts';
import { calendarOf } from '../../../src/rules/calendar.ts';
import { linesOf } from '../../../src/rules/metrics-lines.ts';
import type { LineWork } from '../../../src/rules/metrics-lines.ts';
import { change, facts, figures, incident, record, release, workOf } from './story.ts';

const iso = (text: string): string => new Date(`${text.replace(' ', 'T')}Z`).toISOString();
const seconds = (days: number, hours: number, minutes: number, rest: number): number =>
  ((days * 24 + hours) * 60 + minutes) * 60 + rest;

/** A line of theirs is a scope, a repository and an environment; scope and repository are a component of ours. */
type Row = readonly [
  id: number,
  component: string,
  environment: 'production' | 'staging' | '',
  result: 'success' | 'failure',
  started: string,
  finished: string
];

const versionOf = (id: number): string => `1.${id}.0`;

const recordOf = ([id, component, environment, result, started, finished]: Row): LedgerRecord => {
  const end = iso(finished);
  const state = result === 'success' ? 'inactive' : 'failure';
  return record({
    id,
    version: versionOf(id),
    at: iso(started),
    environment,
    state,
    payload: { tag: `${component}/v${versionOf(id)}` },
    record: { endedAt: end, ...(result === 'success' ? { succeededAt: end } : {}) }
  });
};

/** Without an environment it is no delivery to anywhere: neither of us counts it. */
const recordsOf = (rows: readonly Row[]): readonly LedgerRecord[] =>
  rows.filter(([, , environment]) => environment !== '').map(recordOf);

const livesIn = (line: LineWork): readonly LineWork['judged'][number][] =>
  line.judged.filter(({ going }) => going.outcome === 'live');

describe('change lead time: 16 deployments, 7 pull requests, 6 rows', () => {
  const DEPLOYMENTS: readonly Row[] = [
    [1, 'cicd1-repo111', 'production', 'success', '2023-04-10 06:51:47', '2023-04-10 06:52:47'],
    [2, 'cicd1-repo222', 'production', 'success', '2023-04-10 06:53:51', '2023-04-10 06:54:51'],
    [3, 'cicd2-repo111', 'production', 'success', '2023-04-13 07:21:16', '2023-04-13 07:22:16'],
    [4, 'cicd2-repo333', 'production', 'success', '2023-04-13 07:22:14', '2023-04-13 07:23:14'],
    [5, 'cicd1-repo111', 'production', 'success', '2023-04-13 07:28:14', '2023-04-13 07:29:14'],
    [6, 'cicd1-repo222', 'production', 'success', '2023-04-13 07:29:34', '2023-04-13 07:30:34'],
    [7, 'cicd1-repo111', 'staging', 'success', '2023-04-13 07:31:53', '2023-04-13 07:32:53'],
    [8, 'cicd1-repo111', 'staging', 'success', '2023-04-13 07:36:30', '2023-04-13 07:37:30'],
    [9, 'cicd1-repo111', 'production', 'success', '2023-04-13 07:51:26', '2023-04-13 07:52:26'],
    [10, 'cicd1-repo222', 'production', 'success', '2023-04-13 07:53:31', '2023-04-13 07:54:31'],
    [11, 'cicd2-repo111', 'production', 'failure', '2023-04-13 07:54:39', '2023-04-13 07:55:39'],
    [12, 'cicd2-repo333', 'production', 'success', '2023-04-13 07:55:01', '2023-04-13 07:56:01'],
    [13, 'cicd2-repo111', 'production', 'success', '2023-04-13 07:56:39', '2023-04-13 07:57:39'],
    [14, 'cicd3-repo111', 'production', 'failure', '2023-04-13 07:57:26', '2023-04-13 07:58:26'],
    [15, 'cicd3-repo111', 'production', 'success', '2023-04-13 07:57:45', '2023-04-13 07:58:45'],
    [16, 'cicd3-repo333', '', 'success', '2023-04-13 07:58:24', '2023-04-13 07:59:24']
  ];

  /** Merged, and the authored date of the earliest commit in it. */
  const PULLS: readonly (readonly [merged: string | null, begun: string | null])[] = [
    ['2022-02-10 04:51:47', '2022-01-10 04:51:47'],
    ['2023-04-11 05:51:47', '2023-04-10 04:51:47'],
    ['2023-04-12 05:51:47', '2023-04-13 04:51:47'],
    ['2023-04-14 06:53:51', '2023-04-07 04:51:47'],
    ['2023-04-13 08:55:01', '2023-04-05 04:51:47'],
    ['2023-04-13 08:55:01', '2023-04-04 04:51:47'],
    [null, null]
  ];

  /** What each pull request became on the main line; GitHub numbers from 1. */
  const pull = (index: number): LedgerChange => {
    const [merged] = PULLS[index] ?? [];
    return change(`aa${index}`, iso(merged ?? ''), { pull: index + 1, begunBy: 'unread' });
  };

  const starts = new Map<number, PullStart>(
    PULLS.map(([merged, begun], index) => [
      index + 1,
      {
        mergeCommit: merged === null ? null : pull(index).commit,
        firstCommitAt: begun === null ? null : iso(begun)
      }
    ])
  );

  /** Which version was counted from which, and the pull requests between the two. */
  const CONTENT: readonly (readonly [
    component: string,
    id: number,
    previous: number | null,
    pulls: readonly number[]
  ])[] = [
    ['cicd1-repo111', 1, null, [0]],
    ['cicd1-repo111', 5, 1, [1, 2]],
    ['cicd1-repo111', 7, 5, []],
    ['cicd1-repo111', 8, 7, [4]],
    ['cicd1-repo111', 9, 5, []],
    ['cicd1-repo222', 2, null, []],
    ['cicd1-repo222', 6, 2, [3]],
    ['cicd1-repo222', 10, 6, []],
    ['cicd2-repo111', 3, null, []],
    ['cicd2-repo111', 11, null, [5]],
    ['cicd2-repo111', 13, 3, []],
    ['cicd2-repo333', 4, null, []],
    ['cicd2-repo333', 12, 4, []]
  ];

  const releases = CONTENT.map(([component, id, previous, pulls]): LedgerRelease => {
    const tag = `${component}/v${versionOf(id)}`;
    return release(versionOf(id), previous === null ? null : versionOf(previous), pulls.map(pull), { component, tag });
  });

  const told = (component: string): LedgerFacts =>
    facts({
      now: new Date(iso('2023-04-20 00:00:00')),
      component,
      records: recordsOf(DEPLOYMENTS),
      releases: withBeginnings(releases, starts)
    });

  /** The pull requests that arrived with each delivery of a line, with the seconds they took in all and since the merge. */
  const arrivals = (component: string, environment: string) =>
    livesIn(workOf(told(component), environment)).map(({ going, cargo }) => [
      going.record.id,
      cargo.arrivals.map(({ change: { pull: number }, leadSeconds, mergeSeconds }) => ({
        pr: (number ?? 0) - 1,
        leadSeconds,
        mergeSeconds
      }))
    ]);

  test('the first delivery of a line has no predecessor: pr0 has no time to production there nor here', () => {
    // theirs: no deploy time; a cycle of 44,640 minutes that ends with the merge. Ours: no lead time at all.
    expect(arrivals('cicd1-repo111', 'production')[0]).toEqual([1, []]);
  });

  test('pr1 and pr2 went live together, with the first delivery after their merge and with no later one', () => {
    expect(arrivals('cicd1-repo111', 'production').slice(1)).toEqual([
      [
        5,
        [
          // theirs: 1440 + 60 + 2978 = 4478 minutes, each part rounded up; 4477.45 to the second
          { pr: 1, leadSeconds: seconds(3, 2, 37, 27), mergeSeconds: seconds(2, 1, 37, 27) },
          // its first commit is younger than its merge. Theirs: no coding time, 60 + 1538 = 1598 minutes since it was
          // opened. Ours: such a date does not count, so the change begins with the merge: 1537.45 minutes
          { pr: 2, leadSeconds: seconds(1, 1, 37, 27), mergeSeconds: seconds(1, 1, 37, 27) }
        ]
      ],
      [9, []]
    ]);
    const of = figures(told('cicd1-repo111'), iso('2023-04-01 00:00:00'), iso('2023-04-20 00:00:00'));
    expect(of('lead-time')).toMatchObject({ median: (268_647 + 92_247) / 2, p90: 268_647, n: 2 });
  });

  test('pr3 was live before it was merged: since the merge nothing passed, never less', () => {
    // theirs: the negative part is left out, 5883 + 4320 = 10,203 minutes until the merge. Ours: until it was live.
    expect(arrivals('cicd1-repo222', 'production')).toEqual([
      [2, []],
      [6, [{ pr: 3, leadSeconds: seconds(6, 2, 38, 47), mergeSeconds: 0 }]],
      [10, []]
    ]);
  });

  test('pr4 reached staging alone, pr5 a delivery that failed: neither has a time to production', () => {
    // theirs: cycles of 11,764 and 13,204 minutes that end with the merge
    const lines = ['cicd1-repo111', 'cicd1-repo222', 'cicd2-repo111', 'cicd2-repo333'];
    const loads = lines.flatMap((component) => livesIn(workOf(told(component))));
    expect(loads.flatMap(({ cargo }) => cargo.arrivals.map(({ change: { pull: number } }) => number))).toEqual([
      2, 3, 4
    ]);
    // they look at production alone; here every environment has its own
    expect(arrivals('cicd1-repo111', 'staging')).toEqual([
      [7, []],
      [8, [{ pr: 4, leadSeconds: seconds(8, 2, 45, 43), mergeSeconds: 0 }]]
    ]);
    expect(workOf(told('cicd2-repo111')).attempts.map(({ record: { id }, outcome }) => [id, outcome])).toEqual([
      [11, 'failed']
    ]);
  });
});

const CHAIN: readonly Row[] = [
  [1, 'cicd1-repo111', 'production', 'success', '2022-09-10 06:51:47', '2022-09-11 06:51:47'],
  [2, 'cicd1-repo222', 'production', 'success', '2022-09-10 06:53:51', '2022-09-12 06:51:47'],
  [3, 'cicd2-repo111', 'production', 'success', '2022-09-13 07:21:16', '2022-09-14 06:51:47'],
  [4, 'cicd2-repo333', 'production', 'success', '2022-09-13 07:22:14', '2022-09-15 06:51:47'],
  [5, 'cicd1-repo111', 'production', 'success', '2022-09-13 07:28:14', '2022-09-16 06:51:47'],
  [6, 'cicd1-repo222', 'production', 'success', '2022-09-13 07:29:34', '2022-09-17 06:51:47'],
  [7, 'cicd1-repo111', 'staging', 'success', '2022-09-13 07:31:53', '2022-09-18 06:51:47'],
  [8, 'cicd1-repo111', 'staging', 'success', '2022-09-13 07:36:30', '2022-09-19 06:51:47'],
  [9, 'cicd1-repo111', 'production', 'success', '2022-09-13 07:51:26', '2022-09-20 06:51:47'],
  [10, 'cicd1-repo222', 'production', 'success', '2022-09-13 07:53:31', '2022-09-21 06:51:47'],
  [11, 'cicd2-repo111', 'production', 'failure', '2022-09-13 07:54:39', '2022-09-22 06:51:47'],
  [12, 'cicd2-repo333', 'production', 'success', '2022-09-13 07:55:01', '2022-09-23 06:51:47'],
  [13, 'cicd2-repo111', 'production', 'success', '2022-09-13 07:56:39', '2022-09-24 06:51:47'],
  [14, 'cicd3-repo111', 'production', 'failure', '2022-09-13 07:57:26', '2022-09-20 06:51:47'],
  [15, 'cicd3-repo111', 'production', 'success', '2022-09-13 07:57:45', '2022-09-14 06:51:47'],
  [16, 'cicd3-repo333', '', 'success', '2022-09-13 07:58:24', '2022-09-15 06:51:47']
];

describe('the success before: a chain of 16 rows', () => {
  /** Their column; what is not here has no predecessor, and nobody's predecessor is a failure. */
  const BEFORE = { 5: 1, 6: 2, 8: 7, 9: 5, 10: 6, 12: 4, 13: 3 };

  test.each([
    ['in their order', CHAIN],
    ['newest first', CHAIN.toReversed()]
  ])('is the same in every line of ours, told %s', (_, rows) => {
    const all = facts({ now: new Date(iso('2022-10-01 00:00:00')), records: recordsOf(rows) });
    const lines = [...linesOf(all, calendarOf('UTC')).values()].flat().map(livesIn);
    const before = lines.flatMap((lives) =>
      lives.slice(1).map(({ going }, index) => [going.record.id, lives[index]?.going.record.id])
    );
    expect(Object.fromEntries(before)).toEqual(BEFORE);
    const first = lines.flat().filter(({ going }) => going.first);
    expect(new Set(first.map(({ going }) => going.record.id))).toEqual(new Set([1, 2, 3, 4, 7, 15]));
  });
});

describe('incidents: 7 rows, 6 of the project', () => {
  /** Opened, and the pipeline they blame; the last one belongs to another project. */
  const OPENED = {
    'late in the evening of 13 November': ['2022-11-13 23:37:21', 13],
    'early on 13 November': ['2022-11-13 01:07:21', 13],
    'on 2 November': ['2022-11-02 08:21:09', 13],
    'on 28 November': ['2022-11-28 01:46:47', 13],
    'on 16 November': ['2022-11-16 21:34:01', 13],
    'on 15 September': ['2022-09-15 01:56:16', 3]
  } as const;

  /** Their project is one line to an incident, whatever the repository: scopes 1 and 2, production alone. */
  const PROJECT = CHAIN.filter(
    ([, component, environment]) => environment === 'production' && /^cicd[12]/.test(component)
  ).map(([id, , ...rest]): Row => [id, 'project', ...rest]);
  const WITHOUT_FAILURE = PROJECT.filter(([, , , result]) => result === 'success');

  const toldOf = (rows: readonly Row[], opened: readonly string[]): LedgerFacts =>
    facts({
      now: new Date(iso('2022-12-01 00:00:00')),
      component: 'project',
      records: recordsOf(rows),
      incidents: opened.map((text, index) => incident(index + 1, iso(text), null))
    });

  const blamed = (rows: readonly Row[], ...opened: readonly string[]): readonly number[] =>
    workOf(toldOf(rows, opened)).judged.flatMap(({ going, failure }) =>
      failure === undefined ? [] : [going.record.id]
    );

  test.each(Object.entries(OPENED))('one %s blames the last success before it', (_, [opened, pipeline]) => {
    expect(blamed(WITHOUT_FAILURE, opened)).toEqual([pipeline]);
  });

  const ALL = Object.values(OPENED).map(([opened]) => opened);
  const [FROM, TO] = [iso('2022-09-01 00:00:00'), iso('2022-12-01 00:00:00')];

  test('all six hit two of ten deliveries, each of them once', () => {
    const of = figures(toldOf(WITHOUT_FAILURE, ALL), FROM, TO);
    expect(of('change-fail-rate')).toMatchObject({ part: 2, n: 10, value: 0.2, deliveries: [13, 3] });
    // 3 recovered with 4, a day later; theirs ends with the incident, which has no end in these rows
    expect(of('recovery-time')).toMatchObject({ median: seconds(1, 0, 0, 0), n: 1, extra: 1 });
  });

  test('one that opens while an attempt is breaking is told by the attempt', () => {
    // theirs: number 11, under way from 13 to 22 September, is not looked at, and the incident of the 15th is 3's
    expect(blamed(PROJECT, OPENED['on 15 September'][0])).toEqual([]);
    const of = figures(toldOf(PROJECT, ALL), FROM, TO);
    expect(of('change-fail-rate')).toMatchObject({ part: 1, n: 10, deliveries: [13] });
    expect(of('failed-attempts')).toMatchObject({ part: 1, n: 11, deliveries: [11] });
  });

  test('one at the very moment of a success belongs to it; theirs to the one strictly before', () => {
    expect(blamed(WITHOUT_FAILURE, '2022-09-24 06:51:47')).toEqual([13]);
    expect(blamed(WITHOUT_FAILURE, '2022-09-24 06:51:46')).toEqual([12]);
  });

  test('before the first success there is nobody to blame', () => {
    expect(blamed(WITHOUT_FAILURE, '2022-09-11 06:51:46')).toEqual([]);
  });
});
