import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { escapeData, inertLine, inertText } from '../../src/adapters/inert.ts';
import { REGISTERED, parseCommand, readLines } from '../../rehearsal/runner/grammar.ts';
import { anyText } from '../report/examples.ts';

/** Texts built from the pieces commands are made of, so that chance finds real ones. */
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom('::', ':', '##[', '#', '[', ']', ' ', '\t', '\r', '\n', '\r\n', '\v', '\f', '\u0085', '\u2028'),
      fc.constantFrom('\u00A0', '\u200B', '\u00AD', '\uFEFF', '\u0000', '\u001B[31m', 'name=x', '%0A', '1.2.3'),
      fc.constantFrom(...REGISTERED),
      fc.constantFrom(...REGISTERED.map((name) => `::${name}::`), ...REGISTERED.map((name) => `##[${name}]`)),
      anyText
    ),
    { maxLength: 12 }
  )
  .map((pieces) => pieces.join(''));

const commandsIn = (text: string): string[] => readLines(text).flatMap((line) => parseCommand(line)?.name ?? []);

describe('inert text', () => {
  test('the generator does make commands', () => {
    const texts = fc.sample(hostile, 200);
    expect(texts.filter((text) => commandsIn(text).length > 0).length).toBeGreaterThan(20);
  });

  test('no text holds a command the runner would obey', () => {
    fc.assert(
      fc.property(hostile, (text) => expect(commandsIn(inertText(text))).toEqual([])),
      { numRuns: 2000 }
    );
  });

  test('a line stays one line for the runner, without commands', () => {
    const line = hostile.map((text) => text.replaceAll(/[\r\n]/g, ''));
    fc.assert(
      fc.property(line, (text) => {
        expect(readLines(`${inertLine(text)}\n`)).toHaveLength(1);
        expect(commandsIn(inertLine(text))).toEqual([]);
      })
    );
  });

  test('what was made inert stays as it is', () => {
    fc.assert(fc.property(hostile, (text) => expect(inertText(inertText(text))).toBe(inertText(text))));
  });

  test('ordinary text is not touched', () => {
    for (const text of ['feat: a #12 [ok]', 'std::vector<int> a::b', '  indented', 'é 日本 🚀', 'a\tb', '']) {
      expect(inertText(text)).toBe(text);
    }
  });

  test.each([
    ['::add-mask::1.2.3', ': :add-mask::1.2.3'],
    [' \u00A0::set-env name=X::y', ' \u00A0: :set-env name=X::y'],
    ['fix ##[add-mask]1.2.3', 'fix ## [add-mask]1.2.3'],
    ['a\r::error::b', 'a\n: :error::b'],
    ['a\u2028::error::b', 'a\n: :error::b'],
    ['\u001B[2Jx', '\uFFFD[2Jx']
  ])('%j becomes %j', (text, inert) => {
    expect(inertText(text)).toBe(inert);
  });

  test('the data of a command arrives as it was', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(parseCommand(`::notice::${escapeData(text)}`)?.data).toBe(text);
      })
    );
  });
});
