import { describe, expect, test } from '@jest/globals';
import { deploy } from '../../src/commands/deploy.ts';
import { environment } from '../fakes/builders.ts';
import { asking, publish, world } from '../fakes/world.ts';
import type { World } from '../fakes/world.ts';

const staging = (version: string) => asking(version, { environment: 'staging' });

const rehearsing = async (): Promise<World> => {
  const base = await world({ environments: [environment({ name: 'staging', rehearseRollback: true })] });
  await publish(base, '1.0.0');
  await deploy(base, staging('1.0.0'));
  await publish(base, '1.1.0');
  base.target.tasks.length = 0;
  return base;
};

const deployed = (base: World): readonly string[] =>
  base.target.tasks
    .filter(({ label }) => label === 'deploy')
    .map(({ variables }) => `${variables['DELIVERY_KIND']} ${variables['DELIVERY_VERSION']}`);

describe('rehearse-rollback', () => {
  test('goes back and forth, each version by its own procedure, before it says success', async () => {
    const base = await rehearsing();
    expect(await deploy(base, staging('1.1.0'))).toMatchObject({ verdict: 'done' });
    expect(deployed(base)).toEqual(['deploy 1.1.0', 'rollback 1.0.0', 'deploy 1.1.0']);
    expect(base.target.running.get('staging')).toBe('1.1.0');
    expect(base.hosting.all.at(-1)).toMatchObject({ state: 'success', payload: { version: '1.1.0' } });
  });

  test('a version that does not let the old one come back is broken', async () => {
    const base = await rehearsing();
    base.target.sick.add('1.0.0');
    expect(await deploy(base, staging('1.1.0'))).toMatchObject({ verdict: 'failed' });
    expect(base.hosting.all.find(({ payload }) => payload.version === '1.1.0')?.state).toBe('failure');
  });

  test('the first version has nothing to rehearse with, and a rollback rehearses nothing', async () => {
    const base = await rehearsing();
    await deploy(base, staging('1.1.0'));
    base.target.tasks.length = 0;
    await deploy(base, asking('1.0.0', { name: 'rollback', environment: 'staging' }));
    expect(deployed(base)).toEqual(['rollback 1.0.0']);
  });
});

test('a rollback to a version older than the newest releases asks for it by its tag', async () => {
  const base = await world({ environments: [environment({ name: 'staging' })] });
  for (const minor of Array.from({ length: 33 }, (_, index) => index)) await publish(base, `1.${minor}.0`);
  await deploy(base, staging('1.0.0'));
  await deploy(base, staging('1.32.0'));
  base.hosting.calls.length = 0;
  const back = asking('1.0.0', { name: 'rollback', environment: 'staging', wanted: { kind: 'previous' } });
  expect(await deploy(base, back)).toMatchObject({ verdict: 'done', version: '1.0.0' });
  expect(base.hosting.calls.filter((call) => call === 'facts')).toHaveLength(3);
});
