import { describe, expect, test } from '@jest/globals';
import { reportOf } from '../../../src/rules/metrics.ts';
import { HOUR, at, change, facts, figures, incident, lineOf, record, release, workOf } from './story.ts';

const DATES = [
  '07-02 09:00',
  '07-06 09:00',
  '07-06 13:00',
  '07-07 10:00',
  '07-09 08:00',
  '07-10 09:00',
  '07-13 09:00',
  '07-14 10:30',
  '07-16 09:00'
];

/** Version 1.N.0 holds commit cN alone; c7 is the hotfix. */
const releases = DATES.map((date, n) =>
  release(`1.${n}.0`, n === 0 ? null : `1.${n - 1}.0`, [
    change(`c${n}`, at(date), n === 7 ? { type: 'hotfix', mends: 'hotfix' } : {})
  ])
);

const records = [
  record({ id: 1, version: '1.0.0', at: at('07-03 12:00') }),
  record({ id: 2, version: '1.2.0', at: at('07-06 15:00') }),
  record({ id: 3, version: '1.3.0', at: at('07-08 10:00') }),
  record({ id: 4, version: '1.4.0', at: at('07-09 09:00'), state: 'failure' }),
  record({ id: 5, version: '1.4.0', at: at('07-09 11:00') }),
  record({ id: 6, version: '1.3.0', at: at('07-09 12:30'), kind: 'rollback' }),
  record({ id: 7, version: '1.5.0', at: at('07-10 15:00') }),
  record({ id: 8, version: '1.6.0', at: at('07-14 09:00') }),
  record({ id: 9, version: '1.7.0', at: at('07-14 11:00'), state: 'success' }),
  record({ id: 10, version: '1.8.0', at: at('07-16 09:30'), environment: 'staging', state: 'success' })
];

const incidents = [
  incident(1, at('07-09 12:00'), at('07-09 13:00')),
  incident(2, at('07-14 10:00'), at('07-14 11:15')),
  incident(3, at('07-14 10:20'), at('07-14 11:15'))
];

const golden = facts({ records, releases, incidents });
const of = figures(golden, at('07-06 00:00'), at('07-20 00:00'));

describe('the golden history', () => {
  test('deployments, per day, deploy-days', () => {
    expect(of('deployments')).toMatchObject({ n: 7, value: 0.5, extra: 5, deliveries: [9, 8, 7, 6, 5, 3, 2] });
  });

  test('lead time', () => {
    expect(of('lead-time')).toMatchObject({ n: 7, median: 6 * HOUR, p90: 24 * HOUR, deliveries: [9, 8, 7, 5, 3, 2] });
    const leads = workOf(golden).judged.flatMap(({ cargo }) => cargo.arrivals.map(({ leadSeconds }) => leadSeconds));
    expect(leads.map((seconds) => seconds / HOUR)).toEqual([6, 2, 24, 3, 6, 24, 0.5]);
  });

  test('change fail rate', () => {
    expect(of('change-fail-rate')).toMatchObject({ value: 2 / 7, part: 2, n: 7, deliveries: [8, 5] });
  });

  test('recovery', () => {
    expect(of('recovery-time')).toMatchObject({ median: 1.75 * HOUR, n: 2, extra: 0, deliveries: [8, 5] });
    const failures = reportOf(golden).deliveries.flatMap(({ id, failure }) =>
      failure === null ? [] : [{ id, ...failure }]
    );
    expect(failures).toMatchObject([
      { id: 8, causes: ['hotfix', 'incident'], recoveredBy: 9, seconds: 2 * HOUR },
      { id: 5, causes: ['rollback', 'incident'], recoveredBy: 6, seconds: 1.5 * HOUR }
    ]);
  });

  test('rework', () => {
    expect(of('rework-rate')).toMatchObject({ value: 2 / 7, part: 2, n: 7, deliveries: [9, 6] });
  });

  test('failed attempts', () => {
    expect(of('failed-attempts')).toMatchObject({ value: 1 / 8, part: 1, n: 8, deliveries: [4] });
  });

  test('new changes of each deployment', () => {
    const counts = workOf(golden).judged.map(({ going, cargo }) => (going.first ? null : cargo.count));
    expect(counts).toEqual([null, 2, 1, 1, 0, 1, 1, 1]);
  });

  test('undelivered', () => {
    expect(lineOf(golden).waiting).toMatchObject({
      version: '1.8.0',
      releases: 1,
      changes: 1,
      commits: ['c8'.padEnd(40, '0')],
      authors: ['ana'],
      oldestSeconds: 87 * HOUR,
      changeDays: 3.6
    });
    expect(lineOf(golden, 'staging').waiting).toBeNull();
  });

  test('staging is not production', () => {
    expect(lineOf(golden, 'staging').windows[0]?.figures[0]).toMatchObject({ n: 1, deliveries: [10] });
  });

  test('weeks', () => {
    expect(
      lineOf(golden).weeks.map(({ week, deployments, failed, attempts }) => [week, deployments, failed, attempts])
    ).toEqual([
      ['2026-W27', 1, 0, 0],
      ['2026-W28', 5, 1, 1],
      ['2026-W29', 2, 1, 0],
      ['2026-W30', 0, 0, 0]
    ]);
  });
});
