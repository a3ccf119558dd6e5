import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ahead, isOurPast, leftOpen, pauseInQueue, turnOf } from '../../src/rules/ticket.ts';
import { record } from '../fakes/builders.ts';

test('the lowest open record goes first', () => {
  const records = [
    record(3, '1.2.0', { state: 'pending' }),
    record(2, '1.1.0', { state: 'in_progress' }),
    record(1, '1.0.0')
  ];
  expect(turnOf({ records, ours: 2 })).toEqual({ kind: 'ours' });
  expect(turnOf({ records, ours: 3 })).toEqual({ kind: 'wait', holder: records[1] });
});

test('of several before us the oldest is named', () => {
  const records = [
    record(4, '1.3.0', { state: 'pending' }),
    record(3, '1.2.0', { state: 'queued' }),
    record(2, '1.1.0', { state: 'pending' })
  ];
  expect(ahead(records, 4).map(({ id }) => id)).toEqual([2, 3]);
  expect(turnOf({ records, ours: 4 })).toEqual({ kind: 'wait', holder: records[2] });
});

test('an answer without our own record proves nothing', () => {
  expect(turnOf({ records: [record(1, '1.0.0')], ours: 9 })).toEqual({ kind: 'unseen' });
});

test('a record somebody closed has lost its turn', () => {
  expect(turnOf({ records: [record(2, '1.1.0', { state: 'error' })], ours: 2 })).toEqual({ kind: 'lost' });
});

test('an earlier attempt of our own run is past, another run or the same attempt is not', () => {
  const run = { id: 7, attempt: 2 };
  const of = (id: number, attempt: number) => record(1, '1.0.0', { payload: { run: { id, attempt, url: '' } } });
  expect(isOurPast(of(7, 1), run)).toBe(true);
  expect(isOurPast(of(7, 2), run)).toBe(false);
  expect(isOurPast(of(8, 1), run)).toBe(false);
});

test('a wait of an hour costs fewer than a hundred looks', () => {
  expect([0, 1, 2, 20].map(pauseInQueue)).toEqual([5, 8, 11, 60]);
  let [seconds, looks] = [0, 0];
  for (; seconds < 3600; looks += 1) seconds += pauseInQueue(looks);
  expect(looks).toBeLessThan(100);
});

test('what an earlier attempt left open, oldest first', () => {
  const of = (id: number, attempt: number, state: 'pending' | 'in_progress' | 'failure') =>
    record(id, '1.0.0', { state, payload: { run: { id: 7, attempt, url: '' } } });
  const records = [of(4, 2, 'pending'), of(3, 1, 'pending'), of(2, 1, 'failure'), of(1, 1, 'in_progress')];
  expect(leftOpen(records, { id: 7, attempt: 2 }).map(({ id }) => id)).toEqual([1, 3]);
});

test('property: of all open records exactly one has its turn', () => {
  const states = fc.array(fc.constantFrom('pending', 'queued', 'in_progress', 'success', 'failure', 'inactive'), {
    maxLength: 10
  });
  fc.assert(
    fc.property(states, (list) => {
      const records = list.map((state, index) => record(index + 1, '1.0.0', { state })).toReversed();
      const turns = records.map(({ id }) => turnOf({ records, ours: id }).kind);
      const open = list.filter((state) => ['pending', 'queued', 'in_progress'].includes(state)).length;
      expect(turns.filter((kind) => kind === 'ours')).toHaveLength(Math.min(1, open));
      expect(turns.filter((kind) => kind === 'wait')).toHaveLength(Math.max(0, open - 1));
    })
  );
});
