import { describe, expect, test } from '@jest/globals';
import type { DeliveryReport, Figure, MetricRule, MetricWindow } from '../../../src/domain/report.ts';
import { sampleReport } from '../../fakes/delivery-report.ts';
import { read, sectionOf, withClass, withLine, withName } from './sections.ts';

const report = sampleReport({ deliveries: 40 });

const windowed = (changed: (window: MetricWindow) => Partial<MetricWindow>): DeliveryReport =>
  withLine(report, 'production', (line) => ({
    ...line,
    windows: line.windows.map((window) => ({ ...window, ...changed(window) }))
  }));

const figured = (rule: MetricRule, over: Partial<Figure>): DeliveryReport =>
  windowed(({ figures }) => ({
    figures: figures.map((figure) => (figure.rule === rule ? { ...figure, ...over } : figure))
  }));

const scored = (quickCheck: MetricWindow['quickCheck']): DeliveryReport => windowed(() => ({ quickCheck }));

/** A metric of production as it reads: its name, its rule, and the values of both windows. */
const metricOf = (of: DeliveryReport, name: string): string[] => {
  const [card] = withClass(sectionOf(of, 'metrics'), 'card');
  const found = card === undefined ? undefined : withClass(card, 'metric').find((each) => read(each).startsWith(name));
  return found === undefined ? [] : withName(found, 'dd').map(read);
};

describe('the five numbers', () => {
  test('stand in the order people know, each with its rule and both windows', () => {
    const [card] = withClass(sectionOf(report, 'metrics'), 'card');
    const metrics = card === undefined ? [] : withClass(card, 'metric');
    expect(metrics).toHaveLength(12);
    expect(metrics.slice(0, 5).map((metric) => withName(metric, 'h4').map(read)[0])).toEqual([
      'Deployment frequency',
      'Change lead time',
      'Change fail rate',
      'Failed deployment recovery time',
      'Deployment rework rate'
    ]);
    for (const metric of metrics) {
      expect(read(withClass(metric, 'rule')[0] ?? metric)).toMatch(/^[A-Z].{20,}\.$/);
      expect(withName(metric, 'dt').map(read)).toEqual(['30 days', '90 days']);
    }
  });

  test('each opens the deliveries behind it, and each of these its row in the history', () => {
    const failed = withClass(sectionOf(report, 'metrics'), 'metric').find((each) =>
      read(each).startsWith('Change fail rate')
    );
    if (failed === undefined) throw new Error('no fail rate');
    const [summary] = withName(failed, 'summary').map(read);
    const links = withName(failed, 'a').map(({ attributes }) => attributes['href']);
    expect(summary).toMatch(/^\d deliver(y|ies)$/);
    expect(links.every((href) => /^#d\d+$/.test(href ?? ''))).toBe(true);
    expect(links.length).toBeGreaterThan(0);
  });

  test('a long list is cut, and what is missing is counted', () => {
    const [, ninety = ''] = metricOf(report, 'Deployment frequency');
    expect(ninety).toMatch(/ 2\d more$/);
  });

  test('no data reads so and is never 0', () => {
    const none = sampleReport({ deliveries: 0 });
    for (const name of ['Deployment frequency', 'Change lead time', 'Change fail rate', 'Failed', 'Deployment rework'])
      expect(metricOf(none, name)).toEqual(['no data', 'no data']);
    expect(read(sectionOf(none, 'metrics', 'pt-BR'))).toContain('sem dados');
  });

  test('a known 0 is 0', () => {
    expect(
      metricOf(figured('deployments', { value: 0, n: 0, extra: 0, before: null, deliveries: [] }), 'Deployment')[0]
    ).toBe('0');
  });

  test('what is rarer than daily is told by its distance', () => {
    const paced = (value: number): string =>
      metricOf(figured('deployments', { value, n: 3, extra: 3, before: 0.1, deliveries: [] }), 'Deployment')[0] ?? '';
    expect(paced(0.1)).toBe('3 one every 10 days on 3 days period before: 3');
    expect(paced(2.25)).toContain('2.3 a day');
  });

  test('failures that are still open show, also when none has recovered yet', () => {
    const open = figured('recovery-time', { value: null, median: null, p90: null, n: 0, extra: 2, before: null });
    expect(metricOf(open, 'Failed deployment recovery time')[0]).toMatch(/^no data 2 still open/);
  });

  test('a share names its part and its whole; a spread its 90th percentile', () => {
    const share = figured('change-fail-rate', { value: 2 / 7, part: 2, n: 7, before: null });
    expect(metricOf(share, 'Change fail rate')[0]).toMatch(/^28\.6% 2 of 7/);
    const spread = figured('lead-time', { value: 21_600, median: 21_600, p90: 86_400, n: 7, before: null });
    expect(metricOf(spread, 'Change lead time')[0]).toMatch(/^6 h 90% within 1 day ?from 7 changes/);
  });

  test('how far the history reaches is said, and what was not read yet', () => {
    const unread = { ...report, history: { ...report.history, from: '2026-11-01T12:00:00Z', unread: 3 } };
    expect(read(sectionOf(unread, 'metrics'))).toMatch(
      /begins on 01 Nov 2026\..*changes of 3 versions have not been read/
    );
  });

  test('changes that begin with the merge for want of something better are counted', () => {
    const unbegun = (count: number) => ({ ...report, history: { ...report.history, unbegun: count } });
    expect(read(sectionOf(unbegun(2), 'metrics'))).toContain('lead times of 2 changes begin with the merge');
    expect(read(sectionOf(unbegun(1), 'metrics', 'pt-BR'))).toContain('O lead time de 1 mudança começa no merge');
    expect(read(sectionOf(unbegun(0), 'metrics'))).not.toContain('begin with the merge');
  });

  test('the Quick Check of DORA comes last, with its warning; without all five numbers there is none', () => {
    const quickCheck = { throughput: 5.9, stability: 7.95, overall: 6.72 };
    expect(metricOf(scored(quickCheck), "DORA's Quick Check")).toEqual([
      '6.7 of 10 throughput 5.9 stability 8',
      '6.7 of 10 throughput 5.9 stability 8'
    ]);
    expect(metricOf(scored(null), "DORA's Quick Check")).toEqual(['no data', 'no data']);
    expect(read(sectionOf(scored(quickCheck), 'metrics'))).toContain('no target, and not for comparing teams');
    expect(read(sectionOf(scored(quickCheck), 'metrics', 'pt-BR'))).toMatch(
      /Não é meta e não serve para comparar equipes\. 30 dias 6,7 de 10 vazão 5,9/
    );
  });

  test('Portuguese writes numbers its own way', () => {
    expect(read(sectionOf(figured('change-fail-rate', { value: 2 / 7, part: 2, n: 7 }), 'metrics', 'pt-BR'))).toContain(
      '28,6% 2 de 7'
    );
  });
});
