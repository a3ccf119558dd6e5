import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parsePayload } from '../../src/config/payload.ts';
import { changed, payload } from './documents.ts';

describe('the payload of a deployment', () => {
  test('is found as an object, as text, and as text within text', () => {
    const text = JSON.stringify(payload);
    expect(parsePayload(payload)).toEqual(payload);
    expect(parsePayload(text)).toEqual(payload);
    expect(parsePayload(JSON.stringify(text))).toEqual(payload);
    expect(parsePayload(JSON.stringify(JSON.stringify(text)))).toBeUndefined();
  });

  test('of a newer version may hold more; what we do not know is left out', () => {
    const more = { ...payload, colour: 'blue', run: { ...payload.run, host: 'x' } };
    expect(parsePayload(more)).toEqual(payload);
  });

  test.each([[undefined], [null], [''], ['{}'], [{}], [[]], [7], ['null'], ['"'], [`"${'x'.repeat(300_000)}"`]])(
    '%j is not ours',
    (value) => {
      expect(parsePayload(value)).toBeUndefined();
    }
  );

  test.each([
    ['schema', 2],
    ['schema', '1'],
    ['version', '1.4'],
    ['tag', ''],
    ['digest', 'a'.repeat(64)],
    ['kind', 'up'],
    ['previous', undefined],
    ['override', 'freeze'],
    ['approvedBy', [1]],
    ['requestedBy', 'x'.repeat(300)],
    ['run.url', 'javascript:alert(1)'],
    ['run.id', -1],
    ['changes', -1],
    ['manualTouches', 0.5]
  ])('with %s = %j it is not ours', (path, value) => {
    expect(parsePayload(changed(payload, path, value))).toBeUndefined();
  });

  test('never throws and changes no object', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.anything()), (value) => {
        expect(parsePayload(value)).toBeUndefined();
      })
    );
    const evil = JSON.stringify(payload).replace('{', '{"__proto__":{"polluted":true},');
    expect(parsePayload(evil)).toEqual(payload);
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });
});
