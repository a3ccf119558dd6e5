import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { PROMISES } from './mutations.ts';

test('every promise has a suite and a way to break it', () => {
  expect(PROMISES.map(({ id }) => id)).toEqual(Array.from({ length: 10 }, (_, index) => `R${index + 1}`));
  for (const { suite, mutations } of PROMISES) {
    expect(existsSync(join(import.meta.dirname, suite))).toBe(true);
    expect(mutations.length).toBeGreaterThan(0);
  }
});

test.each(PROMISES.flatMap(({ id, mutations }) => mutations.map((each) => [id, each.what, each] as const)))(
  '%s: what "%s" changes stands once in the source',
  (_, __, { file, from, to }) => {
    expect(readFileSync(file, 'utf8').split(from)).toHaveLength(2);
    expect(to).not.toBe(from);
  }
);
