import { describe, expect, test } from '@jest/globals';
import type { DeliveryReport, WaitingStock } from '../../../src/domain/report.ts';
import { sampleReport } from '../../fakes/delivery-report.ts';
import { read, sectionOf, withClass, withLine, withName } from './sections.ts';

const report = sampleReport({ deliveries: 12 });
const DAY = 86_400;

const stocked = (over: Partial<WaitingStock>, of: DeliveryReport = report): DeliveryReport =>
  withLine(of, 'production', (line) => ({
    ...line,
    waiting: line.waiting === null ? null : { ...line.waiting, ...over }
  }));

const section = (of: DeliveryReport): string => read(sectionOf(of, 'waiting'));
const button = (of: DeliveryReport): string[] =>
  withClass(sectionOf(of, 'waiting'), 'act').flatMap((act) =>
    withName(act, 'a').map((link) => `${read(link)} ${link.attributes['href'] ?? ''}`)
  );

describe('what waits', () => {
  test('says how many, whose, how long, and what is usual', () => {
    expect(section(report)).toMatch(
      /Before production \d+ changes the oldest for 2 days .*in 2 versions.*by .* and .*7\.5 change-days of stock.*usually 2 changes at once/
    );
  });

  test.each([
    [DAY - 1, 'calm'],
    [DAY + 1, 'slow'],
    [3 * DAY + 1, 'late']
  ])('after %i seconds it is %s', (oldestSeconds, look) => {
    expect(withClass(sectionOf(stocked({ oldestSeconds }), 'waiting'), look)).toHaveLength(1);
  });

  test('the button is the run that waits, else the workflow that delivers a version', () => {
    expect(button(report)).toEqual([
      expect.stringMatching(/^Approve 1\.13\.\d https:\/\/github\.com\/acme\/shop\/actions\/runs\/4711$/)
    ]);
    expect(button(stocked({ run: null }))).toEqual([
      expect.stringMatching(
        /^Deliver 1\.13\.\d https:\/\/github\.com\/acme\/shop\/actions\/workflows\/deploy-version\.yml$/
      )
    ]);
  });

  test('where no approval is asked for there is no button', () => {
    const open = { ...report, environments: report.environments.map((each) => ({ ...each, gate: 'none' as const })) };
    expect(button(stocked({ run: null }, open))).toEqual([]);
    expect(section(stocked({ run: null }, open))).toContain('Goes by itself');
  });

  test('an empty stock is good news, and nothing delivered yet is neither', () => {
    expect(section(sampleReport({ deliveries: 3, waiting: false }))).toContain(
      'Nothing waits: production has the newest version.'
    );
    expect(section(sampleReport({ deliveries: 0 }))).toContain('Nothing has been delivered yet.');
  });

  test('what is not listed is counted', () => {
    expect(section(stocked({ changes: 500 }))).toMatch(/49\d older or further entries in delivery\.json$/);
  });

  test('without titles a change is its commit and its number', () => {
    const bare = sampleReport({ deliveries: 12, titles: false });
    expect(section(bare)).toMatch(/Change [0-9a-f]{7}/);
    expect(section(bare)).not.toMatch(/shipping|postal/);
    expect(section(bare)).toMatch(/#\d{3}/);
  });

  test('a title of any length stays one line of at most 160 signs', () => {
    const long = sampleReport({ deliveries: 12, subjects: ['word '.repeat(500)] });
    const titles = withClass(sectionOf(long, 'waiting'), 'changes').flatMap((list) => withName(list, 'bdi').map(read));
    expect(Math.max(...titles.map((title) => title.length))).toBeLessThanOrEqual(160);
    expect(titles[0]).toMatch(/…$/);
  });
});
