import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { LANGUAGES } from '../../src/contract.ts';
import { reason } from '../../src/domain/refusal.ts';
import { noteText, progressText, statusText } from '../../src/report/spoken.ts';
import { stopIssue } from '../../src/report/stop.ts';
import { CODES, CONTEXT, reasonWith, anyText } from './examples.ts';
import { aliveInDocument } from './strict-markdown.ts';

test('the log tells sizes, counts and durations in the reader’s language', () => {
  const packed = { kind: 'packed', files: 1, bytes: 12_345_678, seconds: 3.21 } as const;
  expect(progressText(packed, 'en')).toBe('Packed 1 file: 12.3 MB in 3.2 s');
  expect(progressText({ ...packed, files: 2 }, 'pt-BR')).toBe('2 arquivos no pacote: 12,3 MB em 3,2 s');
});

test('an attempt says what it saw, in words', () => {
  const attempt = { kind: 'attempt', number: 2, inRow: 1, needed: 3 } as const;
  expect(progressText(attempt, 'en')).toBe('Verification attempt 2: good, 1 of 3 in a row');
  expect(progressText({ ...attempt, problem: 'status 500, not 200' }, 'pt-BR')).toBe(
    'Tentativa de verificação 2: ainda não, o endereço respondeu com o status 500 em vez de 200'
  );
});

test('a line of the log is one line', () => {
  const text = progressText({ kind: 'running', label: 'deploy', script: 'a\nb\r\n::error::c' }, 'en');
  expect(text).toBe('Running deploy: a b ::error::c');
});

test('notes name who and what', () => {
  expect(noteText({ kind: 'overridden', code: 'freeze', by: 'ana' }, 'pt-BR')).toBe(
    'ana assumiu a responsabilidade por passar da regra freeze.'
  );
});

describe.each(LANGUAGES)('GitHub shows in %s', (language) => {
  test('descriptions of at most 140 characters, for every ending', () => {
    for (const code of CODES) {
      const why = reasonWith(code, () => 'x'.repeat(5_000));
      expect(statusText({ kind: 'ended', why }, language).length).toBeLessThanOrEqual(140);
    }
    fc.assert(
      fc.property(anyText, (version) => {
        const text = statusText({ kind: 'record', delivery: 'rollback', version }, language);
        expect(text.length).toBeLessThanOrEqual(140);
        expect(text).not.toMatch(/\p{Cc}/u);
      })
    );
  });

  test('why the line stopped and how to go on, inert', () => {
    const evil = '@team fixes #1 <b> [a](http://x) $x$ |';
    const why = reason('verification-failed', { version: evil, environment: evil, problem: evil });
    const { title, body } = stopIssue(
      { version: '1.8.0', environment: 'production', why, runUrl: CONTEXT.runUrl },
      language,
      CONTEXT
    );
    expect(title).toContain('1.8.0');
    expect(body).toContain(`](${CONTEXT.runUrl})`);
    expect(aliveInDocument(body, ['https://github.com/acme/shop/actions/runs/'])).toEqual([]);
  });

  test('a title within 256 characters', () => {
    const long = 'x'.repeat(5_000);
    const why = reason('internal', { problem: long });
    expect(
      stopIssue({ version: long, environment: long, why, runUrl: '' }, language, CONTEXT).title.length
    ).toBeLessThan(256);
  });
});
