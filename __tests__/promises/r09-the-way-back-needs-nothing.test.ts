// R9: a rollback needs no build and nothing but GitHub and the target.
import { expect, test } from '@jest/globals';
import { deploy } from '../../src/commands/deploy.ts';
import type { Process } from '../../src/domain/release.ts';
import type { Ports } from '../../src/ports.ts';
import { PROCESS, asking, publish, world } from '../fakes/world.ts';
import type { World } from '../fakes/world.ts';
import { newRun } from './story.ts';

const procedure = (script: string): Process => ({ deploy: { run: script, timeoutSeconds: 60 } });

/** 1.0.0 by the old procedure, then 1.1.0 by the new one; the repository knows only the new one any more. */
const renewed = async (): Promise<World> => {
  const base = await world();
  await publish(base, '1.0.0', { ...PROCESS, ...procedure('./old.sh') });
  await publish(base, '1.1.0', { ...PROCESS, ...procedure('./new.sh') });
  for (const version of ['1.0.0', '1.1.0']) {
    await deploy(newRun(base, false), asking(version, { environment: 'staging' }));
    if (version === '1.0.0') await deploy(newRun(base, false), asking(version));
  }
  base.target.tasks.length = 0;
  return { ...base, delivery: { ...base.delivery, process: procedure('./of-the-repository.sh') } };
};

const no = (what: string) => (): Promise<never> => Promise.reject(new Error(`${what} was asked for`));

/** No history, no packing, no registry of images: only GitHub, the target and the clock answer. */
const bare = (run: World): World => {
  const { archives } = run.ports;
  const ports: Ports = {
    ...run.ports,
    history: { read: no('the history'), tracked: no('the list of files') },
    archives: { pack: no('packing'), unpack: (order) => archives.unpack(order) },
    images: { resolve: no('a registry'), tag: no('a registry') }
  };
  return { ...run, ports };
};

const scripts = (base: World): readonly string[] =>
  base.target.tasks.filter(({ label }) => label === 'deploy').map(({ script }) => script);

test('asked for by a person: the old version comes back by its own procedure', async () => {
  const base = await renewed();
  await deploy(newRun(base, false), asking('1.1.0'));
  base.target.tasks.length = 0;
  const run = bare(newRun(base, true));
  const outcome = await deploy(run, asking('1.0.0', { name: 'rollback', wanted: { kind: 'previous' } }));
  expect(outcome).toMatchObject({ verdict: 'done', reason: { code: 'rolled-back-by-request' }, version: '1.0.0' });
  expect(scripts(base)).toEqual(['./old.sh']);
  expect(base.target.running.get('production')).toBe('1.0.0');
});

test('by itself, when the new version breaks', async () => {
  const base = await renewed();
  base.target.sick.add('1.1.0');
  const outcome = await deploy(bare(newRun(base, false)), asking('1.1.0'));
  expect(outcome).toMatchObject({ verdict: 'rolled-back', reason: { details: { to: '1.0.0' } } });
  expect(scripts(base)).toEqual(['./new.sh', './old.sh']);
  expect(base.target.running.get('production')).toBe('1.0.0');
});
