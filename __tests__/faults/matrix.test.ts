import { describe, expect, test } from '@jest/globals';
import { differences } from '../../rehearsal/faults/ending.ts';
import type { Ending } from '../../rehearsal/faults/ending.ts';
import { matrixOf, scenariosOf } from '../../rehearsal/faults/matrix.ts';
import type { Scenario } from '../../rehearsal/faults/matrix.ts';
import { mixed } from '../../rehearsal/faults/order.ts';
import { unheeded } from '../../rehearsal/faults/play.ts';
import type { Played } from '../../rehearsal/faults/story.ts';
import type { LogEntry } from '../../rehearsal/hub/index.ts';

const ENDING: Ending = {
  tags: [],
  releases: [],
  records: [],
  stops: [],
  comments: [],
  latest: '',
  waiting: 0,
  environments: [],
  target: { production: 'app 1' },
  built: []
};

const entry = (overrides: Partial<LogEntry>): LogEntry => ({
  number: 1,
  when: '2026-11-24T12:00:00Z',
  kind: 'api',
  method: 'POST',
  path: '/',
  operation: 'repos/create-deployment',
  status: 201,
  actor: 'bot',
  ...overrides
});

const READ = entry({ method: 'POST', operation: 'graphql' });
const WRITE = entry({});
const STORAGE = entry({ kind: 'storage', method: 'GET', operation: 'storage' });
const GIT = entry({ kind: 'git', operation: 'git' });

const played = (requests: readonly LogEntry[], more: { points?: string[]; writes?: number } = {}): Played => ({
  step: { name: 'line/step', command: 'deploy', inputs: {}, checkout: 'files', artifact: false },
  before: { directory: '/', scene: { run: { id: 1, attempt: 1 }, sha: '', event: 'push', version: '1.0.0' } },
  job: {
    stepOutputs: {},
    outputs: {},
    dropped: [],
    summary: '',
    problems: [],
    environment: {},
    path: '',
    exitCode: 0,
    log: '',
    printed: [],
    annotations: [],
    forbidden: [],
    durationMs: 1,
    decision: 'done',
    reason: 'delivered',
    requests,
    points: more.points ?? [],
    writes: more.writes ?? 0
  },
  start: ENDING,
  ending: ENDING,
  rest: [],
  end: ENDING
});

const names = (scenarios: readonly Scenario[]): readonly string[] => scenarios.map(({ name }) => name);

describe('the matrix', () => {
  const all = ['502', 'reset', 'hang', '429', 'secondary-403', 'html', 'empty'];

  test('strikes a write before and after it is carried out', () => {
    const found = names(scenariosOf(played([WRITE])));
    for (const kind of [...all, 'killed', 'cancelled'])
      for (const phase of ['before', 'after'])
        expect(found.some((name) => name.includes(`${kind} ${phase}`))).toBe(true);
    for (const kind of ['truncated', 'outage', 'cancelled unheard'])
      expect(found.some((name) => name.includes(kind))).toBe(true);
    expect(found.some((name) => name.includes('stale'))).toBe(false);
  });

  test('strikes a read once, and lets it see the past', () => {
    const found = names(scenariosOf(played([READ])));
    for (const kind of all) expect(found.some((name) => name.includes(`${kind} before`))).toBe(true);
    expect(found.some((name) => name.includes('after'))).toBe(false);
    expect(found.some((name) => name.includes('stale'))).toBe(true);
  });

  test('strikes downloads and git, too', () => {
    const [storage, git] = [names(scenariosOf(played([STORAGE]))), names(scenariosOf(played([GIT])))];
    expect(storage.some((name) => name.includes('corrupt'))).toBe(true);
    for (const each of [storage, git]) expect(each.some((name) => name.includes('truncated'))).toBe(true);
  });

  test('kills and cancels at every write to the disk and every point of a script; the matrix at some writes', () => {
    const one = played([], { points: ['deploy', 'deployed'], writes: 20 });
    const kinds = ['kill-write', 'cancel-write', 'kill-point', 'cancel-point'];
    const counts = (found: readonly Scenario[]): readonly number[] =>
      kinds.map((kind) => found.filter(({ blow }) => blow.kind === kind).length);
    expect(counts(scenariosOf(one))).toEqual([20, 20, 4, 2]);
    expect(counts(matrixOf([one]))).toEqual([4, 2, 4, 2]);
  });

  test('stops the line before every call until the target may be touched, and knows which the job must heed', () => {
    const BEGUN = entry({ operation: 'repos/create-deployment-status' });
    const requests = [READ, WRITE, READ, entry({ method: 'GET', operation: 'list' }), STORAGE, BEGUN, BEGUN];
    const stops = (one: Played): readonly (readonly [number, boolean])[] =>
      matrixOf([one]).flatMap(({ blow }) => (blow.kind === 'stop' ? [[blow.call, blow.heeded] as const] : []));
    const heeded = [
      [1, true],
      [2, true],
      [3, true]
    ];
    expect(stops(played(requests))).toEqual([...heeded, [4, false], [5, false]]);
    // nothing stops the way back, so one of each operation shows it
    const back = { ...played(requests), step: { ...played([]).step, command: 'rollback' as const } };
    expect(stops(back).map(([, each]) => each)).toEqual([false, false, false, false]);
    const broken = played(requests);
    expect(stops({ ...broken, job: { ...broken.job, reason: 'rolled-back' } })).toEqual(heeded);
    expect(stops({ ...broken, step: { ...broken.step, command: 'release' } })).toEqual([]);
  });

  test('notices a stop that was not heeded, and one that was when nobody could have seen it', () => {
    const blow = { kind: 'stop', call: 1, heeded: true } as const;
    expect(unheeded(blow, { reason: 'line-stopped' })).toEqual([]);
    expect(unheeded(blow, { reason: 'delivered' })).toEqual(['R5: a stop before the last look ended in "delivered"']);
    expect(unheeded({ ...blow, heeded: false }, { reason: 'line-stopped' })).toHaveLength(1);
    expect(unheeded({ kind: 'kill', request: 1, phase: 'before' }, { reason: 'delivered' })).toEqual([]);
  });

  test('names every scenario once, for `--only`', () => {
    const found = names(scenariosOf(played([READ, WRITE, STORAGE, GIT, WRITE], { points: ['a', 'a'], writes: 9 })));
    expect(new Set(found).size).toBe(found.length);
  });

  test('kills a build at every write to the disk, for its next attempt finds them', () => {
    const step = { ...played([]).step, command: 'build' } as const;
    const found = matrixOf([{ ...played([], { writes: 5 }), step }]);
    expect(found.filter(({ blow }) => blow.kind === 'kill-write')).toHaveLength(5);
  });

  test('plays every kind of fault at every call of every phase', () => {
    const story = [played([READ, READ, WRITE, READ, WRITE]), played([READ, GIT, STORAGE, WRITE])];
    // who dies before a call leaves what the last write had made: that is played after the write
    const moments = (scenarios: readonly Scenario[]): ReadonlySet<string> =>
      new Set(
        names(scenarios)
          .filter((name) => !name.includes('killed before'))
          .map((name) => name.replaceAll(/request \d+|, then [a-z-]+/g, ''))
      );
    expect(moments(matrixOf(story))).toEqual(moments(story.flatMap(scenariosOf)));
    expect(matrixOf(story).length).toBeLessThan(story.flatMap(scenariosOf).length);
  });

  test('kills a delivery after every call, other commands where they had written, and plays once what finds the same state', () => {
    const calls = played([READ, READ, WRITE, READ]);
    const killed = (one: Played): readonly string[] =>
      names(matrixOf([one]))
        .filter((name) => name.includes('killed'))
        .map((name) => name.replace('line/step: ', ''));
    const afterWrite = [
      'request 3 (repos/create-deployment) killed after',
      'request 3 (repos/create-deployment) killed after, then run'
    ];
    const before = ['request 1 (graphql) killed before, then run', 'request 2 (graphql) killed before'];
    expect(killed(calls)).toEqual([
      ...before,
      'request 3 (repos/create-deployment) killed before, then run',
      ...afterWrite,
      'request 3 (repos/create-deployment) killed after, then early-run'
    ]);
    const plan = { ...calls, step: { ...calls.step, command: 'plan' as const } };
    expect(killed(plan)).toEqual([...before, ...afterWrite]);
    const twice = names(matrixOf([played([READ, WRITE]), played([READ, WRITE])]));
    expect(twice).toEqual(names(matrixOf([played([READ, WRITE])])));
  });

  test('those that wait are spread, none is lost, and the last of them begins before the others end', () => {
    const found = scenariosOf(played([READ, WRITE, GIT, WRITE, STORAGE], { writes: 200 }));
    const ordered = mixed(found);
    expect(names(ordered).toSorted()).toEqual(names(found).toSorted());
    const waits = ordered.map(({ name }) => /hang|outage|thrice|early-run/.test(name));
    const count = waits.filter(Boolean).length;
    expect(count).toBeGreaterThan(5);
    expect(waits.slice(0, 20).filter(Boolean).length).toBeLessThan(10);
    expect(waits.lastIndexOf(true)).toBeLessThan((ordered.length * 5) / 6);
    expect(mixed([])).toEqual([]);
  });
});

describe('endings', () => {
  test('that are the same differ in nothing', () => {
    expect(differences(ENDING, structuredClone(ENDING))).toEqual([]);
  });

  test('that differ say where', () => {
    expect(differences(ENDING, { ...ENDING, target: { production: 'app 2' } })).toEqual([
      'target: expected {"production":"app 1"}',
      'target: found    {"production":"app 2"}'
    ]);
  });
});
