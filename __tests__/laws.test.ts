import { globSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';

/** A law is said by fast-check for all inputs of a kind. */
const lawsIn = (file: string): number =>
  [
    ...readFileSync(file, 'utf8').matchAll(
      /\b(?:fc\.property|fc\.asyncProperty|(?<!\.)asyncProperty|(?<!\.)property)\(/g
    )
  ].length;

test('the tests state at least 75 laws, in many places', () => {
  const files = globSync('__tests__/**/*.test.ts').map((file) => ({ file, laws: lawsIn(file) }));
  const stating = files.filter(({ laws }) => laws > 0);
  expect(stating.reduce((sum, { laws }) => sum + laws, 0)).toBeGreaterThanOrEqual(75);
  expect(stating.length).toBeGreaterThanOrEqual(30);
});
