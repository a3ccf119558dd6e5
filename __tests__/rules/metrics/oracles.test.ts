import { describe, expect, test } from '@jest/globals';
import { frequencyScore, meanScores, quickCheckOf, shareScore, timeScore } from '../../../src/rules/quick-check.ts';
import { spreadOf } from '../../../src/rules/spread.ts';
import { HOUR, at, change, facts, figures, incident, lineOf, record, release, workOf } from './story.ts';
import type { Told } from './story.ts';

const MINUTE = 60;
const [FROM, TO] = [at('06-01 00:00'), at('07-20 00:00')];

/** One after the other, a day apart. */
const daily = (...versions: readonly string[]): readonly Told[] =>
  versions.map((version, index) => ({ id: index + 1, version, at: at(`07-0${index + 1} 12:00`) }));

const failedIn = (told: readonly Told[], incidents = facts().incidents): readonly number[] =>
  workOf(facts({ records: told.map(record), incidents })).judged.flatMap(({ going, failure }) =>
    failure === undefined ? [] : [going.record.id]
  );

const minutesAfter = (from: string, minutes: number): string =>
  new Date(Date.parse(from) + minutes * 60_000).toISOString();

describe('Datadog', () => {
  test('V1, V2, V3, V1: V2 is the failure, and the rollback ends it', () => {
    const told = daily('1.0.0', '2.0.0', '3.0.0', '1.0.0');
    expect(failedIn(told)).toEqual([2]);
    const [, failed] = workOf(facts({ records: told.map(record) })).judged;
    expect(failed?.failure).toMatchObject({ causes: ['rollback'], seconds: 48 * HOUR });
  });

  test('V1, V1 is not a rollback', () => {
    const told = daily('1.0.0', '1.0.0');
    expect(failedIn(told)).toEqual([]);
    expect(workOf(facts({ records: told.map(record) })).judged.map(({ going }) => going.redeploy)).toEqual([
      false,
      true
    ]);
  });

  test('commits at 15:00 and 16:00, deployed at 19:00: 3 h and 4 h, 3.5 h in the middle', () => {
    const releases = [
      release('1.0.0', null, []),
      release('1.1.0', '1.0.0', [change('a', at('07-02 15:00')), change('b', at('07-02 16:00'))])
    ];
    const records = [
      record({ id: 1, version: '1.0.0', at: at('07-01 12:00') }),
      record({ id: 2, version: '1.1.0', at: at('07-02 19:00') })
    ];
    const [, second] = workOf(facts({ records, releases })).judged;
    expect(second?.cargo.arrivals.map(({ leadSeconds }) => leadSeconds)).toEqual([4 * HOUR, 3 * HOUR]);
    expect(figures(facts({ records, releases }), FROM, TO)('lead-time').median).toBe(3.5 * HOUR);
  });
});

describe('DevLake', () => {
  const merged = at('07-05 12:00');
  const first = record({ id: 1, version: '1.0.0', at: at('06-20 12:00') });
  const leadOf = (begunAt: string, date: string, live: string) => {
    const releases = [release('1.0.0', null, []), release('1.1.0', '1.0.0', [change('a', date, { begunAt })])];
    const records = [first, record({ id: 2, version: '1.1.0', at: live })];
    return workOf(facts({ records, releases })).judged.at(1)?.cargo.arrivals.at(0);
  };

  test('a pull request of 1440 + 60 + 2978 minutes takes 4478, from its first commit', () => {
    const arrival = leadOf(minutesAfter(merged, -1500), merged, minutesAfter(merged, 2978));
    expect(arrival).toMatchObject({ leadSeconds: 4478 * MINUTE, mergeSeconds: 2978 * MINUTE });
  });

  test('one of 1538 minutes', () => {
    expect(leadOf(minutesAfter(merged, -60), merged, minutesAfter(merged, 1478))?.leadSeconds).toBe(1538 * MINUTE);
  });

  test('live 1403 minutes before its merge: never negative', () => {
    expect(leadOf(merged, merged, minutesAfter(merged, -1403))).toMatchObject({ leadSeconds: 0, mergeSeconds: 0 });
  });

  test('recovery: deployed 10:00, incident 10:20, resolved 11:00 is 60 minutes', () => {
    const told = facts({
      records: [record({ id: 1, version: '1.0.0', at: at('07-05 10:00'), state: 'success' })],
      incidents: [incident(1, at('07-05 10:20'), at('07-05 11:00'))]
    });
    expect(figures(told, FROM, TO)('recovery-time')).toMatchObject({ median: 60 * MINUTE, n: 1, extra: 0 });
  });
});

describe('Middleware', () => {
  const two = daily('1.0.0', '2.0.0');
  const rate = (opened: string): number | null => {
    const told = facts({ records: two.map(record), incidents: [incident(1, opened, null)] });
    return figures(told, FROM, TO)('change-fail-rate').value;
  };

  test.each([
    ['before', '06-30 12:00', 0],
    ['between', '07-01 18:00', 0.5],
    ['after', '07-02 18:00', 0.5]
  ])('an incident %s two deployments', (_, opened, expected) => {
    expect(rate(at(opened))).toBe(expected);
  });

  test('an incident at the very moment belongs to the newer deployment', () => {
    expect(failedIn(two, [incident(1, at('07-02 12:00'), null)])).toEqual([2]);
  });

  test('six deployments, seven incidents that hit four', () => {
    const six = daily('1.0.0', '1.1.0', '1.2.0', '1.3.0', '1.4.0', '1.5.0');
    const days = ['01', '01', '02', '04', '04', '04', '06'];
    const incidents = days.map((day, index) => incident(index, at(`07-${day} 1${index + 3}:00`), null));
    const told = facts({ records: six.map(record), incidents });
    expect(figures(told, FROM, TO)('change-fail-rate').value).toBeCloseTo(0.6667, 4);
  });

  test('weeks of 2, 0, 4 and 0 deployments are all there', () => {
    const days = ['06-23', '06-24', '07-06', '07-07', '07-08', '07-12'];
    const records = days.map((day, index) =>
      record({ id: index + 1, version: `1.${index}.0`, at: at(`${day} 12:00`) })
    );
    const told = facts({ records, now: new Date(at('07-15 00:00')) });
    expect(lineOf(told).weeks.map(({ deployments }) => deployments)).toEqual([2, 0, 4, 0]);
  });
});

/** So many deployments, these of them with an incident of their own. */
const rateOf = (count: number, failing: readonly number[]): number | null => {
  const hour = (index: number): string => minutesAfter(at('07-01 00:00'), index * 60);
  const records = Array.from({ length: count }, (_, index) =>
    record({ id: index + 1, version: `1.${index}.0`, at: hour(index) })
  );
  const incidents = failing.map((index) => incident(index, minutesAfter(hour(index), 5), null));
  return figures(facts({ records, incidents }), FROM, TO)('change-fail-rate').value;
};

describe('others', () => {
  test('GitLab: three of ten', () => {
    expect(rateOf(10, [1, 4, 7])).toBe(0.3);
  });

  test('Sleuth: two failing of twenty are 10 %', () => {
    expect(rateOf(20, [3, 4])).toBe(0.1);
  });
});

describe('Quick Check of DORA', () => {
  test('the benchmarks of 2025 have a mean of 6.72', () => {
    const scores = { lead: 5.5, frequency: 4.8, recovery: 7.4, failRate: shareScore(0.19), rework: shareScore(0.22) };
    expect(meanScores(scores)).toEqual({ throughput: 5.9, stability: 7.95, overall: 6.72 });
  });

  test.each([
    [200 * 24, 0],
    [40 * 24, 2],
    [8 * 24, 4],
    [25, 6],
    [2, 8],
    [0.5, 10]
  ])('%d hours score %d', (hours, score) => {
    expect(timeScore(hours * HOUR)).toBe(score);
  });

  test.each([
    [1 / 200, 0],
    [1 / 60, 2],
    [1 / 10, 4],
    [1 / 2, 6],
    [5, 8],
    [30, 10]
  ])('%d a day score %d', (perDay, score) => {
    expect(frequencyScore(perDay)).toBe(score);
  });

  test('needs all five figures', () => {
    expect(quickCheckOf([])).toBeNull();
  });
});

describe('spread', () => {
  test('no values are no data', () => {
    expect(spreadOf([])).toBeUndefined();
  });

  test.each([
    [[5], 5, 5],
    [[4, 3], 3.5, 4],
    [[6, 2, 24, 3, 6, 24, 0.5], 6, 24],
    [[1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 5.5, 9]
  ])('of %j', (values, median, p90) => {
    expect(spreadOf(values)).toEqual({ median, p90, n: values.length });
  });
});
