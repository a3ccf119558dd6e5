import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { DeploymentSnapshot } from '../../rehearsal/hub/index.ts';
import { openProject } from './harness.ts';
import type { JobResult, Workshop } from './harness.ts';

type Project = Workshop & { readonly first: string };

const passed = (job: JobResult): string => (job.exitCode === 0 ? 'passed' : job.log);

/** Records of an environment, oldest first, as people read them. */
const recordsOf = async (shop: Workshop, environment: string): Promise<readonly DeploymentSnapshot[]> =>
  (await shop.hub.snapshot()).deployments.filter((each) => each.environment === environment);

const told = async (shop: Workshop, environment: string): Promise<readonly string[]> =>
  (await recordsOf(shop, environment)).map(({ payload, state }) => {
    const document: unknown = typeof payload === 'string' ? JSON.parse(payload) : payload;
    const version = document !== null && typeof document === 'object' && 'version' in document ? document.version : '';
    return `${String(version)} ${state}`;
  });

/** The i-th change of a story; `sick in production` breaks there only. */
const change = (shop: Workshop, message: string, health = 'well'): Promise<string> =>
  shop.hub.commit({ message, files: { 'health.txt': `${health}\n`, 'story.txt': `${message}\n` } });

const closeStops = async (shop: Workshop): Promise<number> => {
  const token = shop.hub.personToken('ana');
  const open = (await shop.hub.snapshot()).issues.filter(({ state }) => state === 'open');
  for (const { number } of open) {
    await fetch(`${shop.hub.apiUrl}/repos/${shop.hub.owner}/${shop.hub.name}/issues/${number}`, {
      method: 'PATCH',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ state: 'closed' })
    });
  }
  return open.length;
};

describe('one story, from the first version to a rollback by hand', () => {
  let shop: Project;
  beforeAll(async () => {
    shop = await openProject();
  });
  afterAll(() => shop.close());

  test('the first version goes through staging to production', async () => {
    const { production, version } = await shop.line(shop.first);
    expect(passed(production)).toBe('passed');
    expect(version).toBe('0.1.0');
    expect(await shop.running('production')).toBe('app 0.1.0');
    expect(production.outputs).toMatchObject({
      version: '0.1.0',
      tag: 'v0.1.0',
      commit: shop.first,
      changed: 'true',
      decision: 'done',
      'reason-code': 'delivered',
      'environment-url': 'https://example.com/'.replace(/\/$/, '')
    });
  });

  test('the release is one annotated tag and a pre-release with the archive and its document', async () => {
    const { releases, tags } = await shop.hub.snapshot();
    expect(
      releases.map(({ tag, draft, prerelease, assets }) => ({
        tag,
        draft,
        prerelease,
        assets: assets.map(({ name }) => name)
      }))
    ).toEqual([{ tag: 'v0.1.0', draft: false, prerelease: true, assets: ['shop-v0.1.0.tar.zst', 'release.json'] }]);
    expect(tags).toHaveLength(1);
  });

  test('`git show` of the tag tells what the version is, and what changed with it', async () => {
    const shown = execFileSync('git', ['for-each-ref', '--format=%(contents)', 'refs/tags/v0.1.0'], {
      cwd: shop.hub.bare,
      encoding: 'utf8'
    });
    const [first, , document, archive, changes, previous, , ...lines] = shown.trimEnd().split('\n');
    expect([first, changes, previous]).toEqual(['Version 0.1.0', `changes ${lines.length}`, 'previous none']);
    expect([document, archive]).toEqual([
      expect.stringMatching(/^release\.json sha256:[0-9a-f]{64}$/),
      expect.stringMatching(/^archive\.tar sha256:[0-9a-f]{64}$/)
    ]);
    expect(lines).toContainEqual(expect.stringMatching(/^change \{"type":"feat",.*"commit":"[0-9a-f]{40}"\}$/));
  });

  test('the record stands at the promoted commit and says who pressed the button', async () => {
    const [record] = await recordsOf(shop, 'production');
    expect(record).toMatchObject({ sha: shop.first, task: 'deploy', state: 'ACTIVE' });
    const text = JSON.stringify(record?.payload);
    for (const part of ['bruno', 'requestedBy', 'sha256:']) expect(text).toContain(part);
  });

  test('the second version costs at most eight calls in production', async () => {
    const { production, version } = await shop.line(await change(shop, 'feat: a basket'));
    expect(passed(production)).toBe('passed');
    expect(version).toBe('0.2.0');
    expect(production.calls).toEqual([
      'graphql',
      'actions/get-reviews-for-run',
      'repos/create-deployment',
      'graphql',
      'repos/list-release-assets',
      'repos/create-deployment-status',
      'repos/create-deployment-status',
      'repos/create-deployment-status'
    ]);
    expect(await told(shop, 'production')).toEqual(['0.1.0 INACTIVE', '0.2.0 ACTIVE']);
  });

  test('the same delivery again is nothing to do, and green', async () => {
    const run = shop.start(await change(shop, 'docs: nothing new'));
    shop.hub.review(run, { environment: 'production', user: 'bruno', state: 'approved' });
    const again = await shop.job('deploy', { run, inputs: { environment: 'production', version: '0.2.0' } });
    expect(again).toMatchObject({
      exitCode: 0,
      outputs: { decision: 'nothing-to-do', 'reason-code': 'already-live', changed: 'false' }
    });
    shop.hub.finishRun(run, 'success');
  });

  test('a version that is sick in production comes back by itself and stops the line', async () => {
    const { production, version } = await shop.line(await change(shop, 'feat: discounts', 'sick in production'));
    expect(version).toBe('0.3.0');
    expect(production.exitCode).toBe(1);
    expect(production.outputs).toMatchObject({ decision: 'rolled-back', 'reason-code': 'rolled-back' });
    expect([await shop.running('staging'), await shop.running('production')]).toEqual(['app 0.3.0', 'app 0.2.0']);
    expect(await told(shop, 'production')).toEqual([
      '0.1.0 INACTIVE',
      '0.2.0 INACTIVE',
      '0.3.0 FAILURE',
      '0.2.0 ACTIVE'
    ]);
    const stops = (await shop.hub.snapshot()).issues.filter(({ state }) => state === 'open');
    expect(stops.map(({ labels }) => labels)).toEqual([['line-stopped']]);
  });

  test('on a stopped line nothing new goes out, not even to staging', async () => {
    const sha = await change(shop, 'fix: discounts');
    const run = shop.start(sha);
    const built = await shop.job('build', { run });
    expect(passed(await shop.job('release', { run, artifact: built.artifact }))).toBe('passed');
    const before = await shop.hub.snapshot();
    const refused = await shop.job('deploy', { run, inputs: { environment: 'staging', version: '0.3.1' } });
    expect(refused).toMatchObject({ exitCode: 1, outputs: { decision: 'refused', 'reason-code': 'line-stopped' } });
    expect((await shop.hub.snapshot()).deployments).toEqual(before.deployments);
    expect(await closeStops(shop)).toBe(1);
    shop.hub.finishRun(run, 'failure');
  });

  test('the issue closed, the line goes on; an old run of the broken version is superseded', async () => {
    const { production, version } = await shop.line(await change(shop, 'fix: the rest'));
    expect(passed(production)).toBe('passed');
    expect(version).toBe('0.3.2');
    const run = shop.start(shop.first);
    shop.hub.review(run, { environment: 'production', user: 'bruno', state: 'approved' });
    const old = await shop.job('deploy', { run, inputs: { environment: 'production', version: '0.3.0' } });
    expect(old).toMatchObject({ exitCode: 0, outputs: { decision: 'refused', 'reason-code': 'superseded' } });
    shop.hub.finishRun(run, 'success');
  });

  test('verify finds the live version well, and drift when somebody changed the target', async () => {
    const run = shop.start(shop.first, 'workflow_dispatch');
    const well = await shop.job('verify', { run, inputs: { environment: 'production' } });
    expect(well).toMatchObject({ exitCode: 0, outputs: { 'reason-code': 'verified', version: '0.3.2' } });
    shop.hub.finishRun(run, 'success');
  });

  test('a person rolls back: no build, the old version by its own procedure', async () => {
    const run = shop.start(shop.first, 'workflow_dispatch');
    shop.hub.review(run, { environment: 'production', user: 'bruno', state: 'approved' });
    const back = await shop.job('rollback', { run, inputs: { environment: 'production', reason: 'prices look odd' } });
    expect(passed(back)).toBe('passed');
    expect(back.outputs).toMatchObject({
      version: '0.2.0',
      'reason-code': 'rolled-back-by-request',
      'previous-version': '0.3.2'
    });
    expect(await shop.running('production')).toBe('app 0.2.0');
    expect(JSON.stringify((await recordsOf(shop, 'production')).at(-1)?.payload)).toContain('prices look odd');
    shop.hub.finishRun(run, 'success');
  });

  test('plan reads only, and says what waits', async () => {
    const run = shop.start(await change(shop, 'feat!: a new shop'));
    const before = await shop.hub.snapshot();
    const plan = await shop.job('plan', { run });
    expect(plan).toMatchObject({
      exitCode: 0,
      outputs: { version: '0.4.0', 'reason-code': 'planned', 'previous-version': '0.3.2' }
    });
    expect(plan.result).toMatchObject({ rows: [{ environment: 'staging' }, { environment: 'production' }] });
    expect(await shop.hub.snapshot()).toEqual(before);
    expect(plan.calls).toEqual(['graphql']);
    shop.hub.finishRun(run, 'success');
  });
});
