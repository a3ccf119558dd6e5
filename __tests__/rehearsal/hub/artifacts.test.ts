/* oxlint-disable typescript/no-unsafe-assignment -- answers are looked into as they come */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { handClock, job, problemsOf, request, start } from './client.ts';
import type { Client, Started } from './client.ts';

const clock = handClock();
const directory = mkdtempSync(join(tmpdir(), 'artifacts-'));
const file = join(directory, 'delivery.json');

let at: Started;
let client: Client;
let ids: readonly number[];
beforeAll(async () => {
  at = await start({ clock: clock.now, visibility: 'private' });
  client = job(at.hub, { actions: 'read' });
  writeFileSync(file, 'kept');
  const run = at.hub.startRun({ event: 'push', actor: 'ana', sha: at.sha, ref: 'refs/heads/main' }).id;
  ids = [
    at.hub.keepArtifact({ run, name: 'delivery.json', file }),
    at.hub.keepArtifact({ run, name: 'delivery.json', file, days: 2, fork: true }),
    at.hub.keepArtifact({ run, name: 'github-pages' })
  ];
});
afterAll(() => rmSync(directory, { recursive: true }));

test('artifacts are listed newest first, by their exact name, with the run they are of', async () => {
  const all = (await client.ask('GET', '/actions/artifacts')).body;
  expect(all.artifacts.map(({ id }: { id: number }) => id)).toEqual(ids.toReversed());
  const { total_count: count, artifacts } = (await client.ask('GET', '/actions/artifacts?name=delivery.json')).body;
  expect(count).toBe(2);
  const [fork, ours] = artifacts;
  expect(ours).toMatchObject({
    name: 'delivery.json',
    size_in_bytes: 4,
    expired: false,
    digest: `sha256:${createHash('sha256').update('kept').digest('hex')}`,
    workflow_run: { head_branch: 'main', head_sha: at.sha }
  });
  expect(ours.workflow_run.head_repository_id).toBe(ours.workflow_run.repository_id);
  expect(fork.workflow_run.head_repository_id).not.toBe(fork.workflow_run.repository_id);
  expect((await client.ask('GET', '/actions/artifacts?name=Delivery.json')).body.total_count).toBe(0);
});

test('one is fetched from the storage, by an address of its own and without a token', async () => {
  const answer = await client.ask('GET', `/actions/artifacts/${ids[0]}/zip`);
  const location = answer.headers.get('location') ?? '';
  expect([answer.status, (await request(location)).body]).toEqual([302, 'kept']);
  expect((await request(location, { token: client.token })).status).toBe(400);
  expect((await request(location.replace(/sig=.*/, 'sig=0'))).status).toBe(403);
  expect((await request(location.replace(String(ids[0]), '1'))).status).toBe(404);
});

test('one that has expired says so, and cannot be fetched', async () => {
  clock.advance(2 * 24 * 60);
  const [fork] = (await client.ask('GET', '/actions/artifacts?name=delivery.json')).body.artifacts;
  expect(fork.expired).toBe(true);
  expect((await client.ask('GET', `/actions/artifacts/${ids[1]}/zip`)).status).toBe(410);
});

test('of private repositories only a token that reads actions sees them', async () => {
  expect((await job(at.hub, {}).ask('GET', '/actions/artifacts')).status).toBe(403);
  expect((await job(at.hub, {}).ask('GET', `/actions/artifacts/${ids[0]}/zip`)).status).toBe(403);
});

test('they are put aside with the repository', async () => {
  const saved = await at.hub.save(join(directory, 'saved'));
  const other = await start({ from: saved, clock: clock.now, visibility: 'private' });
  const copy = job(other.hub, { actions: 'read' });
  const { headers } = await copy.ask('GET', `/actions/artifacts/${ids[0]}/zip`);
  expect((await request(headers.get('location') ?? '')).body).toBe('kept');
});

test('the archive of several files is not emulated, which is loud', async () => {
  expect((await client.ask('GET', `/actions/artifacts/${ids[2]}/zip`)).status).toBe(500);
  expect(problemsOf(at.hub)).toHaveLength(1);
});
