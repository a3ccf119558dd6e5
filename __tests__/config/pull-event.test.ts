import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parsePullEvent } from '../../src/config/pull-event.ts';

const EVENT = { action: 'closed', number: 12, pull_request: { head: { sha: 'a'.repeat(40), ref: 'x' }, merged: true } };

test('tells the pull request, what happened to it, and its newest commit', () => {
  expect(parsePullEvent(JSON.stringify({ ...EVENT, repository: {} }))).toEqual({
    number: 12,
    action: 'closed',
    head: 'a'.repeat(40)
  });
});

test.each([
  ['no JSON', '{'],
  ['nothing', ''],
  ['null', 'null'],
  ['a push', JSON.stringify({ ref: 'refs/heads/main', after: 'a'.repeat(40) })],
  ['no number', JSON.stringify({ ...EVENT, number: undefined })],
  ['a number in quotes', JSON.stringify({ ...EVENT, number: '12' })],
  ['a number no pull request has', JSON.stringify({ ...EVENT, number: 2 ** 31 })],
  ['a negative number', JSON.stringify({ ...EVENT, number: -1 })],
  ['an action that is a list', JSON.stringify({ ...EVENT, action: ['closed'] })],
  ['a commit that is an option', JSON.stringify({ ...EVENT, pull_request: { head: { sha: '--upload-pack=x' } } })],
  ['no head', JSON.stringify({ ...EVENT, pull_request: {} })]
])('%s is about no pull request', (_, text) => expect(parsePullEvent(text)).toBeUndefined());

test('property: whatever stands in the file, reading it never throws', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json(), fc.constant(JSON.stringify(EVENT))), (text) => {
      const event = parsePullEvent(text);
      expect(event === undefined || event.number > 0).toBe(true);
    })
  );
});
