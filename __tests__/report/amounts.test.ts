import { expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { countOf, durationOf, listOf, sizeOf, timeOf } from '../../src/report/amounts.ts';

test.each([
  [0, '0 bytes', '0 byte'],
  [1, '1 byte', '1 byte'],
  [999, '999 bytes', '999 bytes'],
  [1000, '1 kB', '1 kB'],
  [1_250_000, '1.3 MB', '1,3 MB'],
  [2_000_000_000, '2 GB', '2 GB']
])('%d bytes', (bytes, english, portuguese) => {
  expect([sizeOf(bytes, 'en'), sizeOf(bytes, 'pt-BR')]).toEqual([english, portuguese]);
});

test.each([
  [-5, '0 s', '0 s'],
  [0.42, '0.4 s', '0,4 s'],
  [9.99, '10 s', '10 s'],
  [59.6, '1 min', '1 min'],
  [125, '2 min 5 s', '2 min e 5 s'],
  [3600, '1 h', '1 h'],
  [86_400, '1 day', '1 dia'],
  [194_700, '2 days 6 h', '2 dias e 6 h'],
  [86_401, '1 day', '1 dia']
])('%d seconds', (seconds, english, portuguese) => {
  expect([durationOf(seconds, 'en'), durationOf(seconds, 'pt-BR')]).toEqual([english, portuguese]);
});

test('the forms of a language are made once, for making them takes longer than using them', () => {
  const forms = { one: 'day', other: 'days' };
  for (const language of ['en', 'pt-BR'] as const) countOf(1, forms, language);
  const made = [jest.spyOn(Intl, 'NumberFormat'), jest.spyOn(Intl, 'PluralRules')];
  for (const language of ['en', 'pt-BR', 'en'] as const) countOf(2, forms, language);
  expect(made.map((each) => each.mock.calls.length)).toEqual([0, 0]);
  jest.restoreAllMocks();
});

test('a duration always has one or two units', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1e9, noNaN: true }), (seconds) => {
      expect(durationOf(seconds, 'en')).toMatch(/^[\d.,]+ (days?|h|min|s)( \d+ (h|min|s))?$/);
    })
  );
});

test('counts take the form of the language', () => {
  const forms = { one: 'mudança', other: 'mudanças' };
  expect([0, 1, 2, 10_000].map((count) => countOf(count, forms, 'pt-BR'))).toEqual([
    '0 mudança',
    '1 mudança',
    '2 mudanças',
    '10.000 mudanças'
  ]);
});

test('a moment reads in UTC, after the reader’s own time', () => {
  const iso = '2026-11-23T02:30:00Z';
  expect(timeOf(iso, 'en')).toBe('23 Nov 2026, 02:30 UTC');
  expect(timeOf(iso, 'pt-BR')).toBe('23/11/2026 02:30 UTC');
  expect(timeOf(iso, 'en', 'UTC')).toBe('23 Nov 2026, 02:30 UTC');
  expect(timeOf(iso, 'en', 'Europe/Berlin')).toBe('23 Nov 2026, 03:30 Europe/Berlin (02:30 UTC)');
  expect(timeOf(iso, 'en', 'America/Sao_Paulo')).toBe('22 Nov 2026, 23:30 America/Sao_Paulo (23 Nov 2026, 02:30 UTC)');
  expect(timeOf('soon', 'en')).toBe('soon');
});

test('long lists of names are counted', () => {
  const rule = { most: 2, more: (count: number) => `${count} more` };
  expect(listOf(['ana'], 'en', rule)).toBe('ana');
  expect(listOf(['ana', 'rui', 'bia', 'leo'], 'en', rule)).toBe('ana, rui and 2 more');
  expect(listOf(['ana', 'rui'], 'pt-BR', rule)).toBe('ana e rui');
});
