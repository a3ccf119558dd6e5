import { afterEach, expect, test } from '@jest/globals';
import fc from 'fast-check';
import * as v from 'valibot';
import { shaped } from '../../../src/adapters/hosting-github/client.ts';
import type { Client, Request } from '../../../src/adapters/hosting-github/client.ts';
import { createHosting } from '../../../src/adapters/hosting-github/hosting.ts';
import { createWritePace } from '../../../src/adapters/hosting-github/write-pace.ts';
import { FakeClock } from '../../fakes/world.ts';
import { clientAt } from './client-at.ts';
import { refusalOf } from './scene.ts';
import { json, startScript } from './scripted-server.ts';
import type { ScriptedServer } from './scripted-server.ts';

/** When the writes begin that come at these times; each waits for the one before, as writes do. */
const begun = (arrivals: readonly number[]): readonly number[] => {
  let now = 0;
  const wait = createWritePace({ elapsed: () => now });
  return arrivals.map((arrival) => {
    now = Math.max(now, arrival);
    now += wait();
    return now;
  });
};

const arrivals = fc
  .array(
    fc.oneof(fc.constant(0), fc.double({ min: 0, max: 3, noNaN: true }), fc.double({ min: 0, max: 90, noNaN: true })),
    {
      minLength: 1,
      maxLength: 400
    }
  )
  .map((gaps) => gaps.map((_, n) => gaps.slice(0, n + 1).reduce((sum, gap) => sum + gap, 0)));

const mostWithin = (seconds: number, times: readonly number[]): number =>
  Math.max(...times.map((from) => times.filter((time) => time >= from && time <= from + seconds).length));

test('however they come, no more than 80 writes begin within any minute', () => {
  fc.assert(fc.property(arrivals, (times) => expect(mostWithin(60, begun(times))).toBeLessThanOrEqual(80)));
  expect(mostWithin(60, begun(Array.from({ length: 400 }, () => 0)))).toBe(70);
});

test('after ten at once they come one a second', () => {
  expect(begun(Array.from({ length: 13 }, () => 5))).toEqual([...Array.from({ length: 10 }, () => 5), 6, 7, 8]);
});

test('a lone write never waits, and neither does one that comes at least a second after the one before', () => {
  const spread = fc.array(fc.double({ min: 1, max: 90, noNaN: true }), { minLength: 1, maxLength: 200 });
  fc.assert(
    fc.property(spread, (gaps) => {
      const times = gaps.map((_, n) => gaps.slice(0, n + 1).reduce((sum, gap) => sum + gap, 0));
      expect(begun(times)).toEqual(times);
    })
  );
});

test('none waits longer than the ones before it need', () => {
  fc.assert(
    fc.property(arrivals, (times) => {
      const began = begun(times);
      began.forEach((time, n) =>
        expect(time).toBeLessThanOrEqual(Math.max(times[n] ?? 0, (began[n - 1] ?? 0) + 1.001))
      );
    })
  );
});

const open: ScriptedServer[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.stop()));
});

const scene = async (): Promise<{ client: Client; clock: FakeClock; server: ScriptedServer; run: AbortController }> => {
  const server = await startScript(json(201, { id: 1, content: 'rocket' }));
  open.push(server);
  const [clock, run] = [new FakeClock(), new AbortController()];
  return { client: clientAt(server, { clock, signal: run.signal }), clock, server, run };
};

const request = (route: string): Request<{ id: number }> => ({
  call: route,
  route,
  permission: 'contents: write',
  read: shaped(v.object({ id: v.number() }))
});
const post = request('POST /repos/{owner}/{repo}/thing');
const none = { find: async () => undefined, looks: 1 };

const many = async (count: number, work: () => Promise<unknown>): Promise<void> => {
  for (let n = 0; n < count; n += 1) await work();
};

test('the client writes at this pace, by whichever method', async () => {
  const { client, clock } = await scene();
  await many(10, () => client.change(post, none));
  expect(clock.elapsed()).toBe(0);
  await many(5, () => client.change(post, none));
  await many(5, () => client.ask(request('PATCH /repos/{owner}/{repo}/thing')));
  await many(5, () => client.ask(request('DELETE /repos/{owner}/{repo}/thing')));
  expect(clock.elapsed()).toBe(15);
});

test('a hundred comments do not hurry, nor do the reactions before them', async () => {
  const { server, clock } = await scene();
  const place = {
    apiUrl: server.url,
    graphqlUrl: `${server.url}/graphql`,
    repository: { owner: 'acme', name: 'shop' }
  };
  const hosting = createHosting({ ...place, token: 'x', clock, signal: new AbortController().signal });
  let number = 0;
  await many(100, () =>
    hosting.createComment({ kind: 'pull', number: (number += 1), marker: '<!-- x -->', body: 'y' })
  );
  expect(clock.elapsed()).toBe(190);
});

test('reading waits for nothing', async () => {
  const { client, clock, server } = await scene();
  await many(30, () => client.ask(request('GET /repos/{owner}/{repo}/thing')));
  await many(30, () => client.ask(request(`POST ${server.url}/graphql`)));
  expect(clock.elapsed()).toBe(0);
});

test('what is written once the run is cancelled goes at once; what waits when it is cancelled does not go', async () => {
  const { client, clock, server, run } = await scene();
  await many(10, () => client.change(post, none));
  clock.meanwhile = () => run.abort();
  expect((await refusalOf(client.change(post, none))).code).toBe('cancelled');
  expect(server.seen).toHaveLength(10);
  const before = clock.elapsed();
  await many(5, () => client.change(post, none));
  expect([server.seen.length, clock.elapsed()]).toEqual([15, before]);
});
