/* oxlint-disable typescript/no-unsafe-assignment -- answers are looked into as they come */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { createGit } from '../../../rehearsal/hub/git.ts';
import { deploy, handClock, setStatus, start } from './client.ts';

test('shows its whole state to tests, uncounted', async () => {
  const clock = handClock();
  const at = await start({ clock: clock.now });
  const id = await deploy(at, 'staging', { payload: { schema: 1 } });
  await setStatus(at.client, id, 'success');
  await at.client.ask('POST', '/git/refs', { ref: 'refs/tags/v1.0.0', sha: at.sha });
  const calls = at.hub.countCalls();
  const snapshot = await at.hub.snapshot();
  expect(snapshot).toMatchObject({
    deployments: [{ id, state: 'ACTIVE', createdAt: '2026-06-01T12:00:00Z', statuses: [{ state: 'success' }] }],
    tags: [{ name: 'v1.0.0', type: 'commit', commit: at.sha }],
    branches: [{ name: 'main', commit: at.sha }],
    environments: [{ name: 'staging', reviewers: [] }]
  });
  expect(at.hub.countCalls()).toEqual(calls);
  expect(calls).toEqual({ api: 3, downloads: 0, git: 0 });
});

test('logs every request: operation, status, actor, run', async () => {
  const at = await start();
  const run = at.hub.startRun({ event: 'push', actor: 'ana', sha: at.sha, ref: 'refs/heads/main' });
  const token = at.hub.token({ permissions: { contents: 'read' }, run });
  await fetch(`${at.hub.apiUrl}/repos/acme/shop/releases/tags/v9`, { headers: { authorization: `token ${token}` } });
  expect(at.hub.log).toEqual([
    {
      number: 1,
      when: expect.stringMatching(/^\d{4}-.*Z$/),
      kind: 'api',
      method: 'GET',
      path: '/api/v3/repos/acme/shop/releases/tags/v9',
      operation: 'repos/get-release-by-tag',
      status: 404,
      actor: 'github-actions[bot]',
      run: run.id
    }
  ]);
});

test('whoever reads the repository after its end starts nothing', async () => {
  const at = await start();
  const git = createGit(at.hub.bare);
  expect((await git.read('main'))?.oid).toBe(at.sha);
  git.stop();
  await expect(git.read('main')).rejects.toThrow('was stopped');
});

test('a hub begins where a saved one was, at its own address, and what it does stays its own', async () => {
  const at = await start();
  const id = await deploy(at, 'staging', { payload: { schema: 1, page: `${at.hub.url}/acme/shop` } });
  await setStatus(at.client, id, 'success');
  const directory = await mkdtemp(join(tmpdir(), 'saved-'));
  const saved = await at.hub.save(directory);
  const other = await start({ from: saved });
  await rm(directory, { recursive: true });
  const [record] = (await other.hub.snapshot()).deployments;
  expect(record).toMatchObject({ id, state: 'ACTIVE', payload: { schema: 1, page: `${other.hub.url}/acme/shop` } });
  expect((await other.hub.snapshot()).branches).toMatchObject([{ name: 'main', commit: other.sha }]);
  expect(await deploy(other, 'staging')).toBeGreaterThan(id);
  expect((await at.hub.snapshot()).deployments).toHaveLength(1);
});
