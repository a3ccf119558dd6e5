import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openWorkshop } from '../../bundle/harness.ts';
import type { JobRequest, JobResult, Workshop } from '../../bundle/harness.ts';

/** Says whatever a script was given. */
const TALK =
  'env; git config --list --show-origin; cat /proc/$PPID/cmdline /proc/self/environ 2>/dev/null | tr "\\0" "\\n"';

const FILES = {
  '.github/delivery.yml': `build: { files: [deploy.sh, smoke.sh] }
deploy: { run: 'bash deploy.sh' }
verify: { run: 'bash smoke.sh', within: 1s }
environments:
  staging: {}
  broken: {}
  incomplete: {}
`,
  'build-failed.yml': `build: { run: '${TALK.replaceAll("'", "''")}; exit 7' }\n`,
  'files-missing.yml': `build: { run: '${TALK.replaceAll("'", "''")}', files: ['nowhere/**'] }\n`,
  'registry-failed.yml': "build: { files: [deploy.sh], images: ['127.0.0.1:9/acme/shop'] }\n",
  'deploy-undefined.yml': 'build: { files: [deploy.sh] }\nenvironments: { bare: {} }\n',
  'deploy.sh': `${TALK}\nmkdir -p "$TARGET"; touch "$TARGET/well"\n[ "$DELIVERY_ENVIRONMENT" != broken ] || exit 3\n`,
  'smoke.sh': `${TALK}\ntest -e "$TARGET/well"\n`
};

describe('endings that other suites do not reach', () => {
  let shop: Workshop;
  const ended = new Map<string, JobResult>();
  beforeAll(async () => {
    shop = await openWorkshop();
    const { hub } = shop;
    const byHand = (method: string, path: string): Promise<unknown> =>
      fetch(`${hub.apiUrl}/repos/${hub.owner}/${hub.name}${path}`, {
        method,
        headers: { authorization: `Bearer ${hub.personToken('mallory')}` }
      });
    const { run, version } = await shop.stage(await hub.commit({ message: 'feat: begin', files: FILES }));
    const { workspace } = await shop.job('plan', { run });
    const ask = async (command: Parameters<Workshop['job']>[0], over: JobRequest): Promise<void> => {
      const job = await shop.job(command, over);
      ended.set(job.outputs['reason-code'] ?? 'none', job);
    };
    const deliver = (inputs: Readonly<Record<string, string>>): Promise<void> =>
      ask('deploy', { run, workspace, inputs: { version, override: 'line-stopped', reason: 'x', ...inputs } });
    const next = shop.start(await hub.commit({ message: 'fix: next', files: { 'a.txt': 'a' } }));
    for (const config of ['build-failed.yml', 'files-missing.yml', 'registry-failed.yml'])
      await ask('build', { run: next, inputs: { config } });

    const built = await shop.job('build', { run: next, inputs: { config: 'deploy-undefined.yml' } });
    const file = join(built.artifact, 'release.json');
    const honest = await readFile(file, 'utf8');
    await writeFile(file, '{"schema":1}');
    await ask('release', { run: next, workspace: built.workspace });
    await writeFile(file, honest);
    await shop.job('release', { run: next, workspace: built.workspace });
    const bare = { config: 'deploy-undefined.yml', environment: 'bare', version: built.outputs['version'] ?? '' };
    await deliver(bare);
    await deliver({ environment: 'broken' });
    await rm(join(shop.target, 'well'));
    await ask('verify', { run, workspace, inputs: { environment: 'staging' } });
    const release = (await hub.snapshot()).releases.find(({ tag }) => tag === `v${version}`);
    for (const { id } of release?.assets ?? []) await byHand('DELETE', `/releases/assets/${id}`);
    await deliver({ environment: 'incomplete' });
  });
  afterAll(() => shop.close());

  test.each([
    'build-failed',
    'files-missing',
    'registry-failed',
    'manifest-invalid',
    'deploy-undefined',
    'deploy-failed',
    'drift',
    'release-incomplete'
  ])('%s: red, and said; the harness finds no secret in it', (code) => {
    expect([...ended.keys()]).toContain(code);
    expect(ended.get(code)).toMatchObject({ exitCode: 1, problems: [], forbidden: [], dropped: [] });
  });
});
