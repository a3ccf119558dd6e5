import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { DeliveryReport, Week } from '../../../src/domain/report.ts';
import { niceCount, niceSpan } from '../../../src/report/dashboard/charts/frame.ts';
import { sampleReport } from '../../fakes/delivery-report.ts';
import { read, sectionOf, withClass, withLine, withName } from './sections.ts';
import { elementsOf } from './strict-html.ts';
import type { Element } from './strict-html.ts';

const DAY = 86_400;
const base = sampleReport({ deliveries: 2 });

const weekOf = (index: number, over: Partial<Week>): Week => ({
  week: `2026-W${index + 10}`,
  from: new Date(Date.UTC(2026, 2, 2 + 7 * index, 3)).toISOString(),
  to: new Date(Date.UTC(2026, 2, 9 + 7 * index, 3)).toISOString(),
  deployments: 0,
  failed: 0,
  attempts: 0,
  changes: 0,
  leadMedian: null,
  leadP90: null,
  deliveries: Array.from({ length: over.deployments ?? 0 }, (_, at) => at),
  ...over
});

const drawn = (weeks: readonly Partial<Week>[]): DeliveryReport =>
  withLine(base, 'production', (line) => ({ ...line, weeks: weeks.map((week, index) => weekOf(index, week)) }));

const chartsOf = (of: DeliveryReport): Element[] => withClass(sectionOf(of, 'metrics'), 'chart');
const marks = (chart: Element | undefined, look: string): Element[] =>
  chart === undefined ? [] : withClass(chart, look);

test('scales end at numbers people round to', () => {
  expect([0, 1, 2, 3, 7, 11, 40, 99, 501].map(niceCount)).toEqual([1, 1, 2, 5, 10, 20, 50, 100, 1000]);
  expect([0, 200, 4000, 5 * 3600, DAY + 1, 6 * DAY, 200 * DAY].map((span) => niceSpan(span) / 60)).toEqual([
    5,
    5,
    120,
    480,
    2 * 1440,
    7 * 1440,
    200 * 1440
  ]);
  fc.assert(fc.property(fc.nat(), (value) => niceCount(value) >= value && niceSpan(value) >= value));
});

describe('the weeks', () => {
  const week = { deployments: 4, failed: 1, changes: 8, leadMedian: DAY, leadP90: 2 * DAY };

  test('failed deliveries are marked by a pattern and a cross, not by colour alone', () => {
    const [chart] = chartsOf(drawn([week, { ...week, failed: 0 }]));
    expect(marks(chart, 'fill')).toHaveLength(2);
    expect(marks(chart, 'failed')).toHaveLength(1);
    expect(marks(chart, 'cross')).toHaveLength(1);
  });

  test('a week without data ends the line of the lead time instead of drawing it to 0', () => {
    const [, chart] = chartsOf(drawn([week, week, {}, week, week, week]));
    expect(marks(chart, 'line')).toHaveLength(2);
    expect(marks(chart, 'band')).toHaveLength(2);
    expect(marks(chart, 'dot')).toHaveLength(5);
  });

  test('a week alone shows its spread as a stroke', () => {
    const [, chart] = chartsOf(drawn([week, {}, week]));
    expect(marks(chart, 'whisker')).toHaveLength(2);
    expect(marks(chart, 'line')).toHaveLength(0);
  });

  test('the newest thirteen are shown, and the table says the same in words', () => {
    const section = sectionOf(drawn(Array.from({ length: 30 }, () => week)), 'metrics');
    const rows = withClass(section, 'weeks').flatMap((table) => withName(table, 'tr').slice(1).map(read));
    expect(rows).toHaveLength(13);
    expect(rows[0]).toBe('21 Sept 2026 4 1 1 day 2 days 2 25%');
    const empty = sectionOf(drawn([week, {}]), 'metrics');
    expect(withClass(empty, 'weeks').flatMap((table) => withName(table, 'tr').map(read))[1]).toBe(
      '09 Mar 2026 0 no data no data no data no data no data'
    );
  });

  test('each picture says in words what is newest', () => {
    const labels = chartsOf(drawn([week])).map(({ attributes }) => attributes['aria-label']);
    expect(labels).toEqual([
      'Deliveries. Newest week: 4 deliveries',
      'Change lead time. Newest week: 1 day',
      'Changes per delivery. Newest week: 2 changes; Fail rate: 25%'
    ]);
  });

  test('what was taken back is one of those that failed, and none of the good ones', () => {
    const section = sectionOf(drawn([{ ...week, deployments: 3, changes: 6, deliveries: [1, 2, 3, 4] }]), 'metrics');
    const rows = withClass(section, 'weeks').flatMap((table) => withName(table, 'tr').slice(1).map(read));
    expect(rows).toEqual(['02 Mar 2026 4 1 1 day 2 days 2 25%']);
  });

  test('a week in which all was taken back is no week without deliveries', () => {
    const report = drawn([{ deployments: 0, failed: 1, deliveries: [1] }]);
    const [chart] = chartsOf(report);
    expect([marks(chart, 'failed').length, chart?.attributes['aria-label']]).toEqual([
      1,
      'Deliveries. Newest week: 1 delivery'
    ]);
    const tables = withClass(sectionOf(report, 'metrics'), 'weeks');
    expect(tables.flatMap((table) => withName(table, 'tr').map(read))[1]).toBe(
      '02 Mar 2026 1 1 no data no data no data 100%'
    );
  });

  const anyWeek = fc.record({
    deployments: fc.nat(500),
    failed: fc.nat(3),
    changes: fc.nat(5000),
    leadMedian: fc.option(fc.nat(10_000_000)),
    leadP90: fc.option(fc.nat(100_000_000))
  });
  const NUMBERS = ['x', 'y', 'cx', 'cy', 'width', 'height', 'd'];

  test('whatever the weeks say, every mark stays inside its picture', () => {
    fc.assert(
      fc.property(fc.array(anyWeek, { minLength: 1, maxLength: 20 }), (weeks) => {
        for (const chart of chartsOf(
          drawn(weeks.map((each) => ({ ...each, failed: Math.min(each.failed, each.deployments) })))
        )) {
          const [, , width = 0, height = 0] = (chart.attributes['viewBox'] ?? '').split(' ').map(Number);
          const numbers = elementsOf(chart)
            .slice(1)
            .flatMap(({ attributes }) =>
              NUMBERS.flatMap((name) => (attributes[name] ?? '').match(/-?[\d.]+|NaN|Infinity/g) ?? [])
            )
            .map(Number);
          // Crosses are drawn by steps of 6 back and forth.
          expect(numbers.filter((number) => !(number >= -6 && number <= Math.max(width, height)))).toEqual([]);
        }
      }),
      { numRuns: 25 }
    );
  });
});
