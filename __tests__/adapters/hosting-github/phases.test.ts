import { afterEach, expect, test } from '@jest/globals';
import * as v from 'valibot';
import { shaped } from '../../../src/adapters/hosting-github/client.ts';
import type { Client, Request } from '../../../src/adapters/hosting-github/client.ts';
import type { HostingOptions } from '../../../src/adapters/hosting-github/options.ts';
import { createPhases } from '../../../src/adapters/phases.ts';
import type { Phases } from '../../../src/ports/phases.ts';
import { PHASES } from '../../../src/domain/phase.ts';
import { FakeClock } from '../../fakes/world.ts';
import { clientAt } from './client-at.ts';
import { json, silence, startScript } from './scripted-server.ts';
import type { ScriptedServer, Step } from './scripted-server.ts';
import { refusalOf } from './scene.ts';

const open: ScriptedServer[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.stop()));
});

interface Scene {
  readonly server: ScriptedServer;
  readonly clock: FakeClock;
  readonly phases: Phases;
  readonly client: Client;
}

const good = json(200, { id: 1 });
const broken = json(502, {});

/** Every answer takes so many seconds of the clock. */
const scene = async (
  seconds: number,
  steps: readonly Step[],
  options: Partial<HostingOptions> = {}
): Promise<Scene> => {
  const clock = new FakeClock();
  const slowly = (step: Step): Step => {
    return (...given) => void clock.sleep(seconds).then(() => step(...given));
  };
  const server = await startScript(...steps.map(slowly));
  open.push(server);
  const phases = createPhases(clock);
  const client = clientAt(server, { clock, phases, pace: { random: () => 0 }, ...options });
  return { server, clock, phases, client };
};

const get: Request<{ id: number }> = {
  call: 'GET thing',
  route: 'GET /repos/{owner}/{repo}/thing',
  permission: 'contents: read',
  read: shaped(v.object({ id: v.number() }))
};
const post: Request<{ id: number }> = { ...get, call: 'POST thing', route: 'POST /repos/{owner}/{repo}/thing' };
const nothingFound = { find: async () => undefined, looks: 2 };

const endless = async (work: () => Promise<unknown>): Promise<never> => {
  for (;;) await work();
};

const over = (phase: string, call: string) => ({
  code: 'phase-timeout',
  details: { phase, seconds: String(PHASES[phase === 'facts' ? 'facts' : 'record']), call }
});

test('a GitHub that answers slowly to each of many calls holds nobody for ever', async () => {
  const { client, clock, phases, server } = await scene(9, [good]);
  const work = phases.during('facts', () => endless(() => client.ask(get)));
  expect(await refusalOf(work)).toEqual(over('facts', 'GET thing'));
  expect(server.seen).toHaveLength(Math.ceil(PHASES.facts / 9));
  expect(clock.elapsed()).toBeLessThan(PHASES.facts + 9);
});

test('tries are counted, too, and a wait that does not fit is not begun', async () => {
  const { client, clock, phases } = await scene(9, [broken]);
  const asked = (): Promise<unknown> => client.ask(get).catch(() => undefined);
  await phases.during('facts', async () => {
    while (phases.left() > 0) await asked();
    expect(await refusalOf(client.ask(get))).toEqual(over('facts', 'GET thing'));
  });
  expect(clock.elapsed()).toBeLessThan(PHASES.facts + 9);

  const limited = await scene(9, [json(429, { message: 'slow down' }, { 'retry-after': '200' })]);
  await limited.phases.during('facts', async () => {
    await limited.clock.sleep(PHASES.facts - 100);
    expect(await refusalOf(limited.client.ask(get))).toMatchObject({
      code: 'hosting-failed',
      details: { problem: expect.stringContaining('possible again at') }
    });
  });
  expect(limited.server.seen).toHaveLength(1);
});

test('an answer that comes after the time is still an answer', async () => {
  const { client, clock, phases } = await scene(9, [good]);
  await phases.during('facts', async () => {
    await clock.sleep(PHASES.facts - 1);
    expect(await client.ask(get)).toMatchObject({ kind: 'ok' });
    expect((await refusalOf(client.ask(get))).code).toBe('phase-timeout');
  });
});

test('many slow answers end with the phase, by the real clock', async () => {
  const server = await startScript((...given) => void setTimeout(() => good(...given), 50));
  open.push(server);
  const clock = { now: () => new Date(), sleep: async () => undefined, elapsed: () => performance.now() / 1000 };
  const phases = createPhases(clock, { ...PHASES, facts: 0.4 });
  const client = clientAt(server, { clock, phases });
  const work = phases.during('facts', () => endless(() => client.ask(get)));
  expect((await refusalOf(work)).code).toBe('phase-timeout');
  // each takes 50 ms or longer, so that no more than 9 begin within 400
  expect(server.seen.length).toBeLessThanOrEqual(9);
  expect(await phases.during('record', () => client.change(post, nothingFound))).toMatchObject({ kind: 'ok' });
});

test('a request is given up when its phase ends, by the real clock', async () => {
  const server = await startScript(silence);
  open.push(server);
  const clock = { now: () => new Date(), sleep: async () => undefined, elapsed: () => performance.now() / 1000 };
  const phases = createPhases(clock, { ...PHASES, facts: 0.2 });
  const client = clientAt(server, { clock, phases, pace: { request: 600 } });
  const begun = clock.elapsed();
  expect(await refusalOf(phases.during('facts', () => client.ask(get)))).toEqual({
    code: 'phase-timeout',
    details: { phase: 'facts', seconds: '0.2', call: 'GET thing' }
  });
  expect(clock.elapsed() - begun).toBeGreaterThanOrEqual(0.2);
});

test('what a write may have left is looked for, though its time is over', async () => {
  const { client, phases, server, clock } = await scene(290, [broken]);
  let looks = 0;
  const find = async (): Promise<{ id: number } | undefined> => {
    looks += 1;
    expect(phases.left()).toBeGreaterThan(0);
    return looks < 3 ? undefined : { id: 7 };
  };
  const answer = await phases.during('record', async () => {
    await clock.sleep(100);
    return client.change(post, { find, looks: 2 });
  });
  expect(answer).toEqual({ kind: 'ok', value: { id: 7 } });
  expect(server.seen).toHaveLength(2);
  expect(clock.elapsed()).toBeGreaterThan(PHASES.record);
});

test('a write that left nothing ends with the phase', async () => {
  const { client, phases, clock } = await scene(400, [broken]);
  await phases.during('record', async () => {
    await clock.sleep(PHASES.record - 1);
    expect(await refusalOf(client.change(post, nothingFound))).toEqual(over('record', 'POST thing'));
  });
});

test('after a phase that is over another one has its own time, and so has a call outside of all', async () => {
  const { client, phases, clock } = await scene(9, [good]);
  await phases.during('facts', async () => {
    await clock.sleep(PHASES.facts);
    expect((await refusalOf(client.ask(get))).code).toBe('phase-timeout');
    expect(await phases.during('record', () => client.change(post, nothingFound))).toMatchObject({ kind: 'ok' });
  });
  expect(await client.ask(get)).toMatchObject({ kind: 'ok' });
});

test('a cancelled run has its time for closing, whatever the phase', async () => {
  const { client, phases, clock, server } = await scene(1, [good], { signal: AbortSignal.abort() });
  await phases.during('facts', async () => {
    await clock.sleep(4);
    expect(await client.change(post, nothingFound)).toMatchObject({ kind: 'ok' });
    expect((await refusalOf(client.change(post, nothingFound))).code).toBe('cancelled');
  });
  expect(server.seen).toHaveLength(1);
});
