import { mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { OUTPUT_BUDGET, createConsole } from '../../src/adapters/console-actions.ts';
import type { ActionsConsole } from '../../src/adapters/console-actions.ts';
import { SUMMARY_LIMIT } from '../../src/adapters/console-summary.ts';
import { Refusal } from '../../src/domain/refusal.ts';
import { createCommandReader, parseKeyValueFile, readLines } from '../../rehearsal/runner/grammar.ts';

interface Bench {
  readonly console: ActionsConsole;
  readonly directory: string;
  readonly outputs: () => [string, string][];
  readonly summary: () => string;
  readonly log: () => string;
  /** What the runner makes of the log: commands and plain lines. */
  readonly read: () => (readonly [string, string])[];
}

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'console-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const bench = (extra: Record<string, string> = {}): Bench => {
  const environment = {
    GITHUB_OUTPUT: join(directory, 'output'),
    GITHUB_STEP_SUMMARY: join(directory, 'summary'),
    RUNNER_TEMP: directory,
    ...extra
  };
  for (const file of ['output', 'summary']) writeFileSync(join(directory, file), '');
  let log = '';
  return {
    console: createConsole({ environment, write: (text) => (log += text) }),
    directory,
    outputs: () => parseKeyValueFile(readFileSync(join(directory, 'output'), 'utf8')),
    summary: () => readFileSync(join(directory, 'summary'), 'utf8'),
    log: () => log,
    read: () => {
      const reader = createCommandReader();
      return readLines(log).map((line) => {
        const seen = reader(line);
        return seen.kind === 'command' ? [seen.command.name, seen.command.data] : [seen.kind, seen.line];
      });
    }
  };
};

const refusalOf = (work: () => void): string => {
  try {
    work();
  } catch (error) {
    if (error instanceof Refusal) return `${error.reason.code} ${JSON.stringify(error.reason.details)}`;
    throw error;
  }
  return 'no refusal';
};

describe('console: what is printed', () => {
  test('annotations reach the runner as they are', () => {
    const { console, read } = bench();
    console.info('two\nlines');
    console.notice('100% done: a,b');
    console.warning('first\nsecond');
    console.error('');
    expect(read()).toEqual([
      ['text', 'two'],
      ['text', 'lines'],
      ['notice', '100% done: a,b'],
      ['warning', 'first\nsecond'],
      ['error', '']
    ]);
  });

  test('text of others is inert everywhere', () => {
    const evil = fc.constantFrom(
      '::add-mask::1.2.3',
      'x ##[add-mask]1.2.3',
      'a\r\n::stop-commands::x',
      '\t::endgroup::'
    );
    fc.assert(
      fc.property(evil, fc.constantFrom('info', 'notice', 'warning', 'error'), (text, level) => {
        const { console, read } = bench();
        console[level](text);
        expect(read().every(([name]) => name === (level === 'info' ? 'text' : level))).toBe(true);
        const shown = read().flatMap(([, data]) => readLines(data));
        const reader = createCommandReader();
        expect(shown.map((line) => reader(line).kind)).not.toContain('command');
      })
    );
  });

  test('groups close also when the work fails', async () => {
    const { console, read } = bench();
    await expect(
      console.group('build ::x', async () => {
        console.info('in');
        return Promise.reject(new Error('broken'));
      })
    ).rejects.toThrow('broken');
    expect(await console.group('again', async () => Promise.resolve(7))).toBe(7);
    expect(read().map(([name]) => name)).toEqual(['group', 'text', 'endgroup', 'group', 'endgroup']);
  });

  test('a masked secret is in no sink', async () => {
    const { console, log, outputs, summary } = bench();
    const secret = 'canary-secret-%-77';
    console.mask(secret);
    const masked = log();
    expect(masked).toBe('::add-mask::canary-secret-%25-77\n');
    for (const level of ['info', 'notice', 'warning', 'error'] as const) console[level](`a ${secret} b`);
    await console.group(secret, async () => Promise.resolve());
    console.output('result', `{"x":"${secret}"}`);
    console.summary(`# ${Buffer.from(secret).toString('base64')}`);
    expect(log().slice(masked.length) + summary() + JSON.stringify(outputs())).not.toMatch(/canary|Y2FuYXJ5/);
    expect(outputs()).toEqual([['result', '{"x":"***"}']]);
  });

  test('a tiny secret would hide half the log: said, not masked', () => {
    const { console, read } = bench();
    console.mask('');
    console.mask('abc');
    expect(read().map(([name]) => name)).toEqual(['warning']);
    expect(read()[0]?.[1]).not.toContain('abc');
  });
});

describe('console: outputs', () => {
  test('any value is exactly one output, to the letter', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 5 }), (lines) => {
        const { console, outputs } = bench();
        const value = lines.join('\n');
        console.output('version', value);
        console.output('tag', 'v1');
        expect(outputs()).toEqual([
          ['version', value],
          ['tag', 'v1']
        ]);
      }),
      { numRuns: 50 }
    );
  });

  test.each(['EOF\nversion=9', 'ghadelimiter_x', 'a<<b\nc\nb', '\n', 'x\n', '\r\ny'])('%j stays one pair', (value) => {
    const { console, outputs } = bench();
    console.output('result', value);
    expect(outputs()).toEqual([['result', value]]);
  });

  test('a value the platform would drop goes to a file, and the output says where', () => {
    const { console, outputs, read } = bench();
    const value = 'x'.repeat(2_000_000);
    console.output('result', value);
    console.output('version', '1.2.3');
    const [result, version] = outputs();
    expect(version).toEqual(['version', '1.2.3']);
    const stub: unknown = JSON.parse(result?.[1] ?? '');
    expect(stub).toEqual({ truncated: true, characters: 2_000_000, file: expect.any(String) });
    const spilled = readdirSync(directory).find((name) => name.startsWith('delivery-result-')) ?? '';
    expect(readFileSync(join(directory, spilled), 'utf8')).toBe(value);
    expect(read().map(([name]) => name)).toEqual(['warning']);
  });

  test('the budget is that of all outputs together; without a place for files it is only said', () => {
    const { console, outputs } = bench({ RUNNER_TEMP: '' });
    console.output('result', 'a'.repeat(OUTPUT_BUDGET - 10));
    console.output('release-url', 'b'.repeat(11));
    expect(outputs().map(([name, value]) => [name, value.length])).toEqual([
      ['result', OUTPUT_BUDGET - 10],
      ['release-url', '{"truncated":true,"characters":11}'.length]
    ]);
  });

  test('a missing, foreign or locked file is refused, before the work and at the output', () => {
    symlinkSync(join(directory, 'output'), join(directory, 'link'));
    for (const [path, words] of [
      ['', 'is not set'],
      [directory, 'is not a regular file'],
      [join(directory, 'link'), 'is not a regular file'],
      [join(directory, 'no', 'such'), 'ENOENT']
    ] as const) {
      const { console, log } = bench({ GITHUB_OUTPUT: path });
      for (const work of [() => console.check(), () => console.output('tag', 'v1')]) {
        expect(refusalOf(work)).toMatch(new RegExp(`^internal .*GITHUB_OUTPUT.*${words}`));
      }
      expect(log()).toBe('');
    }
    expect(refusalOf(() => bench().console.check())).toBe('no refusal');
  });
});

describe('console: summary', () => {
  test('parts follow each other', () => {
    const { console, summary } = bench();
    console.summary('# One');
    console.summary('# Two');
    expect(summary()).toBe('# One\n# Two\n');
  });

  test('above 1 MiB it ends at a whole block and says so', () => {
    const { console, summary } = bench();
    console.summary('# Table');
    const rows = Array.from({ length: 40_000 }, (_, row) => `| ${row} | é |`).join('\n');
    console.summary(
      [
        'before',
        '',
        rows,
        '',
        '<details><summary>x</summary>',
        '',
        'y'.repeat(SUMMARY_LIMIT),
        '',
        '</details>',
        '',
        'z'
      ].join('\n')
    );
    console.summary('later');
    expect(Buffer.byteLength(summary())).toBeLessThanOrEqual(SUMMARY_LIMIT);
    expect(summary().startsWith(`# Table\nbefore\n\n${rows}\n\n`)).toBe(true);
    expect(summary()).not.toMatch(/<details>|later/);
    expect(summary()).toContain('cut');
  });

  test('never cuts inside a code block or a fold', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), fc.constantFrom('fence', 'fold'), (blocks, kind) => {
        const { console, summary } = bench();
        const open = kind === 'fence' ? '````md' : '<details>';
        const close = kind === 'fence' ? '````' : '</details>';
        const filler = 'w '.repeat(40_000);
        const block = [open, '', '```', filler, '', filler, close, ''].join('\n');
        console.summary(Array.from({ length: blocks }, () => block).join('\n'));
        const opened = summary().split(`${open}\n`).length;
        expect(summary().split(`${close}\n`).length).toBe(opened);
        expect(Buffer.byteLength(summary())).toBeLessThanOrEqual(SUMMARY_LIMIT);
      }),
      { numRuns: 8 }
    );
  });

  test('a runner without summaries is told once, and nothing else breaks', () => {
    const { console, read } = bench({ GITHUB_STEP_SUMMARY: '' });
    console.summary('a');
    console.summary('b');
    expect(read().map(([name]) => name)).toEqual(['warning']);
  });
});
