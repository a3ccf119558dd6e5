/* oxlint-disable typescript/no-unsafe-assignment -- answers are looked into as they come */
import { beforeAll, describe, expect, test } from '@jest/globals';
import { clientOf, handClock, job, problemsOf, request, start } from './client.ts';
import type { Started } from './client.ts';
import type { Permissions } from '../../../rehearsal/hub/index.ts';

const NEEDS: readonly (readonly [string, string, object | undefined, Permissions])[] = [
  ['POST', '/git/refs', { ref: 'refs/tags/x', sha: '0'.repeat(40) }, { contents: 'read', deployments: 'write' }],
  ['POST', '/releases', { tag_name: 'x' }, { contents: 'read' }],
  ['POST', '/deployments', { ref: 'main' }, { contents: 'write', deployments: 'read' }],
  ['POST', '/issues', { title: 'x' }, { contents: 'write' }],
  ['POST', '/actions/runs/1/cancel', undefined, { actions: 'read' }],
  ['PUT', '/environments/production', {}, 'write-all']
];

describe('a public repository', () => {
  let at: Started;
  beforeAll(async () => {
    at = await start();
  });

  test('asks for a token, and for one it knows', async () => {
    const url = `${at.hub.apiUrl}/repos/acme/shop`;
    expect(await request(url)).toMatchObject({ status: 401, body: { message: 'Requires authentication' } });
    expect(await request(url, { token: 'ghs_made_up' })).toMatchObject({
      status: 401,
      body: { message: 'Bad credentials' }
    });
  });

  test.each(NEEDS)('%s %s is refused to a token without the scope', async (method, path, body, permissions) => {
    const refused = await job(at.hub, permissions).ask(method, path, body);
    expect(refused).toMatchObject({ status: 403, body: { message: 'Resource not accessible by integration' } });
  });

  test('is open to every token for reading', async () => {
    const nothing = job(at.hub, {});
    for (const path of ['', '/releases', '/deployments', '/environments', '/issues', '/actions/runs']) {
      expect((await nothing.ask('GET', path)).status).toBe(200);
    }
  });

  test('does not know other repositories', async () => {
    expect((await at.client.ask('GET', `${at.hub.apiUrl}/repos/acme/other/releases`)).status).toBe(404);
    expect((await at.client.ask('GET', `${at.hub.apiUrl}/repos/ACME/Shop/releases`)).status).toBe(200);
  });

  test('knows no scope that GitHub does not know', () => {
    expect(() => at.hub.token({ permissions: JSON.parse('{"deployment":"write"}') })).toThrow('no scope "deployment"');
  });

  test("ends a run's tokens with the run", async () => {
    const run = at.hub.startRun({ event: 'push', actor: 'ana', sha: at.sha, ref: 'refs/heads/main' });
    const client = clientOf(at.hub, at.hub.token({ permissions: 'read-all', run }));
    expect((await client.ask('GET', '')).status).toBe(200);
    at.hub.finishRun(run, 'success');
    expect((await client.ask('GET', '')).status).toBe(401);
  });

  test('writes as the bot, or as the person whose token it is', async () => {
    const bot = await at.client.ask('POST', '/issues', { title: 'by the bot' });
    const ana = await clientOf(at.hub, at.hub.personToken('ana')).ask('POST', '/issues', { title: 'by ana' });
    expect(bot.body.user).toMatchObject({ login: 'github-actions[bot]', type: 'Bot' });
    expect(ana.body.user).toMatchObject({ login: 'ana', type: 'User' });
    expect(at.hub.log.slice(-2).map((entry) => entry.actor)).toEqual(['github-actions[bot]', 'ana']);
  });
});

test('a private repository is closed to tokens without the scope, for reading too', async () => {
  const at = await start({ visibility: 'private' });
  const reader = job(at.hub, { contents: 'read' });
  expect((await reader.ask('GET', '/releases')).status).toBe(200);
  expect((await reader.ask('GET', '/deployments')).status).toBe(403);
  expect((await reader.ask('GET', '/environments/production')).status).toBe(403);
  expect((await reader.ask('GET', '')).body.private).toBe(true);
});

test('an operation not emulated is a 501 that names it, and a problem a test can see', async () => {
  const at = await start();
  const answer = await at.client.ask('GET', '/actions/caches');
  expect(answer).toMatchObject({
    status: 501,
    body: { message: 'not emulated: GET /api/v3/repos/acme/shop/actions/caches' }
  });
  expect(problemsOf(at.hub)).toEqual(['not emulated: GET /api/v3/repos/acme/shop/actions/caches']);
});

test('the hour has so many calls for all workflow tokens together, told by headers on every answer', async () => {
  const clock = handClock();
  const at = await start({ hourlyLimit: 3, clock: clock.now });
  const first = await at.client.ask('GET', '/releases');
  expect(first.headers.get('date')).toBe('Mon, 01 Jun 2026 12:00:00 GMT');
  expect(first.headers.get('x-ratelimit-limit')).toBe('3');
  expect(first.headers.get('x-ratelimit-remaining')).toBe('2');
  const reset = Number(first.headers.get('x-ratelimit-reset'));
  expect(reset).toBe(Date.parse('2026-06-01T13:00:00Z') / 1000);
  await job(at.hub).ask('GET', '/issues');
  await at.client.query('name');
  const over = await at.client.ask('GET', '/releases');
  expect(over).toMatchObject({ status: 403, body: { message: expect.stringContaining('rate limit exceeded') } });
  expect(over.headers.get('x-ratelimit-remaining')).toBe('0');
  expect((await at.client.ask('GET', `${at.hub.apiUrl}/rate_limit`)).status).toBe(200);
  clock.advance(60);
  expect((await at.client.ask('GET', '/releases')).status).toBe(200);
});
