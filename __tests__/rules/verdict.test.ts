import { expect, test } from '@jest/globals';
import { exitCodeOf, verdictOf } from '../../src/rules/verdict.ts';
import { reason } from '../../src/domain/refusal.ts';

test.each([
  ['already-live', 'nothing-to-do'],
  ['hosting-failed', 'failed'],
  ['freeze', 'refused'],
  ['invalid-input', 'refused']
] as const)('%s is %s', (code, verdict) => {
  expect(verdictOf(code)).toBe(verdict);
});

const superseded = reason('superseded', { version: '1.0.0', environment: 'production', live: '1.1.0' });
const cancelled = reason('cancelled', { command: 'deploy' });

test('green: done, nothing to do, superseded; red: everything else', () => {
  expect(exitCodeOf({ verdict: 'done', reason: cancelled })).toBe(0);
  expect(exitCodeOf({ verdict: 'nothing-to-do', reason: cancelled })).toBe(0);
  expect(exitCodeOf({ verdict: 'refused', reason: superseded })).toBe(0);
  expect(exitCodeOf({ verdict: 'refused', reason: cancelled })).toBe(1);
  expect(exitCodeOf({ verdict: 'failed', reason: superseded })).toBe(1);
  expect(exitCodeOf({ verdict: 'rolled-back', reason: cancelled })).toBe(1);
});
