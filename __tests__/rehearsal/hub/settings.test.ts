/* oxlint-disable typescript/no-unsafe-assignment -- answers are looked into as they come */
import { beforeAll, expect, test } from '@jest/globals';
import { clientOf, job, start } from './client.ts';
import type { Started } from './client.ts';
import type { StartedRun } from '../../../rehearsal/hub/index.ts';

let at: Started;
beforeAll(async () => {
  at = await start({ immutableReleases: true, defaultWorkflowPermissions: 'write', shaPinningRequired: true });
  at.hub.defineEnvironment('production', { reviewers: ['bia'] });
  at.hub.defineEnvironment('staging');
  at.hub.defineRuleset({ name: 'versions', include: ['refs/tags/v*'] });
});

const run = (workflow: string): StartedRun =>
  at.hub.startRun({ event: 'push', actor: 'ana', sha: at.sha, ref: 'refs/heads/main', workflow });

test('runs are listed by workflow and status, and say which jobs of theirs wait or work', async () => {
  const [here, other] = [run('delivery.yml'), run('other.yml')];
  for (const each of [here, other]) at.hub.gate(each, { environment: 'production', job: 'deploy' });
  at.hub.gate(here, { environment: 'staging', job: 'stage' });
  const { workflow_id: workflow } = (await at.client.ask('GET', `/actions/runs/${here.id}`)).body;
  const listed = (await at.client.ask('GET', `/actions/workflows/${workflow}/runs?status=waiting`)).body;
  expect(listed).toMatchObject({ total_count: 1, workflow_runs: [{ id: here.id, workflow_id: workflow }] });
  const byFile = (await at.client.ask('GET', '/actions/workflows/other.yml/runs?status=waiting')).body;
  expect(byFile).toMatchObject({ total_count: 1, workflow_runs: [{ id: other.id }] });
  const jobs = async () => (await at.client.ask('GET', `/actions/runs/${here.id}/jobs`)).body.jobs;
  expect(await jobs()).toMatchObject([
    { name: 'deploy', status: 'waiting' },
    { name: 'stage', status: 'in_progress' }
  ]);
  at.hub.review(here, { environment: 'production', user: 'bia', state: 'rejected' });
  expect(await jobs()).toMatchObject([{ status: 'completed' }, { status: 'in_progress' }]);
  at.hub.finishRun(here, 'failure');
  expect(await jobs()).toMatchObject([{ conclusion: 'failure' }, { conclusion: 'failure' }]);
});

test('rules of tags are open to every token, in the list without what they say', async () => {
  const client = job(at.hub, {});
  const [listed, ...rest] = (await client.ask('GET', '/rulesets')).body;
  expect([listed.name, listed.rules, rest]).toEqual(['versions', undefined, []]);
  const whole = (await client.ask('GET', `/rulesets/${listed.id}`)).body;
  expect(whole).toMatchObject({
    target: 'tag',
    conditions: { ref_name: { include: ['refs/tags/v*'] } },
    rules: [{ type: 'deletion' }, { type: 'update' }]
  });
});

test('whether there is a site is for whoever may read it; in public repositories for everybody', async () => {
  expect((await job(at.hub, {}).ask('GET', '/pages')).status).toBe(404);
  for (const site of ['legacy', 'workflow'] as const) {
    const { hub } = await start({ site, visibility: 'private' });
    expect((await job(hub, {}).ask('GET', '/pages')).status).toBe(403);
    expect((await job(hub, { pages: 'read' }).ask('GET', '/pages')).body.build_type).toBe(site);
  }
});

test('settings of an administrator are closed to the token of a job', async () => {
  const admin = clientOf(at.hub, at.hub.personToken('ana'));
  for (const path of ['/immutable-releases', '/actions/permissions', '/actions/permissions/workflow'])
    expect((await job(at.hub, 'write-all').ask('GET', path)).status).toBe(403);
  expect((await admin.ask('GET', '/immutable-releases')).body.enabled).toBe(true);
  expect((await admin.ask('GET', '/actions/permissions')).body.sha_pinning_required).toBe(true);
  expect((await admin.ask('GET', '/actions/permissions/workflow')).body.default_workflow_permissions).toBe('write');
});
