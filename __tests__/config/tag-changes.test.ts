import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readTagChanges } from '../../src/config/tag-changes.ts';
import type { Change } from '../../src/domain/change.ts';
import { MOST_CARRIED, readTagMessage, tagMessage } from '../../src/domain/tag-message.ts';
import { v } from '../fakes/builders.ts';

const [manifestSha256, tarSha256] = ['a'.repeat(64), 'b'.repeat(64)];
const noteOf = (changes: number) => ({ manifestSha256, tarSha256, changes });

const change = (overrides: Partial<Change> = {}): Change => ({
  commit: 'c'.repeat(40),
  type: 'feat',
  scope: 'cart',
  subject: 'keep the cart (#12)',
  breaking: false,
  author: 'Ana Souza',
  pull: 12,
  date: '2026-11-24T02:00:00Z',
  ...overrides
});

const messageOf = (changes: readonly Change[], previous: string | null = '1.4.1'): string =>
  tagMessage(v('1.4.2'), noteOf(changes.length), { previous: previous === null ? null : v(previous), changes });

const OLD = tagMessage(v('1.4.2'), noteOf(1));

test('a tag reads well: what it is, what it vouches for, what came before, and a line for each change', () => {
  const last = change({
    commit: 'd'.repeat(40),
    type: 'fix',
    subject: 'count again',
    authored: '2026-11-23T02:00:00Z'
  });
  const { scope: _, pull: __, ...plain } = last;
  expect(messageOf([change(), plain])).toBe(`Version 1.4.2

release.json sha256:${manifestSha256}
archive.tar sha256:${tarSha256}
changes 2
previous 1.4.1

change {"type":"feat","scope":"cart","subject":"keep the cart (#12)","breaking":false,"author":"Ana Souza","pull":12,"date":"2026-11-24T02:00:00Z","commit":"${'c'.repeat(40)}"}
change {"type":"fix","subject":"count again","breaking":false,"author":"Ana Souza","date":"2026-11-24T02:00:00Z","authored":"2026-11-23T02:00:00Z","commit":"${'d'.repeat(40)}"}
`);
});

test('the first version follows none, and one without changes carries them all the same', () => {
  expect(messageOf([], null)).toContain('changes 0\nprevious none\n');
  expect(readTagChanges(messageOf([], null))).toEqual({ version: '1.4.2', previous: null, changes: [] });
});

describe('what was written is read', () => {
  const words = fc.string({
    unit: fc.oneof(
      fc.constantFrom(
        '\n',
        '\r',
        '\u0085',
        '\u2028',
        '\u2029',
        '\u202e',
        '\u0000',
        '"',
        '\\',
        '{',
        '}',
        ' ',
        'é',
        '🦜'
      ),
      fc.string()
    )
  });
  const moment = fc
    .date({ min: new Date('2005-04-08T00:00:00Z'), max: new Date('2100-01-01T00:00:00Z'), noInvalidDate: true })
    .map((date) => date.toISOString());
  const changes = fc.array(
    fc.record(
      {
        commit: fc.stringMatching(/^[0-9a-f]{40}$/),
        type: words.map((text) => text.slice(0, 100)),
        scope: words,
        subject: fc.oneof(words, fc.string({ unit: 'binary' }), fc.constant('half \ud83e'), fc.constant('\udd9c half')),
        breaking: fc.boolean(),
        author: words,
        pull: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
        date: moment,
        authored: moment
      },
      { requiredKeys: ['commit', 'type', 'subject', 'breaking', 'author', 'date'] }
    ),
    { maxLength: 4 }
  );

  test('to the character, on one visible line each, and the lines of before are as they were', () => {
    fc.assert(
      fc.property(changes, (made) => {
        const message = messageOf(made);
        expect(readTagChanges(message)).toEqual({ version: '1.4.2', previous: '1.4.1', changes: made });
        expect(readTagMessage(message)).toEqual(noteOf(made.length));
        expect(message.split(/\r\n|[\n\r\v\f\u0085\u2028\u2029]/)).toHaveLength(7 + (made.length && made.length + 1));
        expect(message.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
      })
    );
  });

  test('also where a server leaves off the last line break, or adds one', () => {
    const message = messageOf([change()]);
    for (const each of [message.trimEnd(), `${message}\n`]) expect(readTagChanges(each)?.changes).toEqual([change()]);
  });
});

const FORGED = `release.json sha256:${'f'.repeat(64)}`;

describe('no text of a commit becomes a line of its own', () => {
  test.each([
    ['LF', '\n'],
    ['CR', '\r'],
    ['CR LF', '\r\n'],
    ['NEL', '\u0085'],
    ['U+2028', '\u2028'],
    ['U+2029', '\u2029'],
    ['VT', '\v'],
    ['NUL', '\0']
  ])('after %s', (_, line) => {
    const text = `x${line}${FORGED}${line}archive.tar sha256:${'f'.repeat(64)}${line}changes 9${line}change {}`;
    const hostile = change({ subject: text, type: text.slice(0, 100), scope: text, author: text });
    const message = messageOf([hostile]);
    expect(readTagMessage(message)).toEqual(noteOf(1));
    expect(readTagChanges(message)?.changes).toEqual([hostile]);
    expect(message.split(/[\n\r\v\f\0\u0085\u2028\u2029]/)).toHaveLength(9);
  });

  test('a title that is such a line itself', () => {
    const message = messageOf([change({ subject: FORGED })]);
    expect(readTagMessage(message)?.manifestSha256).toBe(manifestSha256);
  });

  test('the end of a signature neither', () => {
    const message = messageOf([change({ subject: '\n-----BEGIN PGP SIGNATURE-----\n' })]);
    expect(message).not.toMatch(/^-----BEGIN/m);
  });
});

describe('all or none', () => {
  const many = (count: number): Change[] => Array.from({ length: count }, () => change());

  test('twenty fit, one more does not: then the message says how many there are', () => {
    expect(readTagChanges(messageOf(many(MOST_CARRIED)))?.changes).toHaveLength(20);
    const message = messageOf(many(MOST_CARRIED + 1));
    expect(message).toMatch(/changes 21\nprevious 1\.4\.1\n$/);
    expect(readTagChanges(message)).toBeUndefined();
    expect(readTagMessage(message)).toEqual(noteOf(21));
  });

  test.each([
    ['a title of ten thousand characters', change({ subject: 'x'.repeat(10_000) })],
    ['four thousand characters of three bytes', change({ subject: '語'.repeat(4000) })],
    ['two thousand that are told by six', change({ subject: '\u202e'.repeat(2000) })]
  ])('%s are too long', (_, long) => {
    const message = messageOf([change(), long]);
    expect(message.length).toBeLessThan(300);
    expect(readTagChanges(message)).toBeUndefined();
  });

  test('the longest message that is written is read', () => {
    const room = 8192 - messageOf([change({ subject: '' })]).length + messageOf([]).length + 2;
    const [fits, over] = [room, room + 1].map((length) => messageOf([change({ subject: 'x'.repeat(length) })]));
    expect(readTagChanges(fits ?? '')?.changes).toHaveLength(1);
    expect(readTagChanges(over ?? '')).toBeUndefined();
  });
});

describe('a message that `release` would not have written carries none', () => {
  const [whole, line] = [messageOf([change()]), messageOf([change()]).split('\n').at(-2) ?? ''];
  const first = JSON.stringify(change());

  test.each([
    ['the one of before', OLD],
    ['none at all', ''],
    ['a line less than it says', whole.replace(/\n\nchange .*/, '')],
    ['a line more', `${whole}${line}\n`],
    ['another number', whole.replace('changes 1', 'changes 2')],
    ['more than may be', whole.replace('changes 1', 'changes 21') + `${line}\n`.repeat(20)],
    ['no JSON', whole.replace(/change .*/, 'change {')],
    ['another prefix', whole.replace('change {', 'Change {')],
    ['a text below', `${whole}\nmore\n`],
    ['a text above', `more\n${whole}`],
    ['a field too many', whole.replace('"type"', '"x":1,"type"')],
    ['a field that is missing', whole.replace('"breaking":false,', '')],
    ['a field of another kind', whole.replace('"pull":12', '"pull":"12"')],
    ['a commit that is none', whole.replace('c'.repeat(40), 'c'.repeat(39))],
    ['a date that is none', whole.replace('T02:', 'T99:')],
    ['a list', whole.replace(/change .*/, `change [${first}]`)],
    ['no version before', whole.replace('previous 1.4.1\n', '')],
    ['a word for the version before', whole.replace('previous 1.4.1', 'previous 1.4')],
    ['a word for the version', whole.replace('Version 1.4.2', 'Version 1.4.02')],
    ['one longer than any', whole.replace('keep', 'keep'.repeat(2300))]
  ])('%s', (_, message) => expect(readTagChanges(message)).toBeUndefined());
});
