import { describe, expect, test } from '@jest/globals';
import { createCommandReader, parseCommand, parseKeyValueFile, readLines } from '../../../rehearsal/runner/grammar.ts';

const read = (line: string): unknown => {
  const command = parseCommand(line);
  return command === undefined ? undefined : [command.name, Object.fromEntries(command.properties), command.data];
};

describe("the runner's commands", () => {
  test.each([
    ['::error::x', ['error', {}, 'x']],
    [' \t\u00A0::ERROR::x', ['ERROR', {}, 'x']],
    [
      '::error file=a.ts,line=1,title=a%2Cb%3A%25::x%0Ay%250A',
      ['error', { file: 'a.ts', line: '1', title: 'a,b:%' }, 'x\ny%0A']
    ],
    ['::set-env name=X::y', ['set-env', { name: 'X' }, 'y']],
    ['::notice::a::b', ['notice', {}, 'a::b']],
    ['any text ##[add-mask]1.2.3', ['add-mask', {}, '1.2.3']],
    ['##[set-output name=a;x=%5D%3B]b]c', ['set-output', { name: 'a', x: '];' }, 'b]c']],
    ['::endgroup::', ['endgroup', {}, '']],
    ['::nobody::##[error]x', ['error', {}, 'x']]
  ])('%j is a command', (line, command) => {
    expect(read(line)).toEqual(command);
  });

  test.each([
    '',
    'x ::error::y',
    '::error:x',
    '::unknown::x',
    ':: error::x',
    '::error',
    '##[error',
    '##[unknown]x',
    '## [error]x',
    '\u200B::error::x'
  ])('%j is text', (line) => {
    expect(read(line)).toBeUndefined();
  });

  test('stopped commands are text until the word comes', () => {
    const reader = createCommandReader();
    const kinds = ['::error::a', '::stop-commands::Word', '::error::b', '::other::', '::word::', '::error::c'].map(
      (line) => reader(line).kind
    );
    expect(kinds).toEqual(['command', 'pause', 'text', 'text', 'resume', 'command']);
  });

  test('a word that is a command or empty does not stop anything', () => {
    const reader = createCommandReader();
    for (const word of ['', 'error', 'pause-logging']) expect(reader(`::stop-commands::${word}`).kind).toBe('broken');
    expect(reader('::error::a').kind).toBe('command');
  });

  test('lines end as .NET ends them', () => {
    expect(readLines('a\nb\r\nc\rd\n')).toEqual(['a', 'b', 'c', 'd']);
    expect(readLines('a\n\nb')).toEqual(['a', '', 'b']);
    expect(readLines('')).toEqual([]);
    expect(readLines('a\u2028b')).toEqual(['a\u2028b']);
  });
});

describe("the runner's files", () => {
  test.each([
    [
      'a=1\n\nb=x=y\n',
      [
        ['a', '1'],
        ['b', 'x=y']
      ]
    ],
    [
      'a<<E\n1\n2\nE\nb=3',
      [
        ['a', '1\n2'],
        ['b', '3']
      ]
    ],
    ['a<<E\nE\n', [['a', '']]],
    ['a<<E\n\n\nE\n', [['a', '\n']]],
    ['a=1<<2\n', [['a', '1<<2']]],
    ['a<<b=c\nx\nb=c\n', [['a', 'x']]],
    ['a<<E\r\nx\nE\r\n', [['a', 'x']]],
    ['=x\n', [['', 'x']]]
  ])('%j', (text, pairs) => {
    expect(parseKeyValueFile(text)).toEqual(pairs);
  });

  test.each(['text', '<<E\nx\nE', 'a<<\nx', 'a<<E\nx', 'a<<E\nx\n E\n'])('%j breaks the step', (text) => {
    expect(() => parseKeyValueFile(text)).toThrow(/Invalid/);
  });
});
