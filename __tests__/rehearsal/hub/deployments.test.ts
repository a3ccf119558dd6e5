/* oxlint-disable typescript/no-unsafe-assignment -- answers are looked into as they come */
import { beforeAll, describe, expect, test } from '@jest/globals';
import { deploy, handClock, job, setStatus, start } from './client.ts';
import type { Started } from './client.ts';

let at: Started;
const clock = handClock();
beforeAll(async () => {
  at = await start({ clock: clock.now });
});

const plain = { auto_merge: false, required_contexts: [] };

const stateOf = async (deployment: number): Promise<string | undefined> =>
  (await at.client.ask('GET', `/deployments/${deployment}/statuses`)).body[0]?.state;

describe('creating', () => {
  test('assumes production, and that production is production', async () => {
    const made = await at.client.ask('POST', '/deployments', { ref: 'main', ...plain });
    expect(made.body).toMatchObject({
      sha: at.sha,
      ref: 'main',
      task: 'deploy',
      environment: 'production',
      production_environment: true,
      payload: ''
    });
    const staging = await at.client.ask('POST', '/deployments', {
      ref: at.sha,
      environment: 'Production EU',
      ...plain
    });
    expect(staging.body.production_environment).toBe(false);
  });

  test('refuses a ref nobody knows', async () => {
    const refused = await at.client.ask('POST', '/deployments', { ref: 'nowhere', ...plain });
    expect(refused).toMatchObject({ status: 422, body: { message: 'No ref found for: nowhere' } });
  });

  test('waits by default for every context, the running check of the caller included', async () => {
    const sha = await at.hub.commit({ message: 'feat: checked', branch: 'checked', files: { d: 'd' } });
    const run = at.hub.startRun({ event: 'push', actor: 'ana', sha, ref: 'refs/heads/checked' });
    const create = (more: object) => at.client.ask('POST', '/deployments', { ref: sha, auto_merge: false, ...more });
    expect((await create({})).status).toBe(409);
    expect((await create({ required_contexts: ['lint'] })).status).toBe(409);
    expect((await create({ required_contexts: [] })).status).toBe(201);
    at.hub.finishRun(run, 'success');
    expect((await create({})).status).toBe(201);
    const ci = job(at.hub, { statuses: 'write' });
    await ci.ask('POST', `/statuses/${sha}`, { state: 'failure', context: 'lint' });
    expect((await create({ required_contexts: ['lint'] })).status).toBe(409);
    await ci.ask('POST', `/statuses/${sha}`, { state: 'success', context: 'lint' });
    expect((await create({ required_contexts: ['lint'] })).status).toBe(201);
  });

  test('merges the default branch in by default: 202 without an id, or 409', async () => {
    await at.hub.commit({ message: 'feat: topic', branch: 'topic', files: { t: 't' } });
    const clash = await at.hub.commit({ message: 'feat: clash', branch: 'clash', files: { 'a.txt': 'mine\n' } });
    const before = at.sha;
    await at.hub.commit({ message: 'feat: main moves on', files: { 'a.txt': 'theirs\n' } });
    const merged = await at.client.ask('POST', '/deployments', { ref: 'topic', required_contexts: [] });
    expect(merged).toMatchObject({ status: 202, body: { message: 'Auto-merged main into topic on deployment.' } });
    expect(merged.body.id).toBeUndefined();
    expect((await at.client.ask('POST', '/deployments', { ref: 'topic', required_contexts: [] })).status).toBe(201);
    for (const ref of ['clash', clash, before]) {
      expect((await at.client.ask('POST', '/deployments', { ref, required_contexts: [] })).status).toBe(409);
    }
  });

  test('brings a missing environment into being, unprotected', async () => {
    expect((await at.client.ask('GET', '/environments/typo')).status).toBe(404);
    await deploy(at, 'typo');
    expect((await at.client.ask('GET', '/environments/typo')).body.protection_rules).toEqual([]);
  });

  test('keeps the payload as it was given, object or text', async () => {
    const one = await deploy(at, 'staging', { payload: { schema: 1 } });
    const two = await deploy(at, 'staging', { payload: '{"schema":1}' });
    expect((await at.client.ask('GET', `/deployments/${one}`)).body.payload).toEqual({ schema: 1 });
    expect((await at.client.ask('GET', `/deployments/${two}`)).body.payload).toBe('{"schema":1}');
  });
});

test('lists are newest first and filtered', async () => {
  const [one, two] = [await deploy(at, 'listed'), await deploy(at, 'listed', { task: 'other' })];
  const ids = async (query: string) =>
    (await at.client.ask('GET', `/deployments?${query}`)).body.map((each: { id: number }) => each.id);
  expect(await ids('environment=listed')).toEqual([two, one]);
  expect(await ids('environment=listed&task=deploy')).toEqual([one]);
  expect(await ids(`environment=listed&sha=${'0'.repeat(40)}`)).toEqual([]);
});

describe('statuses', () => {
  test('a success retires earlier successes of the same environment', async () => {
    const [one, two] = [await deploy(at, 'qa'), await deploy(at, 'qa')];
    await setStatus(at.client, one, 'success');
    await setStatus(at.client, two, 'success');
    expect(await stateOf(one)).toBe('inactive');
    expect(await stateOf(two)).toBe('success');
  });

  test('but not with `auto_inactive: false`, and not by another state', async () => {
    const [one, two] = [await deploy(at, 'qa2'), await deploy(at, 'qa2')];
    await setStatus(at.client, one, 'success');
    await setStatus(at.client, two, 'failure');
    expect(await stateOf(one)).toBe('success');
    await setStatus(at.client, two, 'success', { auto_inactive: false });
    expect(await stateOf(one)).toBe('success');
  });

  test.each([
    ['production', { environment: 'production' }],
    ['transient', { environment: 'review-1', transient_environment: true }]
  ])('and never a %s one', async (_kind, more) => {
    const [one, two] = [await deploy(at, more.environment, more), await deploy(at, more.environment, more)];
    await setStatus(at.client, one, 'success');
    await setStatus(at.client, two, 'success');
    expect(await stateOf(one)).toBe('success');
  });

  test('nor one that had no success, another environment, or a later one', async () => {
    const [failed, other, success, later] = [
      await deploy(at, 'qa3'),
      await deploy(at, 'qa4'),
      await deploy(at, 'qa3'),
      await deploy(at, 'qa3')
    ];
    await setStatus(at.client, failed, 'error');
    await setStatus(at.client, other, 'success');
    await setStatus(at.client, later, 'success');
    await setStatus(at.client, success, 'success');
    expect(await stateOf(failed)).toBe('error');
    expect(await stateOf(other)).toBe('success');
    expect(await stateOf(later)).toBe('success');
  });

  test('end at 140 characters', async () => {
    const id = await deploy(at, 'qa5');
    expect((await setStatus(at.client, id, 'success', { description: 'x'.repeat(141) })).status).toBe(422);
    expect((await setStatus(at.client, id, 'success', { description: 'x'.repeat(140) })).status).toBe(201);
  });

  test('can move the deployment to another environment', async () => {
    const id = await deploy(at, 'here');
    await setStatus(at.client, id, 'success', { environment: 'there' });
    const moved = (await at.client.ask('GET', `/deployments/${id}`)).body;
    expect(moved).toMatchObject({ environment: 'there', original_environment: 'here' });
  });

  test('know no state of their own making', async () => {
    const id = await deploy(at, 'qa6');
    expect((await setStatus(at.client, id, 'deployed')).status).toBe(422);
  });
});

test('an active deployment cannot be deleted, an inactive one can', async () => {
  const id = await deploy(at, 'gone');
  await setStatus(at.client, id, 'success');
  expect((await at.client.ask('DELETE', `/deployments/${id}`)).status).toBe(422);
  await setStatus(at.client, id, 'inactive');
  expect((await at.client.ask('DELETE', `/deployments/${id}`)).status).toBe(204);
  expect((await at.client.ask('GET', `/deployments/${id}`)).status).toBe(404);
});
