import { describe, expect, test } from '@jest/globals';
import type { DeliveryReport } from '../../src/domain/report.ts';
import { LANGUAGES } from '../../src/contract.ts';
import { badgeFiles } from '../../src/report/badges.ts';
import { reportFiles } from '../../src/report/report-files.ts';
import { outputsOf } from '../../src/report/result.ts';
import { summaryOf } from '../../src/report/summary.ts';
import { reportOf } from '../../src/rules/metrics.ts';
import { at, change, facts, record, release } from '../rules/metrics/story.ts';
import { CONTEXT } from './examples.ts';

const told = facts({
  now: new Date(at('07-20 00:00')),
  records: [
    record({ id: 1, version: '1.0.0', at: at('07-01 12:00') }),
    record({ id: 2, version: '1.1.0', at: at('07-06 15:00') }),
    record({ id: 3, version: '1.0.0', at: at('07-06 17:00'), kind: 'rollback' }),
    record({
      id: 4,
      version: '1.2.0',
      at: at('07-08 10:00'),
      state: 'success',
      record: { url: 'https://shop.example' }
    }),
    record({ id: 5, version: '1.3.0', at: at('07-09 10:00'), state: 'success', environment: 'staging' })
  ],
  releases: [
    release('1.0.0', null, []),
    release('1.1.0', '1.0.0', [change('a', at('07-06 09:00'))]),
    release('1.2.0', '1.1.0', [change('b', at('07-07 10:00'))]),
    release('1.3.0', '1.2.0', [change('c', at('07-09 08:00'), { author: 'rui' })])
  ],
  waitingRuns: new Map([[1005, 'https://github.com/acme/shop/actions/runs/1005']])
});

const report = reportOf(told);
const NOW = { ...CONTEXT, now: told.now };

const outcomeOf = (written: DeliveryReport) =>
  ({
    command: 'report',
    verdict: 'done',
    reason: { code: 'reported', details: { deliveries: '4', folder: '.delivery' } },
    changed: true,
    report: written
  }) as const;

const summary = (written: DeliveryReport, language: (typeof LANGUAGES)[number] = 'en'): string =>
  summaryOf(outcomeOf(written), language, NOW);

describe('the digest', () => {
  test('begins with what is live, what waits and where the button is', () => {
    const [, , , , ...lines] = summary(report).split('\n');
    expect(lines.slice(0, 2)).toEqual([
      '| staging | **1.3.0** | 09 Jul 2026, 10:00 UTC, 10 days 14 h ago | bruno |  |',
      '| production | [**1.2.0**](https://shop.example/) | 08 Jul 2026, 10:00 UTC, 11 days 14 h ago | bruno | 1 change; the oldest for 10 days 16 h · [approve 1.3.0](https://github.com/acme/shop/actions/runs/1005) |'
    ]);
  });

  test('then has the numbers of production, each with what it was taken from', () => {
    const lines = summary(report)
      .split('\n')
      .filter((line) => line.startsWith('| '));
    expect(lines).toEqual(
      expect.arrayContaining([
        '| Number | last 30 days |  | the 30 before |',
        '| Deployment frequency | 0.13 a day | 4 deliveries | no data |',
        '| Change lead time | 15 h | 90% within 1 day | no data |',
        '| Change fail rate | 25% | 1 of 4 | no data |',
        '| Failed deployment recovery time | 2 h | 90% within 2 h | no data |',
        '| Deployment rework rate | 25% | 1 of 4 | no data |',
        '| Manual touches per delivery | 1 | 4 deliveries | no data |'
      ])
    );
  });

  test('speaks Portuguese', () => {
    const text = summary(report, 'pt-BR');
    expect(text).toContain('| Taxa de falha de mudanças | 25% | 1 de 4 | sem dados |');
    expect(text).toContain('[aprovar a 1.3.0]');
    expect(text).toContain('O relatório foi escrito, a partir de 4 entregas.');
  });

  test.each(LANGUAGES)('without a delivery nothing is 0, in %s', (language) => {
    const empty = reportOf(facts());
    const numbers = summary(empty, language)
      .split('\n')
      .filter((line) => /^\| [^|]+ \| [^|]* \|  \|/.test(line));
    expect(numbers).toHaveLength(11);
    expect(numbers.join('\n')).not.toMatch(/\| 0/);
  });

  test('names of people and places do nothing', () => {
    const name = '<img src=x> @everyone | ![x](//evil)';
    const evil: DeliveryReport = {
      ...report,
      environments: report.environments.map((each) => ({
        ...each,
        name,
        lines: each.lines.map((line) => ({ ...line, component: name }))
      }))
    };
    expect(summary(evil)).not.toMatch(/<img|@everyone|!\[x\]/);
  });

  test('the document is no part of the outputs', () => {
    const { result = '' } = outputsOf(outcomeOf(report), 'en');
    expect(JSON.parse(result)).not.toHaveProperty('report');
    expect(result.length).toBeLessThan(2000);
  });
});

const contentOf = (written: DeliveryReport, path: string): string =>
  badgeFiles(written, 'en').find((file) => file.path === path)?.content ?? 'missing';

describe('badges', () => {
  test('are the live version of each environment, and three numbers where versions end', () => {
    expect(badgeFiles(report, 'en').map(({ path }) => path)).toEqual(
      [
        'staging',
        'production',
        'production-deployments',
        'production-lead-time',
        'production-change-fail-rate'
      ].flatMap((name) => [`badges/${name}.json`, `badges/${name}.svg`])
    );
  });

  test.each([
    ['production', { label: 'production', message: '1.2.0', color: 'green' }],
    ['production-deployments', { label: 'deployments in 30 days', message: '4', color: 'blue' }],
    ['production-lead-time', { label: 'lead time', message: '15 h', color: 'blue' }],
    ['production-change-fail-rate', { label: 'change fail rate', message: '25%', color: 'blue' }]
  ])('%s is what shields.io reads', (name, expected) => {
    expect(JSON.parse(contentOf(report, `badges/${name}.json`))).toEqual({ schemaVersion: 1, ...expected });
  });

  test('nothing live and a broken delivery are told apart', () => {
    const broken = reportOf(
      facts({ records: [record({ id: 1, version: '1.0.0', at: at('07-01 12:00'), state: 'failure' })] })
    );
    expect(JSON.parse(contentOf(reportOf(facts()), 'badges/production.json'))).toMatchObject({ color: 'lightgrey' });
    expect(JSON.parse(contentOf(broken, 'badges/production.json'))).toMatchObject({ color: 'orange' });
  });

  test('the picture is well-formed and holds no markup of anybody', () => {
    const named = (name: string): DeliveryReport => ({
      ...report,
      environments: report.environments.slice(0, 1).map((each) => ({ ...each, name, last: false }))
    });
    const [, picture] = badgeFiles(named(`<script>"'&`), 'en');
    expect(picture?.content).not.toMatch(/<script|"'&/);
    expect(picture?.content).toContain('&lt;script&gt;&quot;&#39;&amp;: 1.3.0');
    expect(badgeFiles(named('日本'), 'en')[0]?.path).toBe('badges/environment.json');
  });

  test('two names that look the same as files stay two files', () => {
    const twice: DeliveryReport = {
      ...report,
      environments: ['eu/west', 'eu west'].flatMap((name) =>
        report.environments.slice(0, 1).map((each) => ({ ...each, name, last: false }))
      )
    };
    expect(badgeFiles(twice, 'en').map(({ path }) => path)).toEqual([
      'badges/eu-west.json',
      'badges/eu-west.svg',
      'badges/eu-west-2.json',
      'badges/eu-west-2.svg'
    ]);
  });

  test('a component has badges of its own', () => {
    const component: DeliveryReport = {
      ...report,
      environments: report.environments
        .slice(0, 1)
        .map((each) => ({ ...each, last: false, lines: each.lines.map((line) => ({ ...line, component: 'api' })) }))
    };
    expect(badgeFiles(component, 'en')[0]).toMatchObject({
      path: 'badges/api-staging.json',
      content: expect.stringContaining('"label":"api staging"')
    });
  });
});

test('the page stands beside the badges', () => {
  const [page, ...badges] = reportFiles(report, 'pt-BR');
  expect([page?.path, badges.length]).toEqual(['index.html', 10]);
  expect(page?.content).toContain('1.2.0');
});
