/* oxlint-disable typescript/no-unsafe-assignment -- answers are looked into as they come */
import { beforeAll, expect, test } from '@jest/globals';
import { clientOf, handClock, start } from './client.ts';
import type { Started } from './client.ts';
import type { StartedRun } from '../../../rehearsal/hub/index.ts';

let at: Started;
const clock = handClock();
beforeAll(async () => {
  at = await start({ clock: clock.now });
  at.hub.defineEnvironment('production', { reviewers: ['ana', 'bia'], preventSelfReview: true });
});

const run = (): StartedRun =>
  at.hub.startRun({ event: 'push', actor: 'ana', sha: at.sha, ref: 'refs/heads/main', workflow: 'delivery.yml' });

const statusOf = async ({ id }: StartedRun): Promise<string> =>
  (await at.client.ask('GET', `/actions/runs/${id}`)).body.status;

test('a run waits at its gate until one reviewer approves', async () => {
  const here = run();
  expect(at.hub.gate(here, { environment: 'production' })).toBe('waiting');
  expect(await statusOf(here)).toBe('waiting');
  at.hub.review(here, { environment: 'production', user: 'bia', state: 'approved', comment: 'go' });
  expect(at.hub.gate(here, { environment: 'production' })).toBe('open');
  expect(await statusOf(here)).toBe('in_progress');
  const approvals = (await at.client.ask('GET', `/actions/runs/${here.id}/approvals`)).body;
  expect(approvals).toMatchObject([
    { state: 'approved', comment: 'go', user: { login: 'bia' }, environments: [{ name: 'production' }] }
  ]);
  // neither when nor for which attempt: GitHub does not say
  expect(Object.keys(approvals[0]).toSorted()).toEqual(['comment', 'environments', 'state', 'user']);
});

test('a rejection closes the gate', () => {
  const here = run();
  at.hub.gate(here, { environment: 'production' });
  at.hub.review(here, { environment: 'production', user: 'bia', state: 'rejected' });
  expect(at.hub.gate(here, { environment: 'production' })).toBe('rejected');
});

test('only a reviewer may, and with self-review prevented not the one who started it', () => {
  const here = run();
  const approve = (user: string) => () => at.hub.review(here, { environment: 'production', user, state: 'approved' });
  expect(approve('eve')).toThrow('eve is not allowed');
  expect(approve('ana')).toThrow('ana is not allowed');
  at.hub.defineEnvironment('lenient', { reviewers: ['ana'] });
  at.hub.gate(here, { environment: 'lenient' });
  expect(() => at.hub.review(here, { environment: 'lenient', user: 'ana', state: 'approved' })).not.toThrow();
});

test('each job is gated anew; jobs already waiting are answered by one review', () => {
  const here = run();
  at.hub.gate(here, { environment: 'production', job: 'one' });
  at.hub.gate(here, { environment: 'production', job: 'two' });
  at.hub.review(here, { environment: 'production', user: 'bia', state: 'approved' });
  expect(at.hub.gate(here, { environment: 'production', job: 'one' })).toBe('open');
  expect(at.hub.gate(here, { environment: 'production', job: 'two' })).toBe('open');
  expect(at.hub.gate(here, { environment: 'production', job: 'three' })).toBe('waiting');
});

test('a job naming an environment that does not exist creates it and runs', async () => {
  expect(at.hub.gate(run(), { environment: 'prodution' })).toBe('open');
  expect((await at.client.ask('GET', '/environments/prodution')).body.protection_rules).toEqual([]);
});

test('names of environments do not differ by case', async () => {
  expect((await at.client.ask('GET', '/environments/PRODUCTION')).body.name).toBe('production');
  expect(at.hub.gate(run(), { environment: 'Production' })).toBe('waiting');
});

test('the rules can be read: reviewers, self-review, timer, bypass', async () => {
  at.hub.defineEnvironment('strict', { reviewers: ['bia'], waitMinutes: 5, adminsCanBypass: false });
  expect((await at.client.ask('GET', '/environments/strict')).body).toMatchObject({
    can_admins_bypass: false,
    protection_rules: [
      { type: 'wait_timer', wait_timer: 5 },
      {
        type: 'required_reviewers',
        prevent_self_review: false,
        reviewers: [{ type: 'User', reviewer: { login: 'bia' } }]
      }
    ]
  });
});

test('a wait timer opens by itself', () => {
  at.hub.defineEnvironment('slow', { waitMinutes: 10 });
  const here = run();
  expect(at.hub.gate(here, { environment: 'slow' })).toBe('waiting');
  clock.advance(9);
  expect(at.hub.gate(here, { environment: 'slow' })).toBe('waiting');
  clock.advance(1);
  expect(at.hub.gate(here, { environment: 'slow' })).toBe('open');
});

test('an administrator may bypass where the environment allows it', () => {
  at.hub.defineEnvironment('unbypassable', { reviewers: ['bia'], adminsCanBypass: false });
  const here = run();
  at.hub.gate(here, { environment: 'production' });
  at.hub.bypass(here, 'production');
  expect(at.hub.gate(here, { environment: 'production' })).toBe('open');
  expect(() => at.hub.bypass(here, 'unbypassable')).toThrow('cannot be bypassed');
});

test('reviewing by API takes a person; a workflow token never can', async () => {
  const here = run();
  at.hub.gate(here, { environment: 'production' });
  const path = `/actions/runs/${here.id}/pending_deployments`;
  const bia = clientOf(at.hub, at.hub.personToken('bia'));
  const pending = (await bia.ask('GET', path)).body;
  expect(pending).toMatchObject([{ environment: { name: 'production' }, current_user_can_approve: true }]);
  const body = { environment_ids: [pending[0].environment.id], state: 'approved', comment: 'fine' };
  expect((await at.client.ask('POST', path, body)).status).toBe(403);
  expect((await clientOf(at.hub, at.hub.personToken('eve')).ask('POST', path, body)).status).toBe(422);
  expect((await bia.ask('POST', path, body)).status).toBe(200);
  expect((await bia.ask('GET', path)).body).toEqual([]);
  expect(at.hub.gate(here, { environment: 'production' })).toBe('open');
});

test('a second attempt is gated again, while the approvals list keeps the first', async () => {
  const here = run();
  at.hub.review(here, { environment: 'production', user: 'bia', state: 'approved' });
  at.hub.finishRun(here, 'failure');
  const again = at.hub.rerun(here);
  expect(again).toMatchObject({ id: here.id, attempt: 2 });
  expect(at.hub.gate(again, { environment: 'production' })).toBe('waiting');
  expect((await at.client.ask('GET', `/actions/runs/${here.id}/approvals`)).body).toHaveLength(1);
});

test('runs are listed by status and can be cancelled once', async () => {
  const here = run();
  at.hub.gate(here, { environment: 'production' });
  const waiting = (await at.client.ask('GET', '/actions/runs?status=waiting')).body;
  expect(waiting.workflow_runs.map((each: { id: number }) => each.id)).toContain(here.id);
  const bia = clientOf(at.hub, at.hub.personToken('bia'));
  expect((await bia.ask('POST', `/actions/runs/${here.id}/cancel`)).status).toBe(202);
  expect((await bia.ask('POST', `/actions/runs/${here.id}/cancel`)).status).toBe(409);
  expect((await at.client.ask('GET', `/actions/runs/${here.id}`)).body).toMatchObject({
    status: 'completed',
    conclusion: 'cancelled'
  });
  expect((await at.client.ask('GET', '/actions/runs/1')).status).toBe(404);
});

test('jobs are listed as they were reported; without a report those at a gate are', async () => {
  const here = run();
  at.hub.gate(here, { environment: 'production', job: 'deploy' });
  const path = `/actions/runs/${here.id}/jobs`;
  expect((await at.client.ask('GET', path)).body.jobs).toMatchObject([{ name: 'deploy', status: 'waiting' }]);
  at.hub.reportJob(here, { name: 'build', status: 'in_progress', conclusion: null });
  at.hub.reportJob(here, { name: 'deploy', status: 'waiting', conclusion: null });
  at.hub.reportJob(here, { name: 'build', status: 'completed', conclusion: 'success' });
  expect((await at.client.ask('GET', path)).body).toMatchObject({
    total_count: 2,
    jobs: [
      { name: 'build', status: 'completed', conclusion: 'success' },
      { name: 'deploy', status: 'waiting', conclusion: null }
    ]
  });
});
