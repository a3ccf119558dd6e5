/* oxlint-disable typescript/no-unsafe-assignment -- answers are looked into as they come */
import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { deploy, draftRelease, start } from './client.ts';
import type { Started } from './client.ts';

let at: Started;
beforeAll(async () => {
  at = await start();
});

const titles = async (): Promise<readonly string[]> => (await at.hub.snapshot()).issues.map((issue) => issue.title);

const create = (title: string) => at.client.ask('POST', '/issues', { title });

describe.each(['before', 'after'] as const)('%s the write', (phase) => {
  test.each([500, 502, 503, 'html', 'empty', '429', 'secondary-403', 'primary-403'] as const)('%s', async (kind) => {
    const title = `${phase} ${kind}`;
    const fault = at.hub.fault({ match: { method: 'POST', path: /\/issues$/ }, phase, kind });
    const answer = await create(title);
    expect(answer.status).toBe(
      kind === 'html' || kind === 'empty' ? 200 : Number.parseInt(String(kind).replace(/^\D+/, ''), 10)
    );
    expect(answer.body.title).toBeUndefined();
    expect((await titles()).includes(title)).toBe(phase === 'after');
    expect(fault.fired).toBe(1);
    expect(at.hub.log.at(-1)).toMatchObject({ operation: 'issues/create', fault: `${kind} ${phase}` });
    // once only
    expect((await create(`${title} again`)).status).toBe(201);
  });

  test('reset', async () => {
    at.hub.fault({ match: { operation: 'issues/create' }, phase, kind: 'reset' });
    await expect(create(`${phase} reset`)).rejects.toThrow('fetch failed');
    expect((await titles()).includes(`${phase} reset`)).toBe(phase === 'after');
    expect(at.hub.log.at(-1)?.status).toBe(0);
  });

  test('hang, until the client gives up', async () => {
    const fault = at.hub.fault({ match: { operation: 'issues/create' }, phase, kind: 'hang' });
    const leaving = new AbortController();
    const asked = fetch(`${at.hub.apiUrl}/repos/acme/shop/issues`, {
      method: 'POST',
      signal: leaving.signal,
      headers: { authorization: `Bearer ${at.client.token}` },
      body: JSON.stringify({ title: `${phase} hang` })
    });
    await fault.reached;
    expect((await titles()).includes(`${phase} hang`)).toBe(phase === 'after');
    leaving.abort();
    await expect(asked).rejects.toThrow('aborted');
  });
});

test('limits say how long to wait, or nothing at all', async () => {
  at.hub.fault({ kind: '429', retryAfterSeconds: 7 });
  expect((await at.client.ask('GET', '')).headers.get('retry-after')).toBe('7');
  at.hub.fault({ kind: 'secondary-403', retryAfterSeconds: null });
  const silent = await at.client.ask('GET', '');
  expect(silent.headers.get('retry-after')).toBeNull();
  expect(silent.body.message).toContain('secondary rate limit');
  at.hub.fault({ kind: 'primary-403', retryAfterSeconds: 60 });
  const primary = await at.client.ask('GET', '');
  expect(primary.headers.get('x-ratelimit-remaining')).toBe('0');
  expect(Number(primary.headers.get('x-ratelimit-reset')) * 1000).toBeGreaterThan(Date.now());
});

test('a truncated answer looks whole, a cut one does not', async () => {
  at.hub.fault({ match: { operation: 'repos/get' }, kind: 'truncate' });
  const answer = await at.client.ask('GET', '');
  expect(answer.status).toBe(200);
  expect(answer.body).toMatch(/^\{"id":700001/);
  expect(() => JSON.parse(answer.body)).toThrow('JSON');
  at.hub.fault({ match: { operation: 'repos/get' }, kind: 'cut' });
  await expect(at.client.ask('GET', '')).rejects.toThrow('terminated');
});

test('a dripping answer arrives in the end', async () => {
  at.hub.fault({ match: { operation: 'git/get-ref' }, kind: 'drip' });
  const from = performance.now();
  expect((await at.client.ask('GET', '/git/ref/heads/main')).body.object.sha).toBe(at.sha);
  expect(performance.now() - from).toBeGreaterThan(300);
});

test('the bytes of a download can be other than they were', async () => {
  const { asset } = await draftRelease(at, 'v7.0.0');
  const digest = async () => {
    const headers = { authorization: `Bearer ${at.client.token}`, accept: 'application/octet-stream' };
    const response = await fetch(`${at.hub.apiUrl}/repos/acme/shop/releases/assets/${asset}`, { headers });
    return createHash('sha256')
      .update(await response.bytes())
      .digest('hex');
  };
  const honest = await digest();
  at.hub.fault({ match: { path: /\/release-assets\// }, kind: 'corrupt' });
  expect(await digest()).not.toBe(honest);
  expect(await digest()).toBe(honest);
});

test('a stale read answers the state of before the last writes, refs included', async () => {
  const stale = (operation: string, writes: number) => at.hub.fault({ match: { operation }, kind: 'stale', writes });
  const id = await deploy(at, 'stale');
  stale('repos/list-deployments', 1);
  const list = () => at.client.ask('GET', '/deployments?environment=stale');
  expect((await list()).body).toEqual([]);
  expect((await list()).body).toMatchObject([{ id }]);
  stale('graphql', 1);
  const query = () => at.client.query('deployments(environments: ["stale"], first: 1) { totalCount }');
  expect((await query()).data.repository.deployments.totalCount).toBe(0);
  expect((await query()).data.repository.deployments.totalCount).toBe(1);
  await at.client.ask('POST', '/git/refs', { ref: 'refs/tags/stale', sha: at.sha });
  await create('one write later');
  stale('git/get-ref', 2);
  expect((await at.client.ask('GET', '/git/ref/tags/stale')).status).toBe(404);
  expect((await at.client.ask('GET', '/git/ref/tags/stale')).status).toBe(200);
});

test('the nth call, so many times, until cancelled', async () => {
  const status = async () => (await at.client.ask('GET', '')).status;
  const nth = at.hub.fault({ match: { nth: 3 }, kind: 500 });
  expect([await status(), await status(), await status(), await status()]).toEqual([200, 200, 500, 200]);
  expect(nth.fired).toBe(1);
  const many = at.hub.fault({ match: { method: 'get' }, kind: 503, times: Number.POSITIVE_INFINITY });
  expect([await status(), await status()]).toEqual([503, 503]);
  many.cancel();
  expect(await status()).toBe(200);
  at.hub.fault({ match: { graphql: true }, kind: 502 });
  expect(await status()).toBe(200);
  expect((await at.client.ask('POST', at.hub.graphqlUrl, { query: '{ rateLimit { cost } }' })).status).toBe(502);
});

test('requests that are held wait for each other; later ones pass', async () => {
  at.hub.hold({ match: { operation: 'issues/create' }, requests: 2 });
  const order: string[] = [];
  const first = at.client.ask('POST', '/issues', { title: 'one' }).then(() => order.push('one'));
  await at.client.ask('GET', '/labels');
  order.push('read');
  await Promise.all([first, at.client.ask('POST', '/issues', { title: 'two' })]);
  expect(order).toEqual(['read', 'one']);
  expect((await at.client.ask('POST', '/issues', { title: 'three' })).status).toBe(201);
});
