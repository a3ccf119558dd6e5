import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { matchesPattern } from '../../src/rules/ref-pattern.ts';

test.each([
  ['refs/tags/v*', 'refs/tags/v1.2.3', true],
  ['refs/tags/v*', 'refs/tags/api/v1.2.3', false],
  ['refs/tags/*/v*', 'refs/tags/api/v1.2.3', true],
  ['refs/tags/**', 'refs/tags/api/v1.2.3', true],
  ['refs/tags/**/v*', 'refs/tags/a/b/v1', true],
  ['refs/tags/**/v*', 'refs/tags/v1', true],
  ['refs/tags/**/v*', 'refs/tags/a/w1', false],
  ['refs/tags/v?', 'refs/tags/v1', true],
  ['refs/tags?v1', 'refs/tags/v1', false],
  ['refs/tags/v1', 'refs/tags/v10', false],
  ['refs/tags/v10', 'refs/tags/v1', false],
  ['', '', true]
])('%s and %s: %s', (pattern, ref, match) => {
  expect(matchesPattern(pattern, ref)).toBe(match);
});

const word = fc.stringMatching(/^[a-z1-9./]{0,12}$/);

test('a text matches itself; stars match whatever stands there, a single one within its part only', () => {
  fc.assert(
    fc.property(word, word, word, (a, b, c) => {
      expect(matchesPattern(a + b + c, a + b + c)).toBe(true);
      expect(matchesPattern(`${a}**`, a + b)).toBe(!a.endsWith('*'));
      const within = !b.includes('/');
      expect(
        within &&
          !matchesPattern(
            `${a.replace(/\/$/, '')}*${c.replace(/^\//, '')}`,
            a.replace(/\/$/, '') + b + c.replace(/^\//, '')
          )
      ).toBe(false);
    })
  );
});

/** One that tries every way to split the text would not come back. */
test('a pattern of many stars is matched like any other', () => {
  expect(matchesPattern('*a'.repeat(200), 'a'.repeat(300))).toBe(true);
  expect(matchesPattern(`${'*?'.repeat(200)}b`, 'a'.repeat(300))).toBe(false);
  expect(matchesPattern(`${'**/'.repeat(200)}b`, 'a/'.repeat(150))).toBe(false);
});
