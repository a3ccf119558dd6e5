import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { DeploymentRecord } from '../../src/domain/deployment.ts';
import type { Stop } from '../../src/domain/environment.ts';
import { liveIn, replaced } from '../../src/rules/live.ts';
import { goesBackTo, hasBroken, wayBackLeft } from '../../src/rules/way-back.ts';
import { digestOfVersion, minutesAgo, record, v } from '../fakes/builders.ts';

const RUN = { id: 7, attempt: 1, url: 'https://hub.test/runs/7' };
const OLD = record(1, '1.0.0', { startedAt: minutesAgo(90) });
const BROKEN = record(2, '1.1.0', { state: 'in_progress', startedAt: minutesAgo(30), payload: { run: RUN } });
const back = (id: number, shape: Parameters<typeof record>[2] = {}): DeploymentRecord =>
  record(id, '1.0.0', {
    state: 'in_progress',
    startedAt: minutesAgo(20),
    ...shape,
    payload: { kind: 'rollback', previous: v('1.1.0'), run: RUN, ...shape.payload }
  });
const stop = (overrides: Partial<Stop> = {}): Stop => ({
  number: 1,
  url: 'https://hub.test/issues/1',
  title: 'Line stopped: 1.1.0 failed in production',
  author: 'bot',
  createdAt: minutesAgo(25),
  ...overrides
});

describe('a way back that nobody finished', () => {
  test.each([
    ['begun: its rollback was touching the target', [OLD, BROKEN, back(3)], []],
    [
      'interrupted: its rollback was closed as an error',
      [OLD, { ...BROKEN, state: 'failure' }, back(3, { state: 'error' })],
      []
    ],
    [
      'due: its rollback was filed and not begun',
      [OLD, BROKEN, record(3, '1.0.0', { state: 'pending', payload: { kind: 'rollback', run: RUN } })],
      []
    ],
    ['due: the line was stopped for it', [OLD, BROKEN], [stop()]],
    ['due: it was closed as a failure', [OLD, { ...BROKEN, state: 'failure' }], []]
  ] as const)('%s', (_, records, stops) => {
    const way = wayBackLeft({ records, stops });
    expect({ from: way?.from, to: way?.to.payload.version }).toEqual({ from: '1.1.0', to: '1.0.0' });
  });

  test.each([
    ['a delivery that only died', [OLD, BROKEN], []],
    ['one that was cancelled, and the line stopped for it later', [OLD, { ...BROKEN, state: 'error' }], [stop()]],
    ['a stop about another version', [OLD, BROKEN], [stop({ title: 'Line stopped: 1.2.0 failed in production' })]],
    ['a stop about another environment', [OLD, BROKEN], [stop({ title: 'Line stopped: 1.1.0 failed in staging' })]],
    [
      'a stop about a place of a longer name',
      [OLD, BROKEN],
      [stop({ title: 'Line stopped: 1.1.0 failed in production-eu' })]
    ],
    ['a stop about a longer version', [OLD, BROKEN], [stop({ title: 'Line stopped: 11.1.0 failed in production' })]],
    ['a stop older than the delivery', [OLD, BROKEN], [stop({ createdAt: minutesAgo(31) })]],
    ['a rollback that was proven to fail', [OLD, BROKEN, back(3, { state: 'failure' })], []],
    ['a rollback that a person asked for', [OLD, back(3, { state: 'error', payload: { manualTouches: 1 } })], []],
    ['a rollback that names nothing it came from', [OLD, back(3, { state: 'error', payload: { previous: null } })], []],
    [
      'one that is done',
      [OLD, { ...BROKEN, state: 'failure' }, back(3, { state: 'success', succeededAt: minutesAgo(10) })],
      []
    ],
    ['the first delivery of all: there is nothing to go back to', [BROKEN], [stop()]],
    [
      'a person who delivered an older version',
      [record(1, '1.2.0', { startedAt: minutesAgo(90) }), { ...BROKEN, state: 'failure' }],
      []
    ]
  ] as const)('is not %s', (_, records, stops) => {
    expect(wayBackLeft({ records, stops })).toBeUndefined();
  });

  test('is tried five times, and again after something worked', () => {
    const tries = (from: number): DeploymentRecord[] =>
      Array.from({ length: 5 }, (_, index) => back(from + index, { state: 'error' }));
    const broken = { ...BROKEN, state: 'failure' } as const;
    expect(wayBackLeft({ records: [OLD, broken, ...tries(3).slice(1)], stops: [] })).toBeDefined();
    expect(wayBackLeft({ records: [OLD, broken, ...tries(3)], stops: [] })).toBeUndefined();
    const later = [
      record(9, '1.0.0', { startedAt: minutesAgo(15) }),
      back(10, { state: 'error', startedAt: minutesAgo(5) })
    ];
    expect(wayBackLeft({ records: [OLD, broken, ...tries(3), ...later], stops: [] })).toBeDefined();
  });

  test('leads only where something worked, and only from where nothing is known to run', () => {
    const state = fc.constantFrom(
      'pending',
      'queued',
      'in_progress',
      'success',
      'failure',
      'error',
      'inactive' as const
    );
    const shape = fc.record({
      version: fc.constantFrom('1.0.0', '1.1.0', '1.2.0'),
      state,
      kind: fc.constantFrom('deploy' as const, 'rollback' as const),
      manualTouches: fc.integer({ min: 0, max: 1 }),
      run: fc.integer({ min: 1, max: 3 })
    });
    fc.assert(
      fc.property(fc.array(shape, { maxLength: 8 }), fc.boolean(), (shapes, stopped) => {
        const records = shapes.map(({ version, state: now, kind, manualTouches, run }, index) =>
          record(index + 1, version, {
            state: now,
            ...(now === 'pending' || now === 'queued' ? {} : { startedAt: minutesAgo(60 - index) }),
            payload: { kind, manualTouches, previous: v('1.1.0'), run: { ...RUN, id: run } }
          })
        );
        const way = wayBackLeft({ records, stops: stopped ? [stop()] : [] });
        if (way === undefined) return;
        expect(liveIn(records)).toEqual({ kind: 'unknown', record: way.left });
        expect(way.to.succeededAt !== undefined || way.to.payload.manualTouches === 0).toBe(true);
        expect(way.left.state === 'failure' && way.left.payload.kind === 'rollback').toBe(false);
      })
    );
  });
});

test('a delivery has broken when its run began to go back; a rollback never reads so', () => {
  expect(hasBroken(BROKEN, { records: [BROKEN, back(3)], stops: [] })).toBe(true);
  expect(hasBroken(BROKEN, { records: [BROKEN, back(3, { payload: { run: { ...RUN, id: 8 } } })], stops: [] })).toBe(
    false
  );
  expect(hasBroken(back(2), { records: [back(2), back(3)], stops: [stop()] })).toBe(false);
  expect(hasBroken({ ...record(2, '1.1.0', { state: 'pending' }) }, { records: [], stops: [stop()] })).toBe(false);
});

test('it goes back to what ran before, else to the last that worked', () => {
  const retired = record(1, '1.0.0', { state: 'inactive', startedAt: minutesAgo(90) });
  const broken = { id: 2, version: v('1.1.0') };
  expect(goesBackTo([OLD, BROKEN], broken)?.id).toBe(1);
  expect(goesBackTo([retired, BROKEN], broken)?.id).toBe(1);
  expect(goesBackTo([BROKEN], broken)).toBeUndefined();
});

test('an interrupted delivery of the same bytes replaces what it replaced the first time', () => {
  const same = { version: v('1.0.0'), digest: digestOfVersion('1.0.0') };
  expect(replaced([OLD, back(3, { state: 'error' })], same)).toBe('1.1.0');
  expect(replaced([OLD, back(3, { state: 'error' })], { ...same, digest: digestOfVersion('x') })).toBe('1.0.0');
  expect(replaced([OLD], same)).toBe('1.0.0');
  expect(replaced([back(3, { state: 'error', payload: { previous: null } })], same)).toBeUndefined();
  expect(replaced([], same)).toBeUndefined();
});
