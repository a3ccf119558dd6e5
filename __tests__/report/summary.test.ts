import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { COMMANDS, LANGUAGES, VERDICTS } from '../../src/contract.ts';
import type { EnvironmentRow, Note, Outcome } from '../../src/domain/outcome.ts';
import { reason } from '../../src/domain/refusal.ts';
import { summaryOf } from '../../src/report/summary.ts';
import { CODES, COMMIT, CONTEXT, change, reasonWith, record, anyText } from './examples.ts';
import { aliveInDocument, tablesHold } from './strict-markdown.ts';

const TRUSTED = ['https://github.com/acme/shop/', 'https://shop.example/', 'https://staging.shop.example/'];

const delivered: Outcome = {
  command: 'deploy',
  verdict: 'done',
  reason: reason('delivered', { version: '1.8.0', environment: 'production' }),
  version: '1.8.0',
  tag: 'v1.8.0',
  commit: COMMIT,
  previous: '1.7.2',
  changed: true,
  digest: `sha256:${'ab'.repeat(32)}`,
  releaseUrl: 'https://github.com/acme/shop/releases/tag/v1.8.0',
  environment: 'production',
  environmentUrl: 'https://shop.example',
  deployment: 77,
  approvedBy: ['bia', 'rui'],
  changes: [change(), change({ breaking: true, subject: 'orders need a customer', pull: 415, author: 'Rui Lima' })]
};

const rows: readonly EnvironmentRow[] = [
  { environment: 'staging', live: { kind: 'nothing' }, waiting: 4 },
  {
    environment: 'production',
    live: { kind: 'version', record: record({ url: 'https://shop.example' }) },
    waiting: 1,
    blocked: reason('freeze', { environment: 'production', until: '2026-11-23T11:00:00Z', why: 'nobody on call' })
  },
  { environment: 'qa', live: { kind: 'unknown', record: record({ state: 'failure' }) }, waiting: 0 }
];

const planned: Outcome = {
  command: 'plan',
  verdict: 'done',
  reason: reason('planned', { version: '1.9.0' }),
  version: '1.9.0',
  rows
};

/** Without the folded parts: what is seen at once. */
const open = (markdown: string): string => markdown.replaceAll(/<details>[\s\S]*?<\/details>/g, '');

describe('what a manager reads first', () => {
  test('where, which version, since when, by whom', () => {
    const text = open(summaryOf(delivered, 'en', CONTEXT));
    expect(text.split('\n')[0]).toBe('## ✅ Delivered: 1.8.0 → production');
    expect(text).toContain('| Environment | [production](https://shop.example/) |');
    expect(text).toContain('| Live now | **1.8.0** |');
    expect(text).toContain('| Before | 1.7.2 |');
    expect(text).toContain('| Live since | 23 Nov 2026, 14:02 UTC |');
    expect(text).toContain('| Approved by | bia and rui |');
    expect(text).toContain('| Changes | 2 changes; the oldest waited 2 days 6 h |');
  });

  test.each([
    ['previews-down', 'pr-3', '## ✅ Preview taken down: pr-3'],
    ['previews-down', 'pr-3, pr-4, pr-7, pr-9, pr-12', '## ✅ Preview taken down: pr-3, pr-4, pr-7 and 2 more'],
    ['previews-not-down', 'pr-3, pr-4', '## ❌ Failed: pr-3 and pr-4']
  ] as const)('of many previews which ones: %s, %s', (code, previews, headline) => {
    const verdict = code === 'previews-down' ? 'done' : 'failed';
    const outcome: Outcome = { command: 'down', verdict, reason: reason(code, { count: '2', previews }) };
    expect(summaryOf(outcome, 'en', CONTEXT).split('\n')[0]).toBe(headline);
  });

  test('the table comes before the sentence, changes after it, machines last', () => {
    const text = summaryOf(delivered, 'en', CONTEXT);
    const places = ['| Environment', '**Version 1.8.0 is live', '2 changes by', 'Details for machines', COMMIT].map(
      (part) => text.lastIndexOf(part)
    );
    expect(places.every((place) => place >= 0)).toBe(true);
    expect(places.toSorted((a, b) => a - b)).toEqual(places);
    expect(open(text)).not.toContain('sha256');
  });

  test('a plan has one row for each environment: what is there, what waits, what keeps it', () => {
    const text = open(summaryOf(planned, 'pt-BR', { ...CONTEXT, zone: 'America/Sao_Paulo' }));
    expect(text).toContain('| staging | nada ainda |  |  | 4 mudanças | já pode ir para lá |');
    expect(text).toMatch(
      /\[production\]\(https:\/\/shop\.example\/\) \| \*\*1\.7\.2\*\* \| 20\/11\/2026 07:00 America\/Sao_Paulo \(10:00 UTC\), há 3 dias e 4 h \| bia \| 1 mudança \|/
    );
    expect(text).toContain('production não recebe entregas até 23/11/2026 08:00 America/Sao_Paulo');
    expect(text).toMatch(/\| qa \| não se sabe \|.*\| nada \| nada para levar \|/);
  });

  test('a plan says that a version may go there only where one waits and nothing else must come first', () => {
    const waiting = { environment: 'x', live: { kind: 'nothing' }, waiting: 2 } as const;
    const said = (row: EnvironmentRow) =>
      (['en', 'pt-BR'] as const).map((language) => {
        const text = summaryOf({ ...planned, rows: [row] }, language, CONTEXT);
        return / \| ([^|]*) \|\n\n/.exec(text)?.[1];
      });
    expect(said({ ...waiting, waiting: 0 })).toEqual(['nothing to bring', 'nada para levar']);
    expect(said(waiting)).toEqual(['may go there now', 'já pode ir para lá']);
    expect(said({ ...waiting, asks: true })).toEqual([
      'may go there as soon as somebody lets it in',
      'pode ir para lá quando alguém liberar'
    ]);
    expect(said({ ...waiting, after: [] })).toEqual([
      'may go there once it is built',
      'pode ir para lá depois de construída'
    ]);
    expect(said({ ...waiting, after: ['staging', 'qa'], asks: true })).toEqual([
      'may go there once it works in staging and qa',
      'pode ir para lá depois de funcionar em staging e qa'
    ]);
  });

  test('a failure never claims that the failed version is live', () => {
    const why = reason('rollback-failed', { version: '1.8.0', environment: 'production', to: '1.7.2', problem: 'x' });
    const failed = open(summaryOf({ ...delivered, verdict: 'failed', reason: why }, 'en', CONTEXT));
    expect(failed).toContain('| Live now | not known |');
    expect(failed).toContain('| Failed version | 1.8.0 |');
    const back = reason('rolled-back', { version: '1.8.0', environment: 'production', to: '1.7.2', problem: 'x' });
    const rolled = open(summaryOf({ ...delivered, verdict: 'rolled-back', reason: back }, 'en', CONTEXT));
    expect(rolled).toContain('| Live now | **1.7.2** |');
    expect(rolled).toContain('| Failed version | 1.8.0 |');
  });

  test('a refusal shows what to do and the lines to copy', () => {
    const why = reason('freeze', { environment: 'production', until: '2026-11-24T11:00:00Z', why: 'nobody on call' });
    const text = open(summaryOf({ ...delivered, verdict: 'refused', changed: false, reason: why }, 'en', CONTEXT));
    expect(text).toContain('Next: Run it again after that.');
    expect(text).toContain('```\noverride: freeze\nreason: why it cannot wait\n```');
    expect(text).not.toContain('Live now');
  });

  test('a stopped line is linked, for it is a page of this repository', () => {
    const url = 'https://github.com/acme/shop/issues/9';
    const notes: readonly Note[] = [
      { kind: 'line-stopped', url },
      { kind: 'line-stopped', url: 'https://github.com/x/y/issues/9' }
    ];
    const text = summaryOf({ ...delivered, notes }, 'en', CONTEXT);
    expect(text).toContain(`[acme/shop/issues/9](${url})`);
    expect(text).toContain('https:&#8203;//github.com/x/y/issues/9');
  });
});

describe('changes', () => {
  test('breaking ones first, with author and link; the number is said once', () => {
    const text = summaryOf(delivered, 'en', CONTEXT);
    const items = text.split('\n').filter((line) => line.startsWith('- '));
    expect(items).toEqual([
      '- orders need a customer ([#415](https://github.com/acme/shop/pull/415), Rui Lima) **breaking**',
      '- free shipping from 100 BRL ([#412](https://github.com/acme/shop/pull/412), Ana Souza)'
    ]);
    expect(text).toContain('<summary>2 changes by Ana Souza and Rui Lima</summary>');
  });

  test('beyond fifty, the rest is counted', () => {
    const changes = Array.from({ length: 60 }, () => change());
    const text = summaryOf({ ...delivered, changes }, 'pt-BR', CONTEXT);
    expect(text).toContain('- [mais 10](https://github.com/acme/shop/releases/tag/v1.8.0)');
    expect(text).toContain('60 mudanças de Ana Souza');
  });
});

const EVIL = '@team closes #1 | <b>`x`\n# [a](http://e) $x$ https://github.com/o/r/issues/1 GH-2 deadbeef01';

test.each(LANGUAGES)(
  'every command, verdict and reason has a whole summary in %s, whatever the values hold',
  (language) => {
    for (const [index, code] of CODES.entries()) {
      for (const verdict of VERDICTS) {
        const command = COMMANDS[index % COMMANDS.length] ?? 'plan';
        const why = reasonWith(code, () => EVIL);
        const text = summaryOf({ ...delivered, command, verdict, reason: why }, language, CONTEXT);
        expect(text.replaceAll(/`[^`\n]*`/g, '')).not.toMatch(/undefined|\[object|NaN/);
        expect(tablesHold(text)).toBe(true);
        expect(aliveInDocument(text, TRUSTED)).toEqual([]);
      }
    }
    for (const command of COMMANDS) {
      for (const verdict of VERDICTS) {
        expect(summaryOf({ ...planned, command, verdict }, language, CONTEXT)).toMatch(/^## \S+ \S.*: 1\.9\.0\n\n\| /);
      }
    }
  }
);

test('nothing untrusted lives anywhere in a summary', () => {
  const hostile = fc.oneof(fc.constant(EVIL), anyText, fc.constantFrom('|', '</td>', '`', '](x)'));
  fc.assert(
    fc.property(fc.array(hostile, { minLength: 9, maxLength: 9 }), (values) => {
      const [a = '', b = '', c = '', d = '', e = '', f = '', g = '', h = '', i = ''] = values;
      const payload = { ...record().payload, approvedBy: [a, b] };
      const outcome: Outcome = {
        ...delivered,
        version: a,
        tag: b,
        commit: c,
        previous: d,
        environment: e,
        environmentUrl: f,
        releaseUrl: g,
        digest: h,
        approvedBy: [i, a],
        changes: [change({ subject: a, author: b, scope: c, commit: d, type: e, date: f })],
        notes: [
          { kind: 'script-note', text: g },
          { kind: 'self-approved', user: h },
          { kind: 'overridden', code: i, by: a }
        ],
        rows: [{ environment: b, live: { kind: 'version', record: record({ payload, url: c }) }, waiting: 2 }]
      };
      for (const each of [outcome, { ...outcome, rows: [] }]) {
        const text = summaryOf(each, 'en', CONTEXT);
        expect(aliveInDocument(text, TRUSTED)).toEqual([]);
        expect(tablesHold(text)).toBe(true);
      }
    }),
    { numRuns: 60 }
  );
});

test('a summary of anything stays far below 1 MiB', () => {
  const huge = '@#$'.repeat(1_700_000);
  const changes = Array.from({ length: 10_000 }, () => change({ subject: huge, author: huge, scope: huge }));
  const notes = Array.from({ length: 1000 }, (): Note => ({ kind: 'script-note', text: huge }));
  const many = Array.from({ length: 1000 }, (): EnvironmentRow => ({
    environment: huge,
    live: { kind: 'nothing' },
    waiting: 1
  }));
  const text = summaryOf({ ...delivered, version: huge, changes, notes, rows: many }, 'en', CONTEXT);
  expect(Buffer.byteLength(text)).toBeLessThan(600_000);
  expect(text.match(/<details>/g)).toHaveLength(text.match(/<\/details>/g)?.length ?? 0);
});
