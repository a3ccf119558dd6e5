import { describe, expect, test } from '@jest/globals';
import { batchSize, pastBestBefore, recordsOf, stillSoaking, unproven } from '../../src/rules/promotion.ts';
import type { Promotion } from '../../src/rules/promotion.ts';
import type { DeploymentRecord } from '../../src/domain/deployment.ts';
import { NOW, digestOfVersion, environment, minutesAgo, record, release, v } from '../fakes/builders.ts';

const FORM = { prefix: 'v', suffix: '' };

const promotion = (
  records: Record<string, readonly DeploymentRecord[]>,
  overrides: Partial<Promotion['environment']> = {}
): Promotion => ({
  version: v('1.1.0'),
  digest: digestOfVersion('1.1.0'),
  environment: environment({ needs: ['staging'], ...overrides }),
  records: new Map(Object.entries(records)),
  now: NOW
});

const staged = (shape: Parameters<typeof record>[2] = {}): DeploymentRecord =>
  record(5, '1.1.0', { environment: 'staging', ...shape });

test('environment names are case-insensitive', () => {
  expect(recordsOf(promotion({ staging: [staged()] }), 'Staging')).toHaveLength(1);
});

describe('proof', () => {
  test('the same bytes must have succeeded in everything needed', () => {
    expect(unproven(promotion({ staging: [staged()] }))).toBeUndefined();
    expect(unproven(promotion({ staging: [] }))?.code).toBe('not-proven');
    expect(unproven(promotion({ staging: [staged()] }, { needs: ['staging', 'audit'] }))?.details).toEqual({
      version: '1.1.0',
      environment: 'production',
      needs: 'audit'
    });
  });

  test('other bytes of the same version prove nothing (R6)', () => {
    expect(unproven(promotion({ staging: [staged({ payload: { digest: 'sha256:other' } })] }))?.code).toBe(
      'not-proven'
    );
  });

  test('a failure there proves nothing', () => {
    expect(unproven(promotion({ staging: [staged({ state: 'failure' })] }))?.code).toBe('not-proven');
  });

  test('bytes that ran well here before need no proof elsewhere', () => {
    const before = record(3, '1.1.0', { state: 'inactive' });
    expect(unproven(promotion({ production: [before] }))).toBeUndefined();
    expect(stillSoaking(promotion({ production: [before] }, { soakSeconds: 3600 }))).toBeUndefined();
  });
});

describe('soak', () => {
  test('time counts from the success', () => {
    const records = { staging: [staged({ succeededAt: minutesAgo(20) })] };
    expect(stillSoaking(promotion(records))).toBeUndefined();
    expect(stillSoaking(promotion(records, { soakSeconds: 20 * 60 }))).toBeUndefined();
    expect(stillSoaking(promotion(records, { soakSeconds: 30 * 60 }))?.details).toEqual({
      version: '1.1.0',
      needs: 'staging',
      until: '2026-11-24T12:10:00.000Z'
    });
  });

  test('time after the version was replaced there does not count', () => {
    const records = { staging: [staged({ state: 'inactive', succeededAt: minutesAgo(60), endedAt: minutesAgo(50) })] };
    expect(stillSoaking(promotion(records, { soakSeconds: 15 * 60 }))?.code).toBe('soak');
  });

  test('an unproven version is not said to soak as well', () => {
    expect(stillSoaking(promotion({}, { soakSeconds: 60 }))).toBeUndefined();
  });
});

describe('best before', () => {
  const week = { bestBeforeSeconds: 7 * 24 * 3600 };
  const old = minutesAgo(8 * 24 * 60);

  test('an environment never rebuilt is as old as its oldest record', () => {
    expect(pastBestBefore(promotion({ staging: [staged({ createdAt: old })] }))).toBeUndefined();
    expect(pastBestBefore(promotion({ staging: [staged({ createdAt: old })] }, week))?.details).toEqual({
      needs: 'staging',
      since: old,
      limit: '604800'
    });
    expect(pastBestBefore(promotion({}, week))).toBeUndefined();
  });

  test('a rebuild makes it young again', () => {
    const records = { staging: [staged({ payload: { kind: 'rebuild' } }), staged({ id: 1, createdAt: old })] };
    expect(pastBestBefore(promotion(records, week))).toBeUndefined();
    const failed = {
      staging: [staged({ state: 'failure', payload: { kind: 'rebuild' } }), staged({ id: 1, createdAt: old })]
    };
    expect(pastBestBefore(promotion(failed, week))?.code).toBe('best-before');
  });
});

describe('batch size', () => {
  const releases = [
    release('1.3.0'),
    release('1.2.0', { note: { manifestSha256: '', tarSha256: '', changes: 4 } }),
    release('1.1.0')
  ];

  test('every release after the live one up to the new one counts', () => {
    expect(batchSize(releases, FORM, { from: v('1.1.0'), to: v('1.3.0') })).toBe(5);
    expect(batchSize(releases, FORM, { from: v('1.1.0'), to: v('1.2.0') })).toBe(4);
    expect(batchSize(releases, FORM, { from: undefined, to: v('1.3.0') })).toBe(6);
    expect(batchSize(releases, FORM, { from: v('1.3.0'), to: v('1.2.0') })).toBe(0);
  });

  test('tags that carry no version of ours do not count', () => {
    const { note: _, ...foreign } = release('1.2.1');
    expect(
      batchSize([{ ...release('1.2.0'), tag: 'nightly' }, foreign], FORM, { from: undefined, to: v('2.0.0') })
    ).toBe(0);
  });
});
