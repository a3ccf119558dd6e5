import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { fill, inRow, judge, pauseAfter } from '../../src/rules/judge-verification.ts';

const looks = (text: string) => text.split('').map((sign) => ({ good: sign === '+' }));

test.each([
  ['', 0],
  ['+', 1],
  ['++-', 0],
  ['-++', 2],
  ['+-+', 1]
])('%s ends with %i in a row', (text, expected) => {
  expect(inRow(looks(text))).toBe(expected);
});

test.each([
  ['+++', 3, 5, 'passed'],
  ['++-+', 3, 5, 'again'],
  ['++-+', 3, 0, 'failed'],
  ['+++', 3, -1, 'passed'],
  ['', 1, 5, 'again']
])('%s with %i needed and %i s left: %s', (text, needed, secondsLeft, expected) => {
  expect(judge({ looks: looks(text), needed, secondsLeft })).toBe(expected);
});

test('looks come soon after a success and back off after failures', () => {
  expect(['+', '-', '--', '---', '----', '-+'].map((text) => pauseAfter(looks(text)))).toEqual([1, 1, 2, 4, 5, 1]);
});

test('only the two placeholders are filled, and values stay what they are', () => {
  const values = { environment: '$& prod', version: '1.0.0' };
  expect(fill('https://{environment}/{version}?{other}', values)).toBe('https://$& prod/1.0.0?{other}');
});

test('property: nothing passes whose last look was bad, and a flapping service passes only by its last row', () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { maxLength: 30 }), fc.integer({ min: 1, max: 5 }), (answers, needed) => {
      const seen = answers.map((good) => ({ good }));
      const passed = judge({ looks: seen, needed, secondsLeft: 0 }) === 'passed';
      expect(passed).toBe(answers.length >= needed && answers.slice(-needed).every(Boolean));
    })
  );
});
