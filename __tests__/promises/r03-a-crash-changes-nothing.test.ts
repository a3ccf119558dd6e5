// R3: a run started again after a crash at any point ends in the same state as one that never crashed.
import { expect, jest, test } from '@jest/globals';
import { deploy } from '../../src/commands/deploy.ts';
import { isOpen, liveIn } from '../../src/rules/live.ts';
import type { World } from '../fakes/world.ts';
import { commandOf, newRun, opened, play, recordsIn } from './story.ts';
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
