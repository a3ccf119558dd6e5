import { describe, expect, test } from '@jest/globals';
import type { DeliveryEntry, DeliveryReport } from '../../../src/domain/report.ts';
import { reportOf } from '../../../src/rules/metrics.ts';
import { HOUR, at, change, facts, figures, incident, lineOf, record, release, workOf } from './story.ts';

const entry = (report: DeliveryReport, id: number): DeliveryEntry | undefined =>
  [...report.deliveries, ...report.attempts].find((each) => each.id === id);

const releases = [
  release('1.0.0', null, [change('a', at('07-01 09:00'))]),
  release('1.1.0', '1.0.0', [change('b', at('07-02 09:00'), { pull: 7 })]),
  release('1.2.0', '1.1.0', [], { document: null, changeCount: 5, publishedAt: at('07-03 10:00') }),
  release('1.3.0', '1.2.0', [change('c', at('07-04 09:00'), { author: 'rui' }), change('d', at('07-04 10:00'))])
];

const both = (version: string, id: number, staging: string, production: string, more = {}) => [
  record({ id, version, at: at(staging), environment: 'staging' }),
  record({ id: id + 1, version, at: at(production), ...more })
];

describe('what is live', () => {
  test('nothing, then a version with its page and whoever let it in', () => {
    expect(lineOf(facts()).live).toEqual({ kind: 'nothing' });
    const live = record({
      id: 1,
      version: '1.0.0',
      at: at('07-01 12:00'),
      state: 'success',
      record: { url: 'https://shop.example' }
    });
    expect(lineOf(facts({ records: [live] })).live).toEqual({
      kind: 'version',
      version: '1.0.0',
      since: at('07-01 12:00'),
      delivery: 1,
      url: 'https://shop.example',
      approvedBy: ['bruno']
    });
  });

  test('a success whose statuses are gone is live since it was asked for', () => {
    const { succeededAt: _, ...bare } = record({ id: 1, version: '1.0.0', at: at('07-01 12:00'), state: 'success' });
    expect(lineOf(facts({ records: [bare] })).live).toMatchObject({
      kind: 'version',
      since: at('07-01 12:00'),
      url: null
    });
  });

  test('a delivery that broke leaves it unknown', () => {
    const broken = record({ id: 2, version: '1.1.0', at: at('07-02 12:00'), state: 'failure' });
    expect(lineOf(facts({ records: [broken] })).live).toEqual({
      kind: 'unknown',
      version: '1.1.0',
      since: at('07-02 12:00'),
      delivery: 2
    });
    const { endedAt: _, ...endless } = broken;
    expect(lineOf(facts({ records: [endless] })).live).toMatchObject({ kind: 'unknown', since: at('07-02 12:00') });
  });

  test('while one is under way, the one before it is live, and what runs is told apart', () => {
    const [before, running] = [
      record({ id: 1, version: '1.0.0', at: at('07-01 12:00'), state: 'success' }),
      record({ id: 2, version: '1.1.0', at: at('07-02 12:00'), state: 'in_progress' })
    ];
    const queued = record({ id: 3, version: '1.2.0', at: at('07-02 12:30'), state: 'queued' });
    const { startedAt: _, ...waiting } = queued;
    const line = lineOf(facts({ records: [before, running, waiting] }));
    expect(line.live).toMatchObject({ kind: 'version', version: '1.0.0' });
    expect(line.open).toMatchObject({ delivery: 2, version: '1.1.0', state: 'in_progress', since: at('07-02 12:00') });
    expect(lineOf(facts({ records: [before, waiting] })).open).toMatchObject({
      state: 'queued',
      since: at('07-02 12:30')
    });
    expect(lineOf(facts({ records: [before] })).open).toBeNull();
  });
});

describe('entries', () => {
  const { succeededAt: _, ...withdrawn } = record({ id: 6, version: '1.2.0', at: at('07-03 12:10') });
  const records = [
    ...both('1.0.0', 1, '07-01 10:00', '07-01 12:00'),
    ...both('1.1.0', 3, '07-02 10:00', '07-02 12:00'),
    record({ id: 5, version: '1.2.0', at: at('07-03 12:00'), state: 'error' }),
    withdrawn,
    record({ id: 7, version: '1.3.0', at: at('07-04 12:00'), payload: { manualTouches: 0, approvedBy: [] } })
  ];
  const report = reportOf(facts({ records, releases }));

  test('say what each delivery brought, and how much of it is known', () => {
    expect(entry(report, 4)).toMatchObject({
      version: '1.1.0',
      outcome: 'live',
      changeCount: 1,
      changesKnown: true,
      changes: [{ leadSeconds: 3 * HOUR, mergeSeconds: 3 * HOUR }],
      leadTime: { median: 3 * HOUR, p90: 3 * HOUR, n: 1 },
      waitSeconds: 2 * HOUR,
      releaseUrl: 'https://github.com/acme/shop/releases/tag/v1.1.0',
      commitUrl: `https://github.com/acme/shop/commit/${'c'.repeat(40)}`
    });
    // the document of 1.2.0 was not read: what is known of the way back is told, and that it is not all
    expect(entry(report, 7)).toMatchObject({ changesKnown: false, changeCount: 2, waitSeconds: null });
    expect(entry(report, 2)).toMatchObject({ first: true, changes: [], leadTime: null, changesKnown: false });
  });

  test('keep what never went live apart', () => {
    expect(report.attempts.map(({ id, outcome, durationSeconds }) => [id, outcome, durationSeconds])).toEqual([
      [6, 'withdrawn', null],
      [5, 'failed', 0]
    ]);
  });

  test('name each change once, with the version that brought it', () => {
    expect(report.changes.map(({ version, pull }) => [version, pull?.number ?? null])).toEqual([
      ['1.3.0', null],
      ['1.3.0', null],
      ['1.1.0', 7],
      ['1.0.0', null]
    ]);
    expect(report.changes[2]?.pull?.url).toBe('https://github.com/acme/shop/pull/7');
  });

  test('tell releases that were not read as such', () => {
    expect(
      report.releases.map(({ version, previous, changes }) => [version, previous, changes?.length ?? null])
    ).toEqual([
      ['1.3.0', '1.2.0', 2],
      ['1.2.0', null, null],
      ['1.1.0', '1.0.0', 1],
      ['1.0.0', null, 1]
    ]);
  });

  test('a version delivered to production without a proof waited for nobody knows how long', () => {
    expect(entry(report, 7)?.waitSeconds).toBeNull();
    const of = figures(facts({ records, releases }), at('06-25 00:00'), at('07-10 00:00'));
    expect(of('approval-wait')).toMatchObject({ n: 2, median: 2 * HOUR });
    expect(of('unattended')).toMatchObject({ part: 1, n: 3, deliveries: [7] });
    expect(of('manual-touches')).toMatchObject({ median: 1, n: 3, target: 2 });
    expect(of('batch-size')).toMatchObject({ median: 1.5, n: 2 });
  });

  test('a record that broke in the same second as another is told in the order of the records', () => {
    const twins = [1, 2].map((id) => record({ id, version: '1.0.0', at: at('07-01 12:00'), state: 'failure' }));
    const back = record({ id: 3, version: '1.0.0', at: at('07-01 13:00'), kind: 'rollback' });
    const { deliveries, attempts } = reportOf(facts({ records: [...twins, back] }));
    expect([deliveries.map(({ id }) => id), attempts.map(({ id }) => id)]).toEqual([[3, 2], [1]]);
  });

  test('two that succeeded in the same second are told in the order of the records', () => {
    const twins = [2, 1].map((id) => record({ id, version: `1.${id}.0`, at: at('07-01 12:00') }));
    const { deliveries } = reportOf(facts({ records: twins }));
    expect(deliveries.map(({ id, first }) => [id, first])).toEqual([
      [2, false],
      [1, true]
    ]);
  });
});

describe('stock', () => {
  const told = (more: object = {}) =>
    facts({
      records: [
        ...both('1.1.0', 1, '07-02 10:00', '07-02 12:00', { state: 'success' }),
        record({ id: 3, version: '1.3.0', at: at('07-04 12:00'), environment: 'staging', state: 'success' })
      ],
      releases,
      ...more
    });

  test('counts what was not read, and names the rest', () => {
    expect(lineOf(told()).waiting).toEqual({
      version: '1.3.0',
      releases: 2,
      changes: 7,
      commits: ['c'.padEnd(40, '0'), 'd'.padEnd(40, '0')],
      authors: ['rui', 'ana'],
      changeDays: 31.2,
      oldest: at('07-04 09:00'),
      oldestSeconds: 375 * HOUR,
      run: null
    });
  });

  test('shows the run that waits, the newest proven version first', () => {
    const page = 'https://github.com/acme/shop/actions/runs/1003';
    const run = { version: '1.3.0', url: page, since: at('07-04 12:00'), waitedSeconds: 372 * HOUR };
    expect(lineOf(told({ waitingRuns: new Map([[1003, page]]) })).waiting?.run).toEqual(run);
    expect(lineOf(told({ waitingRuns: new Map([[4, page]]) })).waiting?.run).toBeNull();
  });

  test('is nothing when the newest is live, and all there is when nothing ever was', () => {
    const live = record({ id: 9, version: '1.3.0', at: at('07-05 12:00'), state: 'success' });
    expect(lineOf(facts({ records: [live], releases })).waiting).toMatchObject({
      version: null,
      releases: 0,
      changes: 0,
      changeDays: null,
      oldest: null,
      oldestSeconds: null
    });
    expect(lineOf(facts({ releases })).waiting).toMatchObject({ version: '1.3.0', releases: 4, changes: 9 });
  });
});

describe('the way of a version', () => {
  const told = facts({
    records: [
      ...both('1.0.0', 1, '07-01 10:00', '07-01 12:00'),
      record({ id: 3, version: '1.1.0', at: at('07-02 10:00'), environment: 'staging' }),
      record({ id: 4, version: '1.1.0', at: at('07-02 12:00'), state: 'failure' }),
      record({ id: 5, version: '1.2.0', at: at('07-03 11:00'), environment: 'staging', state: 'success' }),
      record({ id: 6, version: '1.3.0', at: at('07-04 11:00'), environment: 'staging', state: 'in_progress' })
    ],
    releases
  });

  test('runs from the first commit through each environment, with what waits', () => {
    const ways = reportOf(told).journeys.map(({ version, changes, steps }) => [
      version,
      changes,
      ...steps.map(({ kind, environment, state, seconds }) => [kind, environment, state, seconds / HOUR])
    ]);
    expect(ways).toEqual([
      ['1.3.0', 2, ['build', null, 'done', 1], ['wait', 'staging', 'done', 1], ['deliver', 'staging', 'running', 373]],
      [
        '1.2.0',
        5,
        ['wait', 'staging', 'done', 1],
        ['deliver', 'staging', 'done', 0],
        ['wait', 'production', 'waiting', 397]
      ],
      [
        '1.1.0',
        1,
        ['build', null, 'done', 0],
        ['wait', 'staging', 'done', 1],
        ['deliver', 'staging', 'done', 0],
        ['wait', 'production', 'done', 2],
        ['deliver', 'production', 'failed', 0]
      ],
      [
        '1.0.0',
        1,
        ['build', null, 'done', 0],
        ['wait', 'staging', 'done', 1],
        ['deliver', 'staging', 'done', 0],
        ['wait', 'production', 'done', 2],
        ['deliver', 'production', 'done', 0]
      ]
    ]);
  });

  test('what was overtaken waits no longer, and what was withdrawn never began', () => {
    const { succeededAt: _, ...withdrawn } = record({ id: 3, version: '1.1.0', at: at('07-02 11:00') });
    const { endedAt: __, ...endless } = record({
      id: 5,
      version: '1.1.0',
      at: at('07-02 11:00'),
      state: 'error',
      environment: 'staging'
    });
    const stepsOf = (records: readonly ReturnType<typeof record>[]) =>
      reportOf(facts({ records, releases: releases.slice(0, 2) })).journeys[0]?.steps.map(({ kind, state }) => [
        kind,
        state
      ]);
    const proven = record({ id: 1, version: '1.1.0', at: at('07-02 10:00'), environment: 'staging' });
    const newer = record({ id: 4, version: '1.2.0', at: at('07-03 10:00'), state: 'success' });
    const reached = [
      ['build', 'done'],
      ['wait', 'done'],
      ['deliver', 'done']
    ];
    expect(stepsOf([proven, newer])).toEqual(reached);
    expect(stepsOf([proven, withdrawn])).toEqual([...reached, ['wait', 'waiting']]);
    expect(stepsOf([endless])).toEqual([
      ['build', 'done'],
      ['wait', 'done'],
      ['deliver', 'failed']
    ]);
    expect(stepsOf([])).toEqual([
      ['build', 'done'],
      ['wait', 'waiting']
    ]);
  });

  test('at most ten, the newest', () => {
    const many = Array.from({ length: 12 }, (_, n) => release(`1.${n}.0`, null, []));
    expect(
      reportOf(facts({ releases: many }))
        .journeys.map(({ version }) => version)
        .slice(0, 2)
    ).toEqual(['1.11.0', '1.10.0']);
    expect(reportOf(facts({ releases: many })).journeys).toHaveLength(10);
    expect(reportOf(facts({ environments: [], releases: many })).journeys).toEqual([]);
  });
});

describe('components', () => {
  const api = { payload: { tag: 'api/v2.0.0' } };
  const records = [
    record({ id: 1, version: '1.0.0', at: at('07-01 12:00'), state: 'success' }),
    record({ id: 2, version: '2.0.0', at: at('07-02 12:00'), state: 'success', ...api })
  ];
  const two = [release('1.0.0', null, []), release('2.0.0', null, [], { component: 'api', tag: 'api/v2.0.0' })];

  test('stand beside each other, the one of delivery.yml first, and count for themselves', () => {
    const report = reportOf(facts({ records, releases: two }));
    const lines = report.environments[1]?.lines.map(({ component, live, windows }) => [
      component,
      live.kind === 'version' ? live.version : live.kind,
      windows[0]?.figures[0]?.n
    ]);
    expect(lines).toEqual([
      ['', '1.0.0', 1],
      ['api', '2.0.0', 1]
    ]);
    expect(report.releases.map(({ component }) => component)).toEqual(['', 'api']);
    expect(report.deliveries.map(({ component }) => component)).toEqual(['api', '']);
    expect(report.journeys.map(({ component }) => component)).toEqual(['', 'api']);
  });
});

describe('incidents', () => {
  const live = record({ id: 1, version: '1.0.0', at: at('07-01 12:00') });

  test('that a broken attempt caused are told by the attempt, wherever it was', () => {
    const broken = record({
      id: 2,
      version: '1.1.0',
      at: at('07-02 12:00'),
      environment: 'staging',
      state: 'failure',
      record: { endedAt: at('07-02 12:10') }
    });
    const failedBy = (opened: string) =>
      workOf(facts({ records: [live, broken], incidents: [incident(1, at(opened), null)] })).judged[0]?.failure;
    expect(failedBy('07-02 12:05')).toBeUndefined();
    expect(failedBy('07-02 12:11')).toMatchObject({ causes: ['incident'], recovery: undefined, seconds: 444 * HOUR });
  });

  test('that began before an attempt was even started are not its own', () => {
    const {
      startedAt: _,
      endedAt: __,
      ...queued
    } = record({ id: 2, version: '1.1.0', at: at('07-02 12:00'), state: 'queued' });
    const failure = (opened: string) =>
      workOf(facts({ records: [live, queued], incidents: [incident(1, at(opened), null)] })).judged[0]?.failure;
    expect([failure('07-02 11:00')?.causes, failure('07-03 11:00')]).toEqual([['incident'], undefined]);
  });

  test('do not blame an environment that others need', () => {
    const staging = record({ id: 1, version: '1.0.0', at: at('07-01 12:00'), environment: 'staging' });
    const told = facts({ records: [staging], incidents: [incident(1, at('07-01 13:00'), null)] });
    expect(workOf(told, 'staging').judged[0]?.failure).toBeUndefined();
    expect(reportOf(told).incidents).toHaveLength(1);
  });
});

describe('rollbacks', () => {
  test('the first record may be one, to a version nobody saw before', () => {
    const first = record({ id: 1, version: '1.0.0', at: at('07-01 12:00'), kind: 'rollback' });
    expect(workOf(facts({ records: [first] })).judged[0]).toMatchObject({ rework: 'rollback', failure: undefined });
  });

  test('to a version nobody saw before blame the delivery before', () => {
    const [before, back] = [
      record({ id: 1, version: '1.5.0', at: at('07-01 12:00') }),
      record({ id: 2, version: '1.4.0', at: at('07-02 12:00'), kind: 'rollback' })
    ];
    const [failed, rollback] = workOf(facts({ records: [before, back] })).judged;
    expect(failed?.failure).toMatchObject({ causes: ['rollback'], seconds: 24 * HOUR });
    expect(rollback?.cargo).toEqual({ arrivals: [], count: 0, known: true });
  });
});

test('the quick check needs all five figures, and scores them', () => {
  const records = [
    record({ id: 1, version: '1.0.0', at: at('07-01 12:00') }),
    record({ id: 2, version: '1.1.0', at: at('07-02 12:00') }),
    record({ id: 3, version: '1.0.0', at: at('07-02 12:30'), kind: 'rollback' })
  ];
  const [month] = lineOf(facts({ records, releases })).windows;
  // 3 h, three in 30 days, half an hour, a third, a third
  expect(month?.quickCheck).toEqual({ throughput: 7.33, stability: 6.67, overall: 7.07 });
});
