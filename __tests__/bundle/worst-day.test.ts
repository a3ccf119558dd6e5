import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { DeploymentSnapshot } from '../../rehearsal/hub/index.ts';
import { openProject } from './harness.ts';
import type { JobResult, Workshop } from './harness.ts';

type Project = Workshop & { readonly first: string };

const statesIn = async (shop: Workshop, environment: string): Promise<readonly string[]> =>
  (await shop.hub.snapshot()).deployments.filter((each) => each.environment === environment).map(({ state }) => state);

const isOpen = ({ state }: DeploymentSnapshot): boolean => ['PENDING', 'QUEUED', 'IN_PROGRESS'].includes(state);

const open = async (shop: Workshop): Promise<number> => (await shop.hub.snapshot()).deployments.filter(isOpen).length;

/** Built and released, not deployed. */
const released = async (shop: Workshop, sha: string): Promise<{ readonly version: string }> => {
  const run = shop.start(sha);
  const built = await shop.job('build', { run });
  const release = await shop.job('release', { run, artifact: built.artifact });
  if (release.exitCode !== 0) throw new Error(release.log);
  shop.hub.finishRun(run, 'success');
  return { version: built.outputs['version'] ?? '' };
};

const next = (shop: Workshop, message: string, files: Record<string, string> = {}): Promise<string> =>
  shop.hub.commit({ message, files: { 'story.txt': `${message}\n`, ...files }, executable: ['deploy.sh'] });

const until = async (condition: () => Promise<boolean>): Promise<void> => {
  for (let tries = 0; tries < 400; tries += 1) {
    if (await condition()) return;
    await pause(25);
  }
  throw new Error('never happened');
};

describe('a worst day', () => {
  let shop: Project;
  beforeAll(async () => {
    shop = await openProject();
  });
  afterAll(() => shop.close());

  test('cancelled while the deploy script runs: over within 7 s, record closed, nothing survives', async () => {
    const slow = 'echo $$ > "$TARGET.pid"; sleep 60 & wait';
    const files = { 'deploy.sh': `#!/bin/bash\nmkdir -p "$TARGET"\n${slow}\n` };
    const { version } = await released(shop, await next(shop, 'feat: slow', files));
    const run = shop.start(shop.first);
    const cancel = new AbortController();
    const job = shop.job('deploy', {
      run,
      inputs: { environment: 'staging', version },
      step: { signal: cancel.signal }
    });
    await until(async () => (await statesIn(shop, 'staging')).at(-1) === 'IN_PROGRESS');
    await pause(300);
    const start = performance.now();
    cancel.abort();
    const ended = await job;
    expect(performance.now() - start).toBeLessThan(7000);
    expect(ended.outputs).toMatchObject({ decision: 'failed', 'reason-code': 'cancelled' });
    expect(ended.exitCode).toBe(1);
    expect(await open(shop)).toBe(0);
    shop.hub.finishRun(run, 'cancelled');
  });

  test('killed without a word: the next run finds the ticket, proves the run dead, and goes on', async () => {
    const { version } = await released(shop, await next(shop, 'fix: fast again', { 'deploy.sh': DEPLOY }));
    const run = shop.start(shop.first);
    const kill = new AbortController();
    const written = shop.hub.fault({ match: { operation: 'repos/create-deployment' }, phase: 'after', kind: 'hang' });
    const job = shop.job('deploy', { run, inputs: { environment: 'staging', version }, step: { kill: kill.signal } });
    await written.reached;
    kill.abort();
    expect((await job).exitCode).not.toBe(0);
    expect(await open(shop)).toBe(1);
    shop.hub.finishRun(run, 'failure');
    const second = shop.start(shop.first);
    const healed = await shop.job('deploy', { run: second, inputs: { environment: 'staging', version } });
    expect(healed.outputs).toMatchObject({ decision: 'done' });
    expect(await open(shop)).toBe(0);
    expect(await shop.running('staging')).toBe(`app ${version}`);
    shop.hub.finishRun(second, 'success');
  });

  test('two runs for one environment: one waits for the other, and the newer one is live in the end (R1, R4)', async () => {
    const older = await released(shop, await next(shop, 'fix: one'));
    const newer = await released(shop, await next(shop, 'fix: two'));
    const runs = [shop.start(shop.first), shop.start(shop.first)] as const;
    const [a, b] = await Promise.all([
      shop.job('deploy', { run: runs[0], inputs: { environment: 'staging', version: older.version } }),
      shop.job('deploy', { run: runs[1], inputs: { environment: 'staging', version: newer.version } })
    ]);
    expect(b.outputs['decision']).toBe('done');
    expect(['done', 'refused']).toContain(a.outputs['decision']);
    expect(a.exitCode).toBe(0);
    expect(await shop.running('staging')).toBe(`app ${newer.version}`);
    expect((await statesIn(shop, 'staging')).filter((state) => state === 'ACTIVE')).toHaveLength(1);
    expect(await open(shop)).toBe(0);
  });

  test('two releases of one commit at once make one tag and one release', async () => {
    const run = shop.start(await next(shop, 'feat: race'));
    const built = await shop.job('build', { run });
    const both = await Promise.all([1, 2].map(() => shop.job('release', { run, artifact: built.artifact })));
    const { tags, releases } = await shop.hub.snapshot();
    const version = built.outputs['version'] ?? '';
    expect(tags.filter(({ name }) => name === `v${version}`)).toHaveLength(1);
    expect(releases.filter(({ tag, draft }) => tag === `v${version}` && !draft)).toHaveLength(1);
    expect(both.map(({ exitCode }) => exitCode)).toContain(0);
  });

  test.each([
    'git/create-tag',
    'git/create-ref',
    'repos/create-release',
    'repos/upload-release-asset',
    'repos/update-release'
  ])('release killed right after %s is finished by a re-run', async (operation) => {
    const run = shop.start(await next(shop, `fix: ${operation}`));
    const built = await shop.job('build', { run });
    const kill = new AbortController();
    const written = shop.hub.fault({ match: { operation }, phase: 'after', kind: 'hang' });
    const job = shop.job('release', { run, artifact: built.artifact, step: { kill: kill.signal } });
    await written.reached;
    kill.abort();
    await job;
    const again: JobResult = await shop.job('release', { run, artifact: built.artifact });
    expect({ exit: again.exitCode, log: again.exitCode === 0 ? '' : again.log }).toEqual({ exit: 0, log: '' });
    const tag = built.outputs['tag'] ?? '';
    const { releases } = await shop.hub.snapshot();
    const found = releases.filter((each) => each.tag === tag);
    expect(found.map(({ draft, assets }) => ({ draft, names: assets.map(({ name }) => name) }))).toEqual([
      { draft: false, names: [`shop-${tag}.tar.zst`, 'release.json'] }
    ]);
    shop.hub.finishRun(run, 'success');
  });
});

const DEPLOY = `#!/bin/bash
set -e
mkdir -p "$TARGET"
cp out/app.txt "$TARGET/$DELIVERY_ENVIRONMENT"
`;
