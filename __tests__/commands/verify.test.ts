import { expect, test } from '@jest/globals';
import { deploy } from '../../src/commands/deploy.ts';
import { verify } from '../../src/commands/verify.ts';
import { Refusal } from '../../src/domain/refusal.ts';
import { PROCESS, asking, publish, world } from '../fakes/world.ts';
import type { World } from '../fakes/world.ts';

const command = { name: 'verify', config: '.github/delivery.yml', environment: 'staging' } as const;

const live = async (): Promise<World> => {
  const base = await world();
  await publish(base, '1.0.0');
  await deploy(base, asking('1.0.0', { environment: 'staging' }));
  base.hosting.calls.length = 0;
  return base;
};

test('nothing live: nothing to do', async () => {
  expect(await verify(await world(), command)).toMatchObject({
    verdict: 'nothing-to-do',
    reason: { code: 'nothing-live' }
  });
});

test('the live version proves itself by its own procedure; no record is written', async () => {
  const base = await live();
  expect(await verify(base, command)).toMatchObject({
    verdict: 'done',
    reason: { code: 'verified' },
    version: '1.0.0'
  });
  expect(base.hosting.calls.filter((call) => call.startsWith('setStatus') || call === 'createRecord')).toEqual([]);
});

test('a target that changed behind our back is drift', async () => {
  const base = await live();
  base.target.sick.add('1.0.0');
  expect(await verify(base, command)).toMatchObject({
    verdict: 'failed',
    reason: { code: 'drift', details: { environment: 'staging' } }
  });
});

test('an unknown live version is drift as well, without asking the target', async () => {
  const base = await live();
  const [record] = base.hosting.all;
  await base.hosting.setStatus(record?.id ?? 0, { state: 'error', description: '' });
  const before = base.target.tasks.length;
  expect(await verify(base, command)).toMatchObject({ verdict: 'failed', reason: { code: 'drift' } });
  expect(base.target.tasks).toHaveLength(before);
});

test('a version without a verify section has nothing to be asked', async () => {
  const base = await world();
  await publish(base, '1.0.0', PROCESS.deploy === undefined ? {} : { deploy: PROCESS.deploy });
  await deploy(base, asking('1.0.0', { environment: 'staging' }));
  const error: unknown = await verify(base, command).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(Refusal);
  expect(error).toMatchObject({ reason: { code: 'verify-undefined' } });
});

test('the archive is not fetched when the procedure has no script', async () => {
  const base = await world();
  const { verify: procedure, ...rest } = PROCESS;
  const { run: _, ...httpOnly } = procedure ?? { withinSeconds: 1 };
  await publish(base, '1.0.0', { ...rest, verify: httpOnly });
  await deploy(base, asking('1.0.0', { environment: 'staging' }));
  base.hosting.calls.length = 0;
  expect(await verify(base, command)).toMatchObject({ verdict: 'done' });
  expect(base.hosting.calls.filter((call) => call === 'download')).toHaveLength(1);
});
