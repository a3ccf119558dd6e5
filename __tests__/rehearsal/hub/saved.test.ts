import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startHub } from '../../../rehearsal/hub/index.ts';
import type { Hub } from '../../../rehearsal/hub/index.ts';

let directory = '';
let [first, second]: Hub[] = [];

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'saved-'));
  [first, second] = await Promise.all([startHub(), startHub()]);
});

afterAll(async () => {
  await Promise.all([first?.stop(), second?.stop()]);
  await rm(directory, { recursive: true });
});

/** The text without the addresses that differ from hub to hub. */
const stateOf = async (hub: Hub): Promise<string> =>
  JSON.stringify(await hub.snapshot()).replaceAll(/http:\/\/127\.0\.0\.1:\d+|"file":"[^"]*"/g, '');

const ask = (hub: Hub, path: string, init: RequestInit = {}): Promise<Response> =>
  fetch(`${hub.apiUrl}/repos/acme/shop${path}`, {
    ...init,
    headers: { authorization: `Bearer ${hub.personToken('ana')}`, 'content-type': 'application/json' }
  });

test('another hub becomes what was saved, and becomes it again', async () => {
  if (first === undefined || second === undefined) throw new Error('no hubs');
  const sha = await first.commit({ message: 'feat: begin', files: { 'a.txt': 'a' } });
  first.defineEnvironment('production', { reviewers: ['bia'] });
  const run = first.startRun({ event: 'push', actor: 'ana', sha, ref: 'refs/heads/main' });
  first.gate(run, { environment: 'production' });
  const release = { tag_name: 'v1.0.0', target_commitish: sha, name: '1', body: `see ${first.url}` };
  expect((await ask(first, '/releases', { method: 'POST', body: JSON.stringify(release) })).status).toBe(201);
  const folder = join(directory, 'one');
  await first.save(folder);
  for (let n = 0; n < 2; n += 1) {
    await second.load({ directory: folder });
    expect(await stateOf(second)).toBe(await stateOf(first));
    // the texts speak of the hub they are in now
    expect((await second.snapshot()).releases[0]?.body).toBe(`see ${second.url}`);
    const more = await second.commit({ message: 'fix: more', files: { 'a.txt': 'b' } });
    expect(await (await ask(second, '/commits/main')).json()).toMatchObject({ sha: more });
    second.finishRun(run, 'success');
  }
});

test('a door holds every request until it opens', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const seen: string[] = [];
  const hub = await startHub({
    door: ({ operation }) => {
      seen.push(operation);
      return promise;
    }
  });
  const answer = ask(hub, '');
  while (seen.length === 0) await new Promise(setImmediate);
  expect(hub.log[0]?.status).toBe(0);
  resolve();
  expect((await answer).status).toBe(200);
  expect(seen).toEqual(['repos/get']);
  await hub.stop();
});

test('a fetch that breaks in the middle fails, and works again', async () => {
  if (first === undefined) throw new Error('no hub');
  const list = (): Promise<unknown> =>
    promisify(execFile)('git', ['-c', 'protocol.version=2', 'ls-remote', first?.gitUrl ?? '']);
  const fault = first.fault({ match: { path: /info\/refs/ }, kind: 'truncate' });
  await expect(list()).rejects.toThrow('git');
  expect(fault.fired).toBe(1);
  await expect(list()).resolves.toBeDefined();
});
