import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { goodBefore, isLive, isOpen, lastGood, liveIn, standing, successOf, vetoOf } from '../../src/rules/live.ts';
import { compareVersions } from '../../src/domain/version.ts';
import { digestOfVersion, minutesAgo, record, v } from '../fakes/builders.ts';

const identity = (version: string) => ({ version: v(version), digest: digestOfVersion(version) });

describe('a rollback that was interrupted', () => {
  const rollback = (state: 'in_progress' | 'error' | 'failure') =>
    record(4, '1.1.0', { state, payload: { kind: 'rollback' } });
  const before = [
    record(3, '1.2.0'),
    record(2, '1.1.0', { state: 'inactive' }),
    record(1, '1.0.0', { state: 'inactive' })
  ];

  test.each(['in_progress', 'error'] as const)('%s: the same version is meant again', (state) => {
    expect(goodBefore([rollback(state), ...before])?.payload.version).toBe('1.1.0');
  });

  test('failure: that version is bad there, so the one before it', () => {
    expect(goodBefore([rollback('failure'), ...before])?.payload.version).toBe('1.0.0');
  });

  test('without a success of its own it is not meant again', () => {
    expect(goodBefore([rollback('error'), record(1, '1.0.0', { state: 'inactive' })])?.payload.version).toBe('1.0.0');
  });
});

describe('what is live', () => {
  test('a record whose times nobody told is as old as it was made', () => {
    const { startedAt: _, succeededAt: __, ...bare } = record(2, '1.1.0', { createdAt: minutesAgo(5) });
    const { startedAt: ___, ...started } = record(1, '1.0.0');
    expect(liveIn([started, { ...bare, state: 'in_progress' }])).toMatchObject({ kind: 'unknown', record: { id: 2 } });
  });

  test('nothing was ever deployed', () => {
    expect(liveIn([])).toEqual({ kind: 'nothing' });
    expect(standing([])).toBeUndefined();
  });

  test('the newest success runs, records still waiting do not count', () => {
    const records = [
      record(3, '1.2.0', { state: 'pending' }),
      record(2, '1.1.0'),
      record(1, '1.0.0', { state: 'inactive' })
    ];
    expect(liveIn(records)).toEqual({ kind: 'version', record: records[1] });
    expect(standing(records)).toBe('1.1.0');
  });

  test.each(['failure', 'error', 'in_progress'] as const)(
    'a newer record that touched the target and is %s makes it unknown',
    (state) => {
      const records = [record(2, '1.1.0', { state }), record(1, '1.0.0')];
      expect(liveIn(records)).toEqual({ kind: 'unknown', record: records[0] });
      expect(standing(records)).toBe('1.1.0');
    }
  );

  test('a record that ended before touching anything changes nothing', () => {
    const refused = record(2, '1.1.0', { state: 'pending' });
    const records = [{ ...refused, state: 'error' as const }, record(1, '1.0.0')];
    expect(liveIn(records)).toEqual({ kind: 'version', record: records[1] });
  });

  test('a ticket that waited for a rollback with a higher number is live after it', () => {
    const back = record(3, '1.0.0', { state: 'inactive', startedAt: minutesAgo(20) });
    const waited = record(2, '0.9.0', { startedAt: minutesAgo(10) });
    const records = [back, waited, record(1, '1.1.0', { state: 'failure', startedAt: minutesAgo(30) })];
    expect(liveIn(records)).toEqual({ kind: 'version', record: waited });
    expect(lastGood(records, v('0.9.0'))).toBe(back);
  });

  test('an environment whose last version was retired runs nothing', () => {
    expect(liveIn([record(1, '1.0.0', { state: 'inactive' })])).toEqual({ kind: 'nothing' });
  });

  test('after a rollback the rollback is live, although the broken record is older', () => {
    const back = record(3, '1.0.0', { payload: { kind: 'rollback' } });
    const records = [back, record(2, '1.1.0', { state: 'failure' }), record(1, '1.0.0', { state: 'inactive' })];
    expect(liveIn(records)).toEqual({ kind: 'version', record: back });
    expect(isLive(records, identity('1.0.0'))).toBe(true);
    expect(isLive(records, identity('1.1.0'))).toBe(false);
  });

  test('the same version with other bytes is not what is live', () => {
    expect(isLive([record(1, '1.0.0')], { version: v('1.0.0'), digest: 'sha256:other' })).toBe(false);
    expect(isLive([], identity('1.0.0'))).toBe(false);
  });
});

describe('veto', () => {
  test('a failure vetoes its version until it succeeds there', () => {
    const failed = record(2, '1.1.0', { state: 'failure' });
    expect(vetoOf([failed], identity('1.1.0'))).toBe(failed);
    expect(vetoOf([record(3, '1.1.0'), failed], identity('1.1.0'))).toBeUndefined();
    expect(vetoOf([failed], identity('1.2.0'))).toBeUndefined();
  });

  test('a run that died is no judgement on the version', () => {
    expect(vetoOf([record(2, '1.1.0', { state: 'error' })], identity('1.1.0'))).toBeUndefined();
  });

  test('a new try in progress does not lift the veto of the failure before it', () => {
    const failed = record(2, '1.1.0', { state: 'failure' });
    expect(vetoOf([record(3, '1.1.0', { state: 'in_progress' }), failed], identity('1.1.0'))).toBe(failed);
  });
});

describe('the way back', () => {
  test('the last good version is not the broken one and not a vetoed one', () => {
    const records = [
      record(4, '1.3.0', { state: 'failure' }),
      record(3, '1.2.0', { state: 'failure', succeededAt: '2026-11-24T10:00:00Z' }),
      record(2, '1.1.0', { state: 'inactive' }),
      record(1, '1.0.0', { state: 'inactive' })
    ];
    expect(lastGood(records, v('1.3.0'))).toBe(records[2]);
    expect(lastGood([record(1, '1.0.0')], v('1.0.0'))).toBeUndefined();
  });

  test('two rollbacks in a row go back twice, they do not swing', () => {
    const records = [
      record(4, '1.1.0', { payload: { kind: 'rollback' } }),
      record(3, '1.2.0', { state: 'inactive' }),
      record(2, '1.1.0', { state: 'inactive' }),
      record(1, '1.0.0', { state: 'inactive' })
    ];
    expect(goodBefore(records)?.payload.version).toBe('1.0.0');
    expect(goodBefore([])).toBeUndefined();
  });

  test('success is remembered after the version was replaced', () => {
    const old = record(1, '1.0.0', { state: 'inactive' });
    expect(successOf([record(2, '1.1.0'), old], identity('1.0.0'))).toBe(old);
  });
});

const anyRecords = fc
  .array(
    fc.record({
      version: fc.constantFrom('1.0.0', '1.1.0', '1.2.0', '2.0.0'),
      state: fc.constantFrom('pending', 'queued', 'in_progress', 'success', 'failure', 'error', 'inactive'),
      kind: fc.constantFrom('deploy', 'rollback')
    }),
    { maxLength: 12 }
  )
  .map((shapes) =>
    shapes.map(({ version, state, kind }, index) => record(100 - index, version, { state, payload: { kind } }))
  );

describe('properties', () => {
  test('what is good before is never newer than what stands there, and worked', () => {
    fc.assert(
      fc.property(anyRecords, (records) => {
        const [back, now] = [goodBefore(records), standing(records)];
        if (back === undefined || now === undefined) return;
        // the same only where a rollback to it was interrupted
        const live = liveIn(records);
        const interrupted = live.kind === 'unknown' && live.record.payload.kind === 'rollback';
        expect(compareVersions(back.payload.version, now)).toBeLessThan(interrupted ? 1 : 0);
        expect(back.succeededAt).toBeDefined();
      })
    );
  });

  test('a version called live has succeeded, and nothing newer touched the target', () => {
    fc.assert(
      fc.property(anyRecords, (records) => {
        const live = liveIn(records);
        if (live.kind !== 'version') return;
        const newer = records.filter(({ id }) => id > live.record.id);
        expect(live.record.state).toBe('success');
        expect(newer.every(({ state }) => state === 'pending' || state === 'queued')).toBe(true);
      })
    );
  });

  test('open is exactly what may still change', () => {
    fc.assert(
      fc.property(anyRecords, (records) => {
        for (const each of records) {
          expect(isOpen(each)).toBe(['pending', 'queued', 'in_progress'].includes(each.state));
        }
      })
    );
  });
});
