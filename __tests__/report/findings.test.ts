import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { LANGUAGES } from '../../src/contract.ts';
import type { Finding, Flaw } from '../../src/domain/finding.ts';
import type { Outcome } from '../../src/domain/outcome.ts';
import { reason } from '../../src/domain/refusal.ts';
import { findingLine } from '../../src/report/spoken.ts';
import { catalogueOf } from '../../src/report/sentence.ts';
import { summaryOf } from '../../src/report/summary.ts';
import { CONTEXT, anyText } from './examples.ts';
import { aliveInDocument, tablesHold } from './strict-markdown.ts';

const examined = (findings: readonly Finding[]): Outcome => ({
  command: 'doctor',
  verdict: 'failed',
  reason: reason('promise-broken', { broken: '1' }),
  findings
});

const GATE: Finding = {
  severity: 'broken',
  flaw: { kind: 'gate-open', environment: 'production' },
  place: { kind: 'page', page: 'environments' }
};
const PIN: Finding = {
  severity: 'note',
  flaw: { kind: 'unpinned', uses: 'actions/checkout@v4' },
  place: { kind: 'file', path: '.github/workflows/delivery.yml', line: 12 }
};

describe('findings', () => {
  test('name what it is, what to do and where to click', () => {
    const text = summaryOf(examined([GATE, PIN]), 'en', CONTEXT);
    expect(text).toContain(
      '| **Promise broken** | production has no required reviewers, so nobody approves deliveries to it. | Open production, tick "Required reviewers", add at least one person and save. [Settings: environments](https://github.com/acme/shop/settings/environments) |'
    );
    expect(text).toContain(
      '[`.github/workflows/delivery.yml:12`](https://github.com/acme/shop/blob/HEAD/.github/workflows/delivery.yml#L12) |'
    );
  });

  test('are one line each in the log', () => {
    expect(findingLine(GATE, 'pt-BR')).toBe(
      'production não tem revisores obrigatórios; por isso ninguém aprova as entregas nele. Abra production, marque "Required reviewers", inclua ao menos uma pessoa e salve. (Settings: environments)'
    );
    expect(findingLine(PIN, 'en')).toMatch(/\(\.github\/workflows\/delivery\.yml:12\)$/);
    const hidden: Flaw = { kind: 'not-checked', subject: 'pins', needs: 'administration: read' };
    expect(findingLine({ ...GATE, flaw: hidden }, 'en')).toContain('whether actions must be pinned');
  });

  test('are cut and counted beyond a hundred; without any the page says so', () => {
    const text = summaryOf(examined(Array.from({ length: 130 }, () => PIN)), 'en', CONTEXT);
    expect(text).toContain('| 30 more |  |  |');
    expect(summaryOf(examined([]), 'en', CONTEXT)).toContain(catalogueOf('en').findings.sound);
  });

  const kinds = Object.keys(catalogueOf('en').findings.flaws);

  test.each(LANGUAGES)('are inert whatever stands in them, in %s', (language) => {
    fc.assert(
      fc.property(
        fc.constantFrom(...kinds),
        anyText,
        fc.constantFrom('@ana', '#12', '<b>', '`x', '|', '[a](b)'),
        (kind, text, live) => {
          const evil = `${live} ${text}`;
          const names = ['environment', 'rules', 'tag', 'uses', 'job', 'template', 'version', 'problem', 'needs'];
          const values = Object.fromEntries(names.map((name) => [name, evil]));
          // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every detail any kind has is there
          const flaw = { ...values, subject: 'pins', minutes: 5, kind } as unknown as Flaw;
          const finding: Finding = { severity: 'note', flaw, place: { kind: 'file', path: evil, line: 1 } };
          const markdown = summaryOf(examined([finding]), language, CONTEXT);
          expect(aliveInDocument(markdown, ['https://github.com/acme/shop/'])).toEqual([]);
          expect(tablesHold(markdown)).toBe(true);
        }
      )
    );
  });
});
