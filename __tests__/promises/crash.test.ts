import { expect, test } from '@jest/globals';
import { deploy } from '../../src/commands/deploy.ts';
import { liveIn } from '../../src/rules/live.ts';
import { isOpen } from '../../src/rules/live.ts';
import { asking, inRun, publish, world } from '../fakes/world.ts';
import type { World } from '../fakes/world.ts';

/** 1.0.0 live in both, 1.1.0 proven in staging. */
const prepared = async (breaks: boolean): Promise<World> => {
  const base = await world();
  for (const version of ['1.0.0', '1.1.0']) {
    await publish(base, version);
    await deploy(base, asking(version, { environment: 'staging' }));
    if (version === '1.0.0') await deploy(base, asking(version));
  }
  if (breaks) base.target.sick.add('1.1.0');
  base.hosting.calls.length = 0;
  return base;
};

/** What counts in the end: what runs, what the records prove, what is vetoed, whether anything is left open. */
const ending = ({ hosting, target }: World): Record<string, unknown> => {
  const records = hosting.all.filter(({ environment }) => environment === 'production').toReversed();
  const live = liveIn(records);
  return {
    runs: target.running.get('production'),
    live: live.kind === 'version' ? live.record.payload.version : live.kind,
    active: records.filter(({ state }) => state === 'success').length,
    open: records.filter(isOpen).length,
    failed: records.some(({ state, payload }) => state === 'failure' && payload.version === '1.1.0'),
    stops: hosting.stops.length
  };
};

/** From the k-th call on nothing answers any more, as for a process that was killed. */
const dieAt = (base: World, k: number): void => {
  let calls = 0;
  base.hosting.before = () => {
    calls += 1;
    if (calls >= k) throw new Error('killed');
  };
};

const callsOf = async (breaks: boolean): Promise<number> => {
  const base = await prepared(breaks);
  await deploy(base, asking('1.1.0'));
  return base.hosting.calls.length;
};

test.each([
  ['good', false],
  ['bad', true]
])('R3: killed at any call of a %s delivery, a re-run ends in the same state', async (_, breaks) => {
  const calm = await prepared(breaks);
  await deploy(calm, asking('1.1.0'));
  const expected = ending(calm);
  const calls = await callsOf(breaks);
  expect(calls).toBeGreaterThan(6);
  for (let k = 1; k <= calls; k += 1) {
    const base = await prepared(breaks);
    dieAt(base, k);
    await deploy(base, asking('1.1.0')).catch(() => undefined);
    base.hosting.before = () => undefined;
    await deploy(inRun(base, { attempt: 2 }), asking('1.1.0'));
    expect({ k, ...ending(base) }).toEqual({ k, ...expected });
  }
});
