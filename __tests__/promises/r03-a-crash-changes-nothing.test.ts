// R3: a run started again after a crash at any point ends in the same state as one that never crashed.
import { expect, jest, test } from '@jest/globals';
import { deploy } from '../../src/commands/deploy.ts';
import { isOpen, liveIn } from '../../src/rules/live.ts';
import type { World } from '../fakes/world.ts';
import { commandOf, dieAt, newRun, opened, play, recordsIn } from './story.ts';
import type { Delivery } from './story.ts';

jest.setTimeout(120_000);

const step = (shape: Partial<Delivery>): Delivery => ({
  kind: 'deploy',
  environment: 'production',
  version: '1.1.0',
  chosen: false,
  diesAt: undefined,
  ...shape
});

/** 1.0.0 is live everywhere, 1.1.0 proven in staging. */
const prepared = async (sick: readonly string[]): Promise<World> => {
  const base = await opened();
  await play(
    base,
    [step({ environment: 'staging', version: '1.0.0' }), step({ version: '1.0.0' }), step({ environment: 'staging' })],
    () => undefined
  );
  for (const version of sick) base.target.sick.add(version);
  base.hosting.calls.length = 0;
  return base;
};

const ending = (base: World): Record<string, unknown> => {
  const records = recordsIn(base, 'production');
  const live = liveIn(records);
  return {
    runs: base.target.running.get('production'),
    live: live.kind === 'version' ? live.record.payload.version : live.kind,
    active: records.filter(({ state }) => state === 'success').length,
    open: records.filter(isOpen).length,
    failed: records.some(({ state, payload }) => state === 'failure' && payload.version === '1.1.0'),
    stops: base.hosting.stops.length
  };
};

test.each([
  ['a good delivery', [], step({})],
  ['a bad one that is rolled back', ['1.1.0'], step({})],
  ['a first delivery to staging', [], step({ environment: 'staging', version: '1.2.0' })],
  ['a rollback that a person asked for', [], step({ kind: 'rollback', version: '1.0.0', chosen: true })]
] as const)('%s, killed at each of its calls', async (_, sick, delivery) => {
  const calm = await prepared(sick);
  await deploy(newRun(calm, delivery.chosen), commandOf(delivery));
  const calls = calm.hosting.calls.length;
  for (let diesAt = 1; diesAt <= calls; diesAt += 1) {
    const base = await prepared(sick);
    await play(base, [{ ...delivery, diesAt }], () => undefined);
    expect({ diesAt, ...ending(base) }).toEqual({ diesAt, ...ending(calm) });
  }
});

test.each([
  ['a good delivery', []],
  ['a bad one, on its way back too,', ['1.1.0']]
])(
  '%s, killed at each of its calls and never started again: another run that comes by ends the same',
  async (_, sick) => {
    const calm = await prepared(sick);
    await deploy(newRun(calm, false), commandOf(step({})));
    for (let k = 1; k <= calm.hosting.calls.length; k += 1) {
      const base = await prepared(sick);
      const dead = newRun(base, false);
      await dieAt(base, dead, commandOf(step({})), k);
      base.hosting.overRuns.add(dead.surroundings.run.id);
      await deploy(newRun(base, false), commandOf(step({})));
      expect({ k, ...ending(base) }).toEqual({ k, ...ending(calm) });
    }
  }
);
