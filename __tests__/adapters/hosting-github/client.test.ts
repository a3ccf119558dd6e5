import { afterEach, describe, expect, test } from '@jest/globals';
import * as v from 'valibot';
import { shaped } from '../../../src/adapters/hosting-github/client.ts';
import type { Client, LookUp, Request } from '../../../src/adapters/hosting-github/client.ts';
import type { HostingOptions } from '../../../src/adapters/hosting-github/options.ts';
import { valueOf } from '../../../src/adapters/hosting-github/reply.ts';
import { clientAt } from './client-at.ts';
import { json, raw, reset, silence, startScript, truncated } from './scripted-server.ts';
import type { ScriptedServer, Step } from './scripted-server.ts';
import { refusalOf } from './scene.ts';
import { stillClock } from './still-clock.ts';
import type { StillClock } from './still-clock.ts';

interface Scene {
  readonly server: ScriptedServer;
  readonly clock: StillClock;
  readonly client: Client;
}

const open: ScriptedServer[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.stop()));
});

const scene = async (steps: readonly Step[], options: Partial<HostingOptions> = {}): Promise<Scene> => {
  const server = await startScript(...steps);
  open.push(server);
  const clock = stillClock();
  const pace = { request: 0.5, closing: 0.2, random: () => 1, ...options.pace };
  const client = clientAt(server, { clock, ...options, pace });
  return { server, clock, client };
};

const thing = shaped(v.object({ id: v.number() }));
const get: Request<{ id: number }> = {
  call: 'GET thing',
  route: 'GET /repos/{owner}/{repo}/thing',
  permission: 'contents: read',
  read: thing
};
const post: Request<{ id: number }> = { ...get, call: 'POST thing', route: 'POST /repos/{owner}/{repo}/thing' };

const good = json(200, { id: 1 });

const slow: Step = (...given) => void setTimeout(() => good(...given), 60);

const lookUp = (...finds: ({ id: number } | undefined)[]): LookUp<{ id: number }> & { looked: number } => {
  const state = {
    looked: 0,
    looks: 2,
    find: async () => {
      state.looked += 1;
      return finds[state.looked - 1];
    }
  };
  return state;
};

const drip: Step = (response) => {
  response.writeHead(200, { 'content-type': 'application/json' });
  const timer = setInterval(() => response.write(' '), 10);
  response.on('close', () => clearInterval(timer));
};

const denied = (headers: Record<string, string>): Step =>
  json(403, { message: 'Resource not accessible by integration' }, headers);

describe('reading', () => {
  test('sends the token, the API version and the repository', async () => {
    const { client, server } = await scene([good]);
    expect(valueOf(get, await client.ask(get))).toEqual({ id: 1 });
    expect(server.seen[0]).toMatchObject({
      method: 'GET',
      path: '/repos/acme/shop/thing',
      headers: { authorization: 'token ghs_canary', 'x-github-api-version': '2022-11-28' }
    });
  });

  test.each<[string, Step]>([
    ['500', json(500, { message: 'oops' })],
    ['502 as HTML', raw(502, 'text/html', '<html>Bad gateway</html>')],
    ['a reset', reset],
    ['a truncated body', truncated],
    ['an HTML page with 200', raw(200, 'text/html', '<html>Sign in</html>')],
    ['an empty 200', raw(200, 'application/json', '')],
    ['JSON of another shape', json(200, { message: 'hm' })]
  ])('tries again after %s', async (_, bad) => {
    const { client, server, clock } = await scene([bad, bad, good]);
    expect(valueOf(get, await client.ask(get))).toEqual({ id: 1 });
    expect(server.seen).toHaveLength(3);
    expect(clock.slept).toEqual([1, 2]);
  });

  test('waits at random, up to the growing limit', async () => {
    const { client, clock } = await scene([json(503, {})], { pace: { random: () => 0.5, cap: 3 } });
    await refusalOf(client.ask(get));
    expect(clock.slept).toEqual([0.5, 1, 1.5, 1.5]);
  });

  test('gives up after five tries and says what the server said', async () => {
    const { client, server } = await scene([json(500, { message: 'boom' })]);
    const reason = await refusalOf(client.ask(get));
    expect(reason).toEqual({ code: 'hosting-failed', details: { call: 'GET thing', problem: '500 boom' } });
    expect(server.seen).toHaveLength(5);
  });

  test('a server that never answers is given up in time', async () => {
    const { client, server } = await scene([silence], { pace: { request: 0.05, tries: 2 } });
    const reason = await refusalOf(client.ask(get));
    expect(reason).toMatchObject({ code: 'hosting-failed', details: { problem: 'no answer in time' } });
    expect(server.seen).toHaveLength(2);
  });

  test('a body that drips is given up in time', async () => {
    const { client, server } = await scene([drip, good], { pace: { request: 0.1 } });
    expect(valueOf(get, await client.ask(get))).toEqual({ id: 1 });
    expect(server.seen).toHaveLength(2);
  });

  test.each([400, 401, 404, 409, 410, 422])('%i is an answer, not a fault', async (status) => {
    const { client, server, clock } = await scene([json(status, { message: 'no' })]);
    expect(await client.ask(get)).toMatchObject({ kind: 'refused', status, message: 'no' });
    expect(server.seen).toHaveLength(1);
    expect(clock.slept).toEqual([]);
  });

  test('details of a 422 are told', async () => {
    const errors = [{ resource: 'Release', code: 'already_exists', field: 'tag_name' }, 'and more'];
    const { client } = await scene([json(422, { message: 'Validation Failed', errors })]);
    expect(await client.ask(get)).toMatchObject({
      message: 'Validation Failed; already_exists; and more',
      codes: ['already_exists']
    });
  });
});

describe('permissions', () => {
  test('the one GitHub names', async () => {
    const { client, server } = await scene([
      denied({ 'x-accepted-github-permissions': 'pull_requests=write; contents=read' })
    ]);
    const answer = await client.ask(get);
    expect(await refusalOf(Promise.resolve().then(() => valueOf(get, answer)))).toEqual({
      code: 'permission-missing',
      details: { permission: 'pull-requests: write', call: 'GET thing' }
    });
    expect(server.seen).toHaveLength(1);
  });

  test('else the one the call needs, even when the limit is used up', async () => {
    const { client } = await scene([denied({ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1' })]);
    const answer = await client.ask(get);
    expect(await refusalOf(Promise.resolve().then(() => valueOf(get, answer)))).toMatchObject({
      details: { permission: 'contents: read' }
    });
  });

  test('another 403 is not called a missing permission', async () => {
    const { client } = await scene([json(403, { message: 'Repository was archived so is read-only.' })]);
    const answer = await client.ask(get);
    expect(await refusalOf(Promise.resolve().then(() => valueOf(get, answer)))).toMatchObject({
      code: 'hosting-failed',
      details: { problem: '403 Repository was archived so is read-only.' }
    });
  });
});

describe('rate limits', () => {
  test('Retry-After is obeyed', async () => {
    const limited = json(429, { message: 'slow down' }, { 'retry-after': '17' });
    const { client, clock } = await scene([limited, good], { pace: { random: () => 0 } });
    await client.ask(get);
    expect(clock.slept).toEqual([17]);
  });

  test.each([-3600, 0, 3600])('the reset is reckoned by the server clock, %i s from ours', async (skew) => {
    const server = Date.parse('2026-11-23T12:00:00Z') / 1000 + skew;
    const headers = {
      date: new Date(server * 1000).toUTCString(),
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': String(server + 40)
    };
    const limited = json(403, { message: 'API rate limit exceeded' }, headers);
    const { client, clock } = await scene([limited, good], { pace: { random: () => 0 } });
    await client.ask(get);
    expect(clock.slept).toEqual([41]);
  });

  test('a secondary limit without a time waits a minute, then longer', async () => {
    const limited = json(403, { message: 'You have exceeded a secondary rate limit.' });
    const { client, clock } = await scene([limited, limited, good], { pace: { random: () => 0 } });
    await client.ask(get);
    expect(clock.slept).toEqual([60, 120]);
  });

  test('a wait beyond the budget is not begun; the time is told', async () => {
    const limited = json(429, { message: 'slow down' }, { 'retry-after': '3000' });
    const { client, clock, server } = await scene([limited], { pace: { random: () => 0 } });
    const reason = await refusalOf(client.ask(get));
    expect(reason).toMatchObject({ details: { problem: expect.stringContaining('2026-11-23T12:50:00.000Z') } });
    expect(clock.slept).toEqual([]);
    expect(server.seen).toHaveLength(1);
  });
});

describe('writing', () => {
  test.each<[string, Step]>([
    ['500', json(500, {})],
    ['a reset', reset],
    ['a truncated answer', truncated],
    ['an HTML answer', raw(201, 'text/html', '<html>')]
  ])('after %s it is looked for, not repeated', async (_, bad) => {
    const { client, server } = await scene([bad]);
    const look = lookUp(undefined, { id: 7 });
    expect(valueOf(post, await client.change(post, look))).toEqual({ id: 7 });
    expect(server.seen).toHaveLength(1);
    expect(look.looked).toBe(2);
  });

  test('one after another, also after one that failed', async () => {
    let [inside, most] = [0, 0];
    const late =
      (answer: Step): Step =>
      (...given) => {
        inside += 1;
        most = Math.max(most, inside);
        setTimeout(() => {
          inside -= 1;
          answer(...given);
        }, 20);
      };
    const { client } = await scene([late(json(404, { message: 'no' })), late(good)]);
    const answers = await Promise.all([1, 2, 3].map(() => client.change(post, lookUp())));
    expect(answers.map(({ kind }) => kind)).toEqual(['refused', 'ok', 'ok']);
    expect(most).toBe(1);
  });

  test('it is repeated only when every look found nothing', async () => {
    const { client, server } = await scene([json(500, {}), good]);
    const look = lookUp();
    expect(valueOf(post, await client.change(post, look))).toEqual({ id: 1 });
    expect(look.looked).toBe(2);
    expect(server.seen).toHaveLength(2);
  });

  test('the last try is looked for too', async () => {
    const { client, server } = await scene([json(500, {})], { pace: { tries: 1 } });
    expect(valueOf(post, await client.change(post, lookUp({ id: 9 })))).toEqual({ id: 9 });
    expect(server.seen).toHaveLength(1);
  });

  test('a rate limit did nothing, as far as one look can tell', async () => {
    const limited = json(403, { message: 'secondary rate limit' }, { 'retry-after': '1' });
    const { client } = await scene([limited, good]);
    const look = lookUp();
    await client.change(post, look);
    expect(look.looked).toBe(1);
  });

  test('a server that cannot be reached got nothing: no look', async () => {
    const { client, server } = await scene([good], { pace: { tries: 2 } });
    await server.stop();
    const look = lookUp();
    const reason = await refusalOf(client.change(post, look));
    expect(reason).toMatchObject({ details: { problem: 'no answer (ECONNREFUSED)' } });
    expect(look.looked).toBe(0);
  });

  test.each([400, 404, 409, 422])('%i is not repeated', async (status) => {
    const { client, server } = await scene([json(status, { message: 'no' })]);
    expect(await client.change(post, lookUp())).toMatchObject({ kind: 'refused', status });
    expect(server.seen).toHaveLength(1);
  });
});

describe('a cancelled run', () => {
  test('ends a read at once', async () => {
    const run = new AbortController();
    const { client } = await scene([silence], {
      signal: run.signal,
      command: 'deploy',
      pace: { request: 60, closing: 60 }
    });
    setTimeout(() => run.abort(), 20);
    expect(await refusalOf(client.ask(get))).toEqual({ code: 'cancelled', details: { command: 'deploy' } });
  });

  test('gives a write in flight a moment', async () => {
    const run = new AbortController();
    const { client } = await scene([slow], { signal: run.signal });
    setTimeout(() => run.abort(), 20);
    const none = { find: async () => undefined, looks: 1 };
    expect(valueOf(post, await client.change(post, none))).toEqual({ id: 1 });
  });

  test('waits for no rate limit', async () => {
    const limited = json(429, { message: 'slow down' }, { 'retry-after': '1' });
    const { client, server, clock } = await scene([limited, good], { signal: AbortSignal.abort() });
    await refusalOf(client.change(post, { find: async () => undefined, looks: 1 }));
    expect(server.seen).toHaveLength(1);
    expect(clock.slept).toEqual([]);
  });

  test('has so much time in all, looks for lost writes included', async () => {
    const run = new AbortController();
    const script = Array.from({ length: 20 }, () => json(502, {}));
    const server = await startScript(...script);
    open.push(server);
    // every request takes a second
    const clock = { ...stillClock(), elapsed: () => server.seen.length };
    const client = clientAt(server, { clock, signal: run.signal, pace: { closing: 4 } });
    run.abort();
    const find = async (): Promise<{ id: number } | undefined> => valueOf(get, await client.ask(get));
    expect((await refusalOf(client.change(post, { find, looks: 3 }))).code).toBe('cancelled');
    expect(server.seen).toHaveLength(4);
    await refusalOf(client.ask(get));
    expect(server.seen).toHaveLength(4);
  });

  test('still lets a record be closed, within seconds', async () => {
    const { client, server } = await scene([json(502, {}), good], { signal: AbortSignal.abort() });
    const none = { find: async () => undefined, looks: 1 };
    expect(valueOf(post, await client.change(post, none))).toEqual({ id: 1 });
    expect(server.seen).toHaveLength(2);
  });
});

test.each([
  ['as JSON', json(422, { message: 'bad token ghs_canary', errors: [{ message: 'ghs_canary' }] })],
  ['as text', raw(422, 'text/plain', `${'x'.repeat(290)}token ghs_canary`)]
])('a token that is said back %s goes no further, also where the text is cut', async (_, step) => {
  const { client } = await scene([step]);
  const request = { call: 'GET /x', permission: 'contents: read', route: 'GET /x', read: shaped(v.object({})) };
  const reason = await refusalOf(client.ask(request).then((answer) => valueOf(request, answer)));
  expect(JSON.stringify(reason)).toMatch(/^(?!.*ghs_).*422/);
});
