import { describe, expect, test } from '@jest/globals';
import type { DeliveryReport } from '../../../src/domain/report.ts';
import { entryOf, NOW, sampleReport } from '../../fakes/delivery-report.ts';
import { read, sectionOf, withName } from './sections.ts';

const report = sampleReport({ deliveries: 63 });

/** The rows of production, newest first. */
const rows = (of: DeliveryReport): string[] => {
  const [card] = withName(sectionOf(of, 'history'), 'section').slice(1);
  return card === undefined ? [] : withName(card, 'tbody').flatMap((body) => withName(body, 'tr').map(read));
};

const first = (over: Parameters<typeof entryOf>[2], as: 'deliveries' | 'attempts' = 'deliveries'): string => {
  const [release] = report.releases;
  if (release === undefined) throw new Error('no release');
  const entry = entryOf(9000, release, { at: new Date(NOW).toISOString(), approvedBy: ['ana'], ...over });
  return rows({ ...report, [as]: [entry, ...report[as]] })[0] ?? '';
};

describe('the history', () => {
  test('says when, which version, from which, by whom, how much, and how it went', () => {
    expect(rows(report)[0]).toMatch(/^1\.62\.\d \d\d Nov 2026, \d\d:\d\d 1\.61\.\d \d changes? \S+ Live now$/);
    expect(rows(report)[1]).toMatch(/^1\.61\.\d .* Delivered .*Deploy again$/);
  });

  test.each([
    [
      { failure: { causes: ['hotfix' as const], recoveredBy: 1, recoveredAt: '2026-11-23T17:00:00Z', seconds: 7200 } },
      'Failed: hotfix recovered after 2 h'
    ],
    [
      {
        failure: {
          causes: ['failed-check' as const, 'incident' as const],
          recoveredBy: null,
          recoveredAt: null,
          seconds: 600
        }
      },
      'Failed: check failed, line stopped open for 10 min'
    ],
    [
      {
        outcome: 'taken-back' as const,
        changeCount: 0,
        recordedChanges: 3,
        failure: { causes: ['failed-check' as const], recoveredBy: 1, recoveredAt: '2026-11-23T17:00:00Z', seconds: 6 }
      },
      '3 changes ana Broke, taken back recovered after 6 s'
    ],
    [
      {
        outcome: 'taken-back' as const,
        failure: {
          causes: ['failed-check' as const, 'incident' as const],
          recoveredBy: null,
          recoveredAt: null,
          seconds: 600
        }
      },
      'Broke, taken back Failed: line stopped open for 10 min'
    ],
    [{ kind: 'rollback' as const, changeCount: 0 }, 'nothing new ana Went back'],
    [
      { kind: 'rollback' as const, changeCount: 0, approvedBy: [], requestedBy: 'rui', manualTouches: 0 },
      'nothing new by itself Went back'
    ],
    [
      { kind: 'rollback' as const, changeCount: 0, approvedBy: [], requestedBy: 'rui', manualTouches: 1 },
      'nothing new asked by rui Went back'
    ],
    [{ kind: 'rebuild' as const }, 'Rebuilt'],
    [{ redeploy: true }, 'Same version again'],
    [{ override: ['freeze'] }, 'Delivered rules set aside: freeze'],
    [{ approvedBy: [], requestedBy: 'rui' }, 'asked by rui Delivered']
  ])('%j reads %s', (over, text) => expect(first(over)).toContain(text));

  test.each([
    ['failed' as const, 'Did not go live'],
    ['taken-back' as const, 'Broke, taken back'],
    ['withdrawn' as const, 'Withdrawn'],
    ['open' as const, 'Under way']
  ])('%s reads %s, and cannot be deployed again from there', (outcome, text) => {
    expect(first({ outcome }, 'attempts')).toMatch(new RegExp(`${text}$`));
  });

  test('deploy again leads to the workflow that delivers a version, and says which', () => {
    const links = withName(sectionOf(report, 'history'), 'a').filter((link) => read(link) === 'Deploy again');
    expect(links[0]?.attributes['href']).toBe('https://github.com/acme/shop/actions/workflows/deploy-version.yml');
    expect(links[0]?.attributes['aria-label']).toMatch(/^Deploy again: 1\.\d+\.\d$/);
  });

  test('months before the newest are folded, with how many failed', () => {
    const months = withName(sectionOf(report, 'history', 'pt-BR'), 'summary').map(read);
    expect(months[0]).toMatch(/^outubro de 2026: \d+ entregas \d com falha$/);
  });

  test('what does not fit is counted, with where it is', () => {
    expect(rows(sampleReport({ deliveries: 400 })).length).toBe(150);
    expect(read(sectionOf(sampleReport({ deliveries: 400 }), 'history'))).toMatch(
      /\d+ older or further entries in delivery\.json/
    );
  });

  test('people choose names; they stay in their place', () => {
    const [body] = withName(sectionOf(sampleReport({ deliveries: 4, people: ['דנה'] }), 'history'), 'tbody');
    expect(body === undefined ? [] : withName(body, 'bdi').map(read)).toContain('דנה');
  });
});
