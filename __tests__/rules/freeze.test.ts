import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Freeze } from '../../src/domain/environment.ts';
import { frozenUntil } from '../../src/rules/freeze.ts';

const DAY = 24 * 60;
const weekend: Freeze = {
  kind: 'weekly',
  from: 4 * DAY + 16 * 60,
  to: 8 * 60,
  zone: 'America/Sao_Paulo',
  reason: 'nobody on call'
};
const holidays: Freeze = {
  kind: 'dates',
  from: '2026-12-20',
  to: '2027-01-02',
  zone: 'America/Sao_Paulo',
  reason: 'holidays',
  owner: 'ana'
};

const until = (freeze: readonly Freeze[], at: string): string | undefined =>
  frozenUntil({ freeze }, new Date(at))?.until.toISOString();

describe('weekly windows', () => {
  test.each([
    ['a minute before', '2026-11-27T18:59:59Z', undefined],
    ['the first minute', '2026-11-27T19:00:00Z', '2026-11-30T11:00:00.000Z'],
    ['Sunday, across the turn of the week', '2026-11-29T12:00:00Z', '2026-11-30T11:00:00.000Z'],
    ['the last minute', '2026-11-30T10:59:30Z', '2026-11-30T11:00:00.000Z'],
    ['the minute after', '2026-11-30T11:00:00Z', undefined]
  ])('%s', (_, at, expected) => {
    expect(until([weekend], at)).toBe(expected);
  });

  test('the clock change inside a window moves its end, not its wall time', () => {
    // New York leaves daylight saving time on Sunday 2026-11-01: the window is one hour longer in UTC
    const window: Freeze = { ...weekend, zone: 'America/New_York' };
    expect(until([window], '2026-10-30T20:00:00Z')).toBe('2026-11-02T13:00:00.000Z');
    expect(until([window], '2026-10-23T20:00:00Z')).toBe('2026-10-26T12:00:00.000Z');
  });
});

describe('dates', () => {
  test.each([
    ['the evening before', '2026-12-20T02:59:00Z', undefined],
    ['midnight in the zone', '2026-12-20T03:00:00Z', '2027-01-03T03:00:00.000Z'],
    ['the last minute', '2027-01-03T02:59:00Z', '2027-01-03T03:00:00.000Z'],
    ['the day after', '2027-01-03T03:00:00Z', undefined]
  ])('%s', (_, at, expected) => {
    expect(until([holidays], at)).toBe(expected);
  });

  test('a single day', () => {
    const day: Freeze = { ...holidays, from: '2026-12-25', to: '2026-12-25', zone: 'Pacific/Kiritimati' };
    expect(until([day], '2026-12-24T10:00:00Z')).toBe('2026-12-25T10:00:00.000Z');
  });

  test('a freeze of decades is answered at once', () => {
    const long: Freeze = { ...holidays, to: '2099-12-31' };
    expect(until([long], '2026-12-25T00:00:00Z')).toBe('2100-01-01T03:00:00.000Z');
  });
});

test('of several freezes the one that ends last is named', () => {
  const found = frozenUntil({ freeze: [weekend, holidays] }, new Date('2026-12-26T12:00:00Z'));
  expect(found?.freeze.reason).toBe('holidays');
});

const zones = ['UTC', 'America/Sao_Paulo', 'Europe/Lisbon', 'Australia/Lord_Howe', 'Asia/Kathmandu'];

test('property: the end is the first open minute, and the minute before is frozen', () => {
  const minute = fc.integer({ min: 0, max: 7 * DAY - 1 });
  const instant = fc.integer({ min: Date.parse('2026-01-01') / 60_000, max: Date.parse('2027-12-31') / 60_000 });
  fc.assert(
    fc.property(minute, minute, fc.constantFrom(...zones), instant, (from, to, zone, at) => {
      const freeze: Freeze = { kind: 'weekly', from, to, zone, reason: 'why' };
      const found = frozenUntil({ freeze: [freeze] }, new Date(at * 60_000));
      if (found === undefined) return;
      const end = found.until.getTime();
      expect(frozenUntil({ freeze: [freeze] }, new Date(end))).toBeUndefined();
      expect(frozenUntil({ freeze: [freeze] }, new Date(end - 60_000))?.until.getTime()).toBe(end);
      expect(end).toBeGreaterThan(at * 60_000);
    }),
    { numRuns: 60 }
  );
});
