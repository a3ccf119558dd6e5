import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { code, codeBlock, inert } from '../../src/report/markdown.ts';
import { oneLine } from '../../src/report/plain.ts';
import { anyText } from './examples.ts';
import { aliveIn, readOf } from './strict-markdown.ts';

const HOSTILE = [
  '@org/team @everyone fixes #1, closes o/r#2 and resolves GH-3 or gh-4',
  'fixes https://github.com/o/r/issues/1 and http://evil.example www.evil.example ftp://x',
  'see o/r@4f1c2a9b8d7e6f5a4b3c2d1e0f9a8b7c6d5e4f3a and 4f1c2a9, mail me@example.org',
  '<img src=x onerror=alert(1)> <script>x</script> </td></details><!-- hidden',
  '[click](javascript:alert(1)) ![](http://tracker.example/p.png) [a][b] [^1] <https://x>',
  'a | b || c `code` ``x`` ~~gone~~ **bold** __init__ _x_ snake_case *i*',
  '# heading',
  '- item',
  '+ item',
  '1. first',
  '12) twelfth',
  '> quote',
  '=== rule',
  '--- rule',
  ':--- cell',
  '    indented',
  '```\nfence',
  '~~~',
  '&lt;b&gt; &#64;user &commat;user &amp;',
  'two\nlines\r\nand\u2028more',
  '\u202Egnp.exe\u2066 zero\u200Bwidth \u0007bell \u001B[31mred \u00ADsoft \u{E0041}tag',
  '\\@user \\#1 \\[x\\](y)',
  '$E=mc^2$ and $$x$$ and $HOME',
  'half a pair \uD83D and a whole \u{1F600}',
  'Z̸̡̢̛̗̘̙̜̝̞̟̠̣a̸l̸g̸o̸',
  '@'.repeat(200),
  '#'.repeat(400),
  'deadbeef'.repeat(20)
];

const SIGNS = fc.constantFrom(
  ...'@#$&<>\\`*~|[]()!_-+=:/.0123456789abcdefwWgGhH \n\t\u202e\u200b'.split(''),
  '://',
  'www.',
  'gh-',
  '\uD800'
);
const text = fc.oneof(
  anyText,
  fc.array(SIGNS, { maxLength: 60 }).map((signs) => signs.join('')),
  fc.array(fc.constantFrom(...HOSTILE), { maxLength: 3 }).map((parts) => parts.join(''))
);

describe('inert', () => {
  test.each(HOSTILE)('nothing lives in %j', (hostile) => {
    expect(aliveIn(inert(hostile))).toEqual([]);
  });

  test('nothing lives in any text, whatever stands around it', () => {
    fc.assert(
      fc.property(text, text, (first, second) => {
        expect(aliveIn(inert(first))).toEqual([]);
        expect(aliveIn(`${inert(first)} ${inert(second)}`.trim()).filter((name) => name !== 'block')).toEqual([]);
      }),
      { numRuns: 300 }
    );
  });

  test('a reader still reads the text', () => {
    fc.assert(fc.property(text, (any) => expect(readOf(inert(any))).toBe(oneLine(any))));
    expect(readOf(inert('fix `zip_code` for @rui (#7)'))).toBe('fix `zip_code` for @rui (#7)');
  });

  test('plain words stay as they are', () => {
    expect(inert('Frete grátis na versão 1.8.0, snake_case e 50 % (novo)')).toBe(
      'Frete grátis na versão 1.8.0, snake_case e 50 % (novo)'
    );
  });

  test('words of hexadecimal letters stay whole', () => {
    expect(inert('it succeeded')).toBe('it succeeded');
  });

  test('5 MB cost no more than a line', () => {
    for (const sign of ['(', ' ', '@', '\u0000', 'a', '_'])
      expect(inert(sign.repeat(5_000_000)).length).toBeLessThan(6000);
  });
});

test('a line is cut between characters, and says so', () => {
  expect(oneLine('abcdef', 4)).toBe('abc…');
  expect(oneLine('ab\u{1F600}cd', 4)).toBe('ab…');
  fc.assert(
    fc.property(text, fc.integer({ min: 1, max: 30 }), (any, max) => {
      const line = oneLine(any, max);
      expect(line.length).toBeLessThanOrEqual(max);
      expect(line.isWellFormed()).toBe(true);
    })
  );
});

test('a code span holds names only', () => {
  expect(code('sha256:abc')).toBe('`sha256:abc`');
  expect(code('a`b')).toBe('a&#96;b');
});

test('a code block cannot be closed from inside', () => {
  expect(codeBlock('a\n````\nb')).toBe('`````\na\n````\nb\n`````');
  expect(codeBlock('deploy:\n  run: x')).toBe('```\ndeploy:\n  run: x\n```');
});
