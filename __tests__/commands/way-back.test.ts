import { describe, expect, test } from '@jest/globals';
import { deploy } from '../../src/commands/deploy.ts';
import type { DeliverCommand } from '../../src/domain/command.ts';
import type { Outcome } from '../../src/domain/outcome.ts';
import { Refusal, refuse } from '../../src/domain/refusal.ts';
import { isOpen, liveIn } from '../../src/rules/live.ts';
import { asking, inRun, publish, world } from '../fakes/world.ts';
import type { World, WorldShape } from '../fakes/world.ts';

/** 1.0.0 runs everywhere; 1.1.0, 1.2.0 are proven in staging; 1.1.0 is sick in production. */
const prepared = async (shape: WorldShape = {}): Promise<World> => {
  const base = await world(shape);
  for (const version of ['0.9.0', '1.0.0', '1.1.0', '1.2.0']) {
    await publish(base, version);
    await deploy(base, asking(version, { environment: 'staging' }));
    if (version < '1.1.0') await deploy(base, asking(version));
  }
  base.hosting.overRuns.add(100);
  base.target.sick.add('1.1.0');
  base.hosting.calls.length = 0;
  return base;
};

const DEAD = { id: 150, attempt: 1, url: 'https://hub.test/runs/150' };

/** From its k-th call on nothing is heard of the machine of the run. */
const diesAs = async (base: World, k: number, run: Partial<World['surroundings']['run']>): Promise<number> => {
  let calls = 0;
  base.hosting.before = () => {
    calls += 1;
    if (calls >= k) throw new Error('killed');
  };
  const { target } = base;
  const shell = {
    run: (task: Parameters<typeof target.run>[0]) => (calls >= k ? Promise.reject(new Error()) : target.run(task))
  };
  const seen = inRun(base, run);
  await deploy({ ...seen, ports: { ...seen.ports, shell } }, asking('1.1.0')).catch(() => undefined);
  base.hosting.before = () => undefined;
  return calls;
};

/** The delivery of 1.1.0 breaks, and its run dies. */
const dies = async (base: World, k: number): Promise<void> => {
  await diesAs(base, k, DEAD);
};

const calmCalls = async (): Promise<readonly string[]> => {
  const base = await prepared();
  await deploy(inRun(base, DEAD), asking('1.1.0'));
  return base.hosting.calls;
};

const another = (base: World, chosen = false): World => {
  const run = inRun(base, { id: 160, attempt: 1, url: 'https://hub.test/runs/160' });
  return { ...run, surroundings: { ...run.surroundings, event: chosen ? 'workflow_dispatch' : 'push' } };
};

const PREVIOUS: DeliverCommand = { ...asking('1.0.0'), name: 'rollback', wanted: { kind: 'previous' } };

const production = (base: World): World['hosting']['all'] =>
  base.hosting.all.filter(({ environment }) => environment === 'production').toReversed();

const ending = (base: World): Record<string, unknown> => {
  const live = liveIn(production(base));
  return {
    runs: base.target.running.get('production'),
    live: live.kind === 'version' ? live.record.payload.version : live.kind,
    open: production(base).filter(isOpen).length,
    active: production(base).filter(({ state }) => state === 'success').length,
    vetoed: production(base).some(({ state, payload }) => state === 'failure' && payload.version === '1.1.0'),
    stops: base.hosting.stops.length
  };
};

const BACK = { runs: '1.0.0', live: '1.0.0', open: 0, active: 1, vetoed: true, stops: 1 };

/**
 * Deaths after the delivery was known to have failed: the line was stopped. Once the way back is proven a person who asks
 * for a rollback means one further back.
 */
const deaths = async (command: DeliverCommand['name']): Promise<readonly number[]> => {
  const calls = await calmCalls();
  const [first, proven] = [calls.indexOf('openStop') + 2, calls.indexOf('setStatus success') + 1];
  return calls.map((_, index) => index + 1).filter((k) => k >= first && (command === 'deploy' || k <= proven));
};

const noteKinds = (outcome: Outcome): readonly string[] => (outcome.notes ?? []).map(({ kind }) => kind);

const reasonOf = async (work: Promise<Outcome>): Promise<string> => {
  try {
    return (await work).reason.code;
  } catch (error) {
    if (error instanceof Refusal) return error.reason.code;
    throw error;
  }
};

describe('a run that died on its way back', () => {
  test.each([
    ['the same version', asking('1.1.0'), false, ['line-stopped']],
    ['a newer version', asking('1.2.0'), false, ['line-stopped']],
    ['a newer version somebody chose', asking('1.2.0'), true, ['line-stopped']],
    [
      'the newest that is eligible',
      { ...asking('1.2.0'), wanted: { kind: 'latest' } } as const,
      true,
      ['line-stopped']
    ],
    ['an older one that comes late', asking('0.9.0'), false, ['superseded']],
    ['a rollback', PREVIOUS, true, ['rolled-back-by-request']]
  ] as const)('is finished by another run that brings %s', async (_, command, chosen, reasons) => {
    for (const k of await deaths(command.name)) {
      const base = await prepared();
      await dies(base, k);
      base.hosting.overRuns.add(DEAD.id);
      const code = await reasonOf(deploy(another(base, chosen), command));
      expect({ k, ...ending(base) }).toEqual({ k, ...BACK });
      expect(reasons).toContain(code);
    }
  });

  test('is finished before a delivery that may go out', async () => {
    const base = await prepared();
    const calls = await calmCalls();
    await dies(base, calls.lastIndexOf('setStatus in_progress') + 2);
    base.hosting.overRuns.add(DEAD.id);
    // somebody let the line go on
    base.hosting.stops.length = 0;
    base.target.tasks.length = 0;
    const outcome = await deploy(another(base), asking('1.2.0'));
    expect(outcome).toMatchObject({ verdict: 'done', version: '1.2.0', previous: '1.0.0' });
    const installed = base.target.tasks.filter(({ label }) => label === 'deploy');
    expect(installed.map(({ variables }) => variables['DELIVERY_VERSION'])).toEqual(['1.0.0', '1.2.0']);
    expect(base.hosting.stops).toEqual([]);
  });

  test('says what it did: in the notes, in the record, and as something that changed', async () => {
    const base = await prepared();
    const calls = await calmCalls();
    await dies(base, calls.lastIndexOf('setStatus in_progress') + 2);
    base.hosting.overRuns.add(DEAD.id);
    const outcome = await deploy(another(base), asking('1.2.0'));
    expect(outcome).toMatchObject({ verdict: 'refused', changed: true, previous: '1.0.0' });
    expect(outcome.notes).toContainEqual({
      kind: 'way-back-finished',
      from: '1.1.0',
      to: '1.0.0',
      environment: 'production',
      run: DEAD.url
    });
    expect(production(base)[0]?.payload).toMatchObject({
      kind: 'rollback',
      version: '1.0.0',
      previous: '1.1.0',
      manualTouches: 0,
      approvedBy: [],
      run: { id: 160 }
    });
  });

  test('that was cancelled before it could stop the line is finished, and the line stopped', async () => {
    const base = await prepared();
    const openStop = base.hosting.openStop.bind(base.hosting);
    base.hosting.openStop = () => Promise.reject(refuse('cancelled', { command: 'deploy' }));
    await reasonOf(deploy(inRun(base, DEAD), asking('1.1.0')));
    expect(ending(base)).toMatchObject({ runs: '1.1.0', open: 0, vetoed: true, stops: 0 });
    base.hosting.openStop = openStop;
    const outcome = await deploy(another(base), asking('1.2.0'));
    expect(ending(base)).toEqual(BACK);
    expect(outcome.reason.code).toBe('line-stopped');
    expect(noteKinds(outcome)).toEqual(['way-back-finished', 'line-stopped']);
  });

  test('is left alone while its run lives, by a dry run, and where people go back themselves', async () => {
    const calls = await calmCalls();
    const k = calls.lastIndexOf('setStatus in_progress') + 2;
    for (const [shape, over, dryRun] of [
      [{}, false, false],
      [{}, true, true],
      [{ rollback: 'manual' }, true, false]
    ] as const) {
      const base = await prepared();
      await dies(base, k);
      if (over) base.hosting.overRuns.add(DEAD.id);
      const run = another(base);
      const delivery = { ...run.delivery, ...shape };
      const before = base.target.tasks.length;
      await deploy({ ...run, delivery }, asking('1.2.0', { dryRun }));
      expect(base.target.tasks.length).toBe(before);
    }
  });

  test('that cannot go back is said and does not hold up what comes after', async () => {
    const base = await prepared();
    const calls = await calmCalls();
    await dies(base, calls.lastIndexOf('setStatus in_progress') + 2);
    base.hosting.overRuns.add(DEAD.id);
    base.hosting.stops.length = 0;
    base.target.brokenDeploys.add('1.0.0');
    const outcome = await deploy(another(base), asking('1.2.0'));
    expect(outcome).toMatchObject({ verdict: 'done', version: '1.2.0' });
    expect(noteKinds(outcome)).toContain('way-back-failed');
    expect(ending(base)).toMatchObject({ runs: '1.2.0', live: '1.2.0', open: 0 });
  });

  test('is finished once when two runs find it', async () => {
    const base = await prepared();
    const calls = await calmCalls();
    await dies(base, calls.lastIndexOf('setStatus in_progress') + 2);
    base.hosting.overRuns.add(DEAD.id);
    base.target.tasks.length = 0;
    const createRecord = base.hosting.createRecord.bind(base.hosting);
    base.hosting.createRecord = async (given) => {
      base.hosting.createRecord = createRecord;
      // this one has seen the dead run; before it files its record another one comes, and is done
      await deploy(inRun(base, { id: 170, url: 'https://hub.test/runs/170' }), asking('1.2.0'));
      base.hosting.overRuns.add(170);
      return createRecord(given);
    };
    const outcome = await deploy(another(base), asking('1.2.0'));
    expect(outcome.reason.code).toBe('line-stopped');
    expect(base.target.tasks.filter(({ label }) => label === 'deploy')).toHaveLength(1);
    expect(ending(base)).toEqual(BACK);
  });

  test.each([
    ['its next attempt', { id: 160, attempt: 2 }],
    ['yet another run', { id: 170, attempt: 1 }]
  ])('whose finisher dies, too, at any of its calls, is finished by %s', async (_, next) => {
    const calls = await calmCalls();
    const k = calls.lastIndexOf('setStatus in_progress') + 2;
    for (let second = 1, made = Number.POSITIVE_INFINITY; second <= made; second += 1) {
      const base = await prepared();
      await dies(base, k);
      base.hosting.overRuns.add(DEAD.id);
      const done = await diesAs(base, second, { id: 160, attempt: 1 });
      if (done < second) made = done;
      base.hosting.overRuns.add(160);
      await deploy(inRun(base, next), asking('1.1.0'));
      expect({ second, ...ending(base) }).toEqual({ second, ...BACK });
    }
  });

  test('is tried so many times only: then people are left to it', async () => {
    const base = await prepared();
    const calls = await calmCalls();
    await dies(base, calls.lastIndexOf('setStatus in_progress') + 2);
    base.hosting.overRuns.add(DEAD.id);
    const run = base.target.run.bind(base.target);
    base.target.run = async (task) => (task.label === 'deploy' ? { ending: { kind: 'cancelled' } } : run(task));
    for (let id = 200; id < 210; id += 1) {
      await reasonOf(deploy(inRun(base, { id }), asking('1.2.0')));
      base.hosting.overRuns.add(id);
    }
    expect(production(base).filter(({ payload }) => payload.kind === 'rollback').length).toBeLessThanOrEqual(5);
  });
});

test('a rollback that only had its replaced record to close is put in order by a rollback that finds nothing further back', async () => {
  const base = await world();
  for (const version of ['1.0.0', '1.1.0']) {
    await publish(base, version);
    for (const environment of ['staging', 'production']) await deploy(base, asking(version, { environment }));
  }
  base.hosting.before = (call) => {
    if (call === 'setStatus inactive') throw new Error('killed');
  };
  await deploy(inRun(base, DEAD), PREVIOUS);
  base.hosting.before = () => undefined;
  base.hosting.overRuns.add(DEAD.id);
  expect(ending(base)).toMatchObject({ active: 2 });
  expect(await reasonOf(deploy(another(base, true), PREVIOUS))).toBe('no-good-version');
  expect(ending(base)).toMatchObject({ runs: '1.0.0', active: 1, open: 0 });
});

test('a repeated rollback names what was really live before, not the version it was interrupted with', async () => {
  const base = await prepared();
  base.target.sick.clear();
  await deploy(inRun(base, { id: 140 }), asking('1.1.0'));
  base.target.cancelOn = 'deploy';
  await reasonOf(deploy(inRun(base, DEAD), PREVIOUS));
  base.target.cancelOn = undefined;
  for (const run of [inRun(base, { ...DEAD, attempt: 2 }), another(base, true)]) {
    const [records, running] = [[...base.hosting.all], base.target.running.get('production') ?? ''];
    const outcome = await deploy(run, PREVIOUS);
    expect(outcome).toMatchObject({ previous: '1.1.0', reason: { details: { version: '1.0.0', from: '1.1.0' } } });
    expect(production(base)[0]?.payload.previous).toBe('1.1.0');
    expect(base.target.tasks.at(-1)?.variables['DELIVERY_PREVIOUS_VERSION']).toBe('1.1.0');
    base.hosting.all.splice(0, Number.POSITIVE_INFINITY, ...records);
    base.target.running.set('production', running);
  }
});

test('a delivery repeated after an interruption ships what it shipped the first time', async () => {
  const base = await prepared();
  base.target.cancelOn = 'deploy';
  await reasonOf(deploy(inRun(base, DEAD), asking('1.2.0')));
  base.target.cancelOn = undefined;
  const changes = production(base)[0]?.payload.changes;
  await deploy(another(base), asking('1.2.0'));
  expect(production(base)[0]?.payload).toMatchObject({ previous: '1.0.0', changes });
});

test('a list that lags behind does not make an error of what a run that has just ended delivered', async () => {
  const base = await prepared();
  base.target.sick.clear();
  await deploy(inRun(base, DEAD), asking('1.1.0'));
  base.hosting.overRuns.add(DEAD.id);
  const facts = base.hosting.facts.bind(base.hosting);
  let behind = 2;
  base.hosting.facts = async (question) => {
    const now = await facts(question);
    behind -= 1;
    if (behind < 0) return now;
    const before = now.records.get('production')?.map((each) => {
      const { succeededAt: _, ...begun } = each;
      return each.payload.version === '1.1.0' ? { ...begun, state: 'in_progress' as const } : each;
    });
    return { ...now, records: new Map([...now.records, ['production', before ?? []]]) };
  };
  await deploy(another(base), asking('1.2.0'));
  const states = production(base).map(({ payload, state }) => `${payload.version} ${state}`);
  expect(states.slice(0, 2)).toEqual(['1.2.0 success', '1.1.0 inactive']);
});
