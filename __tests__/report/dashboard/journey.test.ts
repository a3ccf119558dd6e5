import { describe, expect, test } from '@jest/globals';
import type { DeliveryReport, JourneyStep } from '../../../src/domain/report.ts';
import { sampleReport } from '../../fakes/delivery-report.ts';
import { elementsOf } from './strict-html.ts';
import { read, sectionOf, withClass, withName } from './sections.ts';

const base = sampleReport({ deliveries: 3, waiting: false });

const step = (
  kind: JourneyStep['kind'],
  from: string,
  to: string | null,
  over: Partial<JourneyStep> = {}
): JourneyStep => ({
  kind,
  environment: kind === 'build' ? null : 'production',
  state: 'done',
  from: `2026-11-20T${from}:00Z`,
  to: to === null ? null : `2026-11-20T${to}:00Z`,
  seconds: (Date.parse(`2026-11-20T${to ?? '20:00'}:00Z`) - Date.parse(`2026-11-20T${from}:00Z`)) / 1000,
  delivery: null,
  ...over
});

const going = (steps: readonly JourneyStep[], merged?: string): DeliveryReport => {
  const [release] = base.releases;
  const [change] = base.changes;
  if (release === undefined || change === undefined) throw new Error('no release');
  return {
    ...base,
    releases: [{ ...release, changes: [change.commit] }],
    changes: [{ ...change, date: merged === undefined ? '2030-01-01T00:00:00Z' : `2026-11-20T${merged}:00Z` }],
    journeys: [{ component: '', version: release.version, changes: 1, steps }]
  };
};

const steps = (of: DeliveryReport): string[] =>
  withName(withClass(sectionOf(of, 'journey'), 'way')[0] ?? sectionOf(of, 'journey'), 'li').map(read);
const whole = [step('build', '08:00', '12:00'), step('wait', '12:00', '18:00'), step('deliver', '18:00', '18:30')];

describe('the way of a version', () => {
  test('goes from the first commit by the merge to the release, then environment by environment', () => {
    expect(steps(going(whole, '11:00'))).toEqual([
      'First commit to merge 3 h 20 Nov 2026, 05:00',
      'Merge to release 1 h 20 Nov 2026, 08:00',
      'Wait before production 6 h 20 Nov 2026, 09:00',
      'Delivery to production 30 min 20 Nov 2026, 15:00'
    ]);
  });

  test('is not split where the merge is not known', () => {
    expect(steps(going(whole))[0]).toBe('First commit to release 4 h 20 Nov 2026, 05:00');
  });

  test('says how much of it was waiting, and whether it is over', () => {
    expect(read(sectionOf(going(whole, '11:00'), 'journey'))).toContain('10 h 30 min in all, 57% of it waiting.');
    const still = [step('build', '08:00', '12:00'), step('wait', '12:00', null, { state: 'waiting' })];
    expect(read(sectionOf(going(still), 'journey'))).toContain('12 h so far, 67% of it waiting.');
    expect(steps(going(still)).at(-1)).toContain('8 h so far');
    const failed = [step('deliver', '08:00', '12:00', { state: 'failed' })];
    expect(steps(going(failed))).toEqual(['Delivery to production 4 h failed 20 Nov 2026, 05:00']);
  });

  test('the bar shows the same parts, as wide as they were long, however short', () => {
    const [bar] = withClass(sectionOf(going(whole, '11:00'), 'journey'), 'bar');
    const parts = bar === undefined ? [] : elementsOf(bar).filter(({ name }) => name === 'rect');
    const widths = parts.map(({ attributes }) => Number(attributes['width']));
    expect(widths).toHaveLength(4);
    expect(widths[2]).toBeGreaterThan((widths[0] ?? 0) * 1.9);
    expect(Math.min(...widths)).toBeGreaterThanOrEqual(4);
    const last = parts.at(-1)?.attributes;
    expect(Number(last?.['x']) + Number(last?.['width'])).toBeLessThanOrEqual(1000);
    expect(bar?.attributes['aria-label']).toBe('10 h 30 min in all, 57% of it waiting.');
  });

  test('steps without any length do no harm', () => {
    expect(steps(going([step('build', '08:00', '08:00'), step('deliver', '08:00', '08:00')]))).toHaveLength(2);
  });
});
