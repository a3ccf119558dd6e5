import { describe, expect, test } from '@jest/globals';
import { SAMPLES } from '../../../../scripts/page-samples/samples.ts';
import { LANGUAGES } from '../../../../src/contract.ts';
import type { DeliveryReport } from '../../../../src/domain/report.ts';
import { renderPage } from '../../../../src/report/dashboard/page.ts';
import { sampleReport } from '../../../fakes/delivery-report.ts';

const sample = (name: string): DeliveryReport => SAMPLES[name]?.() ?? sampleReport({ deliveries: 0 });

describe('what it costs', () => {
  test.each(LANGUAGES)('1,000 deliveries to production in %s fit into 300 kB, and 5,000 are no larger', (language) => {
    const bytes = (name: string): number => Buffer.byteLength(renderPage(sample(name), language));
    expect(bytes('deliveries-1000')).toBeLessThan(300_000);
    expect(bytes('deliveries-5000')).toBeLessThan(bytes('deliveries-1000') * 1.02);
  });

  test.each([2, 6, 20])('%i components that share them fit, too, and what is left out is counted', (count) => {
    const components = Array.from({ length: count }, (_, index) => (index === 0 ? '' : `part-${index}`));
    const shared = sampleReport({ deliveries: Math.floor(1000 / count), components });
    const page = renderPage(shared, 'pt-BR');
    expect(Buffer.byteLength(page)).toBeLessThan(300_000);
    expect(page).toMatch(/\d+ outros itens em <a/);
  });

  /** How often the page looks at a delivery. */
  const looks = (count: number): number => {
    const report = sampleReport({ deliveries: count });
    let reads = 0;
    const counting = <Entry extends object>(entry: Entry): Entry =>
      new Proxy(entry, {
        get: (target, key, receiver) => {
          reads += 1;
          return Reflect.get(target, key, receiver);
        }
      });
    renderPage(
      {
        ...report,
        deliveries: report.deliveries.map(counting),
        changes: report.changes.map(counting),
        releases: report.releases.map(counting)
      },
      'en'
    );
    return reads;
  };

  test('four times the history takes about four times the looks at it', () => {
    expect(looks(4000) / looks(1000)).toBeLessThan(5);
  });
});
