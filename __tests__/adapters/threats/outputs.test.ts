import { chmodSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createCommandReader, parseKeyValueFile, readLines } from '../../../rehearsal/runner/grammar.ts';
import { OUTPUT_BUDGET, createConsole } from '../../../src/adapters/console-actions.ts';
import type { ActionsConsole } from '../../../src/adapters/console-actions.ts';
import { createRedactor } from '../../../src/adapters/redact.ts';
import { parse } from '../../../src/parse.ts';
import { reasonFor } from '../../refusals.ts';
import { stepEnvironment } from '../../step-environment.ts';
import { shown } from '../../threats/shown.ts';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'outputs-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

interface Bench {
  readonly console: ActionsConsole;
  readonly outputs: () => [string, string][];
  readonly summary: () => string;
  readonly log: () => string;
}

const bench = (variables: Readonly<Record<string, string>> = {}): Bench => {
  const files = { GITHUB_OUTPUT: join(directory, 'output'), GITHUB_STEP_SUMMARY: join(directory, 'summary') };
  for (const file of Object.values(files)) writeFileSync(file, '');
  let log = '';
  return {
    console: createConsole({
      environment: { ...files, RUNNER_TEMP: directory, ...variables },
      write: (text) => (log += text)
    }),
    outputs: () => parseKeyValueFile(readFileSync(files.GITHUB_OUTPUT, 'utf8')),
    summary: () => readFileSync(files.GITHUB_STEP_SUMMARY, 'utf8'),
    log: () => log
  };
};

describe('values of outputs', () => {
  test.each(
    shown('value', [
      { row: 40, value: 'ghadelimiter_x\nversion=9' },
      { row: 40, value: 'EOF\nversion=9' },
      { row: 40, value: 'delivery_00000000-0000-0000-0000-000000000000\nversion=9' },
      { row: 40, value: 'x\r\nversion=9\rtag=8' },
      { row: 40, value: 'version<<y\n1\ny' },
      { row: 40, value: '\n' },
      { row: 40, value: '' }
    ])
  )('row $row: $shown is one pair, to the letter', ({ value }) => {
    const { console, outputs } = bench();
    console.output('result', value);
    console.output('tag', 'v1');
    expect(outputs()).toEqual([
      ['result', value],
      ['tag', 'v1']
    ]);
  });

  test('law: a value that quotes the file it will stand in is still one pair', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('version=9', '\n', 'x<<y', 'delivery_', '\r', ' '), { maxLength: 8 }),
        (parts) => {
          const { console, outputs } = bench();
          console.output('commit', parts.join(''));
          const sofar = readFileSync(join(directory, 'output'), 'utf8');
          console.output('result', sofar);
          expect(outputs()).toEqual([
            ['commit', parts.join('')],
            ['result', sofar]
          ]);
        }
      ),
      { numRuns: 40 }
    );
  });

  test.each([
    { row: 42, characters: 2_000_000 },
    { row: 42, characters: OUTPUT_BUDGET + 1 }
  ])('row $row: an output of $characters characters goes to a file, and says so', ({ characters }) => {
    const { console, outputs } = bench();
    console.output('result', 'x'.repeat(characters));
    console.output('version', '1.2.3');
    const [result, version] = outputs();
    expect(JSON.parse(result?.[1] ?? '')).toMatchObject({ truncated: true, characters, file: expect.any(String) });
    expect(version).toEqual(['version', '1.2.3']);
    const spilled = readdirSync(directory).filter((name) => name.startsWith('delivery-result-'));
    expect(spilled.map((name) => readFileSync(join(directory, name)).length)).toEqual([characters]);
  });

  test.each([
    { row: 43, paragraphs: 3000, length: 500 },
    { row: 43, paragraphs: 1, length: 2_000_000 }
  ])(
    'row $row: a summary of $paragraphs paragraphs of $length characters is cut between them',
    ({ paragraphs, length }) => {
      const { console, summary } = bench();
      console.summary(Array.from({ length: paragraphs }, () => 'é'.repeat(length)).join('\n\n'));
      expect(Buffer.byteLength(summary())).toBeLessThanOrEqual(1024 * 1024);
      expect(summary()).toContain('This summary was cut');
      for (const block of summary()
        .split('\n\n')
        .filter((each) => each.startsWith('é')))
        expect(block).toHaveLength(length);
    }
  );
});

const KEY = '-----BEGIN KEY-----\nabcdefgh12345678\nijklmnop\n-----END KEY-----\n';

describe('secrets', () => {
  test.each(
    shown('secret', [
      { row: 75, secret: KEY, said: 'line: abcdefgh12345678 and ijklmnop', hidden: ['abcdefgh12345678', 'ijklmnop'] },
      {
        row: 75,
        secret: '{"user":"ana","password":"correct horse"}',
        said: '{"user":"ana","password":"correct horse"}',
        hidden: ['correct horse']
      },
      { row: 75, secret: 'trailing-newline\n', said: 'a trailing-newline b', hidden: ['trailing-newline'] },
      { row: 75, secret: '  padded-secret  ', said: 'padded-secret', hidden: ['padded-secret'] },
      {
        row: 75,
        secret: 'a+b/c=d&e',
        said: `${encodeURIComponent('a+b/c=d&e')} ${Buffer.from('a+b/c=d&e').toString('base64')}`,
        hidden: ['a%2Bb', 'YStiL2M9ZCZl']
      }
    ])
  )('row $row: $shown is hidden in every part', ({ secret, said, hidden }) => {
    const { console, log, outputs, summary } = bench();
    console.mask(secret);
    const masked = log();
    console.info(said);
    console.error(said);
    console.output('result', said);
    console.summary(said);
    const all = log().slice(masked.length) + JSON.stringify(outputs()) + summary();
    for (const part of hidden) expect(all).not.toContain(part);
    expect(all).toContain('***');
  });

  test.each(
    shown('secret', [
      { row: 75, secret: 'abc' },
      { row: 75, secret: 'x\n' },
      { row: 75, secret: ' 12 ' }
    ])
  )('row $row: $shown is too short to hide, which is said', ({ secret }) => {
    const { console, log, outputs } = bench();
    console.mask(secret);
    console.output('version', '1.2.3 abc x 12');
    expect(log()).toMatch(/^::warning::A secret of fewer than 4 characters is not masked\.\n$/);
    expect(outputs()).toEqual([['version', '1.2.3 abc x 12']]);
  });

  test('row 75: a secret that is an ordinary word is hidden, and the texts stay in one piece', () => {
    const cases = [{ row: 75, secret: 'true' }];
    for (const { secret } of cases) expect(createRedactor([secret]).redact('{"changed":true}')).toBe('{"changed":***}');
  });

  test('law: in no sink is a secret, a line of it, or a form of it that others read', () => {
    const secret = fc.stringMatching(/^[\x21-\x7E]{8,24}$/);
    const around = fc.constantFrom('', ' ', 'x', '"', '\n', '%', '::', '=');
    fc.assert(
      fc.property(secret, around, around, (value, before, after) => {
        const { console, log, outputs, summary } = bench();
        console.mask(value);
        const masked = log();
        const forms = [value, encodeURIComponent(value), JSON.stringify(value).slice(1, -1)];
        for (const form of forms) {
          console.info(before + form + after);
          console.warning(form);
          console.summary(before + form + after);
        }
        console.output('result', forms.join(after));
        const all =
          log().slice(masked.length) +
          summary() +
          outputs()
            .map(([, text]) => text)
            .join('\n');
        expect(forms.filter((form) => all.includes(form))).toEqual([]);
      }),
      { numRuns: 60 }
    );
  });
});

describe('files of the runner that are not as they should be', () => {
  test.each<{ row: number; kind: string; make: (path: string) => void; says: string }>([
    { row: 78, kind: 'not set', make: () => undefined, says: 'is not set' },
    { row: 78, kind: 'a folder', make: () => undefined, says: 'is not a regular file' },
    { row: 78, kind: 'a link', make: (path) => symlinkSync('/etc/passwd', path), says: 'is not a regular file' },
    { row: 78, kind: 'nowhere', make: () => undefined, says: 'ENOENT' }
  ])(
    'row $row: GITHUB_OUTPUT is $kind: found before the work, and nothing is printed instead',
    ({ kind, make, says }) => {
      const path = { 'not set': '', 'a folder': directory }[kind] ?? join(directory, 'elsewhere');
      make(path);
      const { console, log } = bench({ GITHUB_OUTPUT: path });
      for (const work of [(): void => console.check(), (): void => console.output('tag', 'v1')]) {
        expect(reasonFor(work)).toMatchObject({
          code: 'internal',
          details: { problem: expect.stringContaining(says) }
        });
      }
      const read = createCommandReader();
      expect(readLines(log()).map((line) => read(line).kind)).toEqual([]);
    }
  );

  test('row 78: a file that may not be written is found before the work', () => {
    const cases = [{ row: 78, mode: 0o400 }];
    const root = process.getuid?.() === 0; // who may write everywhere
    for (const { mode } of cases) {
      const { console } = bench();
      chmodSync(join(directory, 'output'), mode);
      expect(reasonFor(() => console.check())?.code).toBe(root ? undefined : 'internal');
    }
  });

  test.each(
    shown('variable', [
      { row: 78, variable: 'RUNNER_TEMP' },
      { row: 78, variable: 'GITHUB_WORKSPACE' }
    ])
  )('row $row: without $shown nothing begins', ({ variable }) => {
    expect(reasonFor(() => parse(stepEnvironment({ command: 'plan' }, { [variable]: '' })))).toMatchObject({
      code: 'invalid-input',
      details: { input: variable }
    });
  });
});
