import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createRedactor } from '../../src/adapters/redact.ts';

const SECRET = 'ghs_canary/Zq+8 &x';

describe('redactor', () => {
  test.each([
    ['plain', SECRET],
    ['trimmed', SECRET.trim()],
    ['base64', Buffer.from(SECRET).toString('base64')],
    ['base64 behind a user name', Buffer.from(`x-access-token:${SECRET}`).toString('base64')],
    ['base64 behind one more byte', Buffer.from(`xx-access-token:${SECRET}`).toString('base64')],
    ['base64url', Buffer.from(`u:${SECRET}`).toString('base64url')],
    ['URL', encodeURIComponent(SECRET)],
    ['URL in lower case', encodeURIComponent(SECRET).replaceAll(/%../g, (each) => each.toLowerCase())],
    ['form', new URLSearchParams({ a: SECRET }).toString()]
  ])('hides the %s form', (_name, form) => {
    const redactor = createRedactor([SECRET]);
    expect(redactor.holds(form)).toBe(true);
    const clean = redactor.redact(`before ${form} after`);
    expect(clean).toMatch(/^before .*\*\*\*.* after$/);
    expect(redactor.holds(clean)).toBe(false);
  });

  test('hides each line of a key, and the JSON form of the whole', () => {
    const key = '-----BEGIN KEY-----\nabcdefgh12345678\n-----END KEY-----\n';
    const redactor = createRedactor([key]);
    expect(redactor.redact('got abcdefgh12345678')).toBe('got ***');
    expect(redactor.redact(`{"k":${JSON.stringify(key)}}`)).toBe('{"k":"***"}');
  });

  test('leaves short secrets alone', () => {
    const redactor = createRedactor(['', ' ', 'abc', 'x\n']);
    expect(redactor.redact('abc x')).toBe('abc x');
    expect(redactor.longest).toBe(0);
  });

  test('no printed secret survives, whatever it is made of', () => {
    const secret = fc
      .string({ unit: 'grapheme', minLength: 8, maxLength: 40 })
      .filter((text) => text.trim().length >= 8);
    fc.assert(
      fc.property(secret, fc.string(), fc.nat(2), (value, around, shift) => {
        const encoded = Buffer.from('xyz'.slice(0, shift) + value).toString('base64');
        const redactor = createRedactor([value]);
        expect(redactor.redact(around + value + around)).not.toContain(value);
        expect(redactor.redact(encoded)).toContain('***');
      })
    );
  });
});
