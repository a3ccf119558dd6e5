import { createHash } from 'node:crypto';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createScene, refusalOf } from './scene.ts';
import type { Scene } from './scene.ts';
import { createFlood, json, raw, redirect, reset, silence, startScript, truncated } from './scripted-server.ts';
import type { ScriptedServer, Step } from './scripted-server.ts';

const TEXT = '{"schema":1}\n';
const sha256 = createHash('sha256').update(TEXT).digest('hex');
const KEPT = { id: 9, size: TEXT.length, sha256 };
const QUESTION = { name: 'delivery.json', branch: 'main', largest: 1000 };

let directory = '';
let open: ScriptedServer[] = [];
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kept-files-'));
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.stop()));
  await rm(directory, { recursive: true });
});

const scene = async (...given: Parameters<typeof createScene>): Promise<Scene> => {
  const made = await createScene(...given);
  open.push(made.server);
  return made;
};

const OUR_RUN = { id: 4, repository_id: 7, head_repository_id: 7, head_branch: 'main', head_sha: 'a'.repeat(40) };

const artifact = (changes: object = {}): Record<string, unknown> => ({
  id: 9,
  node_id: 'A_9',
  name: 'delivery.json',
  size_in_bytes: TEXT.length,
  expired: false,
  digest: `sha256:${sha256}`,
  created_at: '2026-11-24T03:00:00Z',
  expires_at: '2026-12-04T03:00:00Z',
  workflow_run: OUR_RUN,
  ...changes
});

const listed = (...artifacts: readonly unknown[]): Step => json(200, { total_count: artifacts.length, artifacts });

describe('files that earlier runs kept', () => {
  test('are asked for by their name, in one call', async () => {
    const { hosting, server } = await scene(() => [listed(artifact())]);
    expect(await hosting.keptFiles(QUESTION)).toEqual([KEPT]);
    expect(server.seen.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'GET /repos/acme/shop/actions/artifacts?name=delivery.json&per_page=100'
    ]);
  });

  test('are three at most, the newest first, whatever order they are listed in', async () => {
    const { hosting } = await scene(() => [listed(...[2, 9, 3, 1, 5].map((id) => artifact({ id })))]);
    expect((await hosting.keptFiles(QUESTION)).map(({ id }) => id)).toEqual([9, 5, 3]);
  });

  test.each<[string, unknown]>([
    ['left by a pull request of a fork', artifact({ workflow_run: { ...OUR_RUN, head_repository_id: 8 } })],
    ['of another branch', artifact({ workflow_run: { ...OUR_RUN, head_branch: 'sly' } })],
    ['of a branch with other letters', artifact({ workflow_run: { ...OUR_RUN, head_branch: 'Main' } })],
    ['of no branch', artifact({ workflow_run: { ...OUR_RUN, head_branch: null } })],
    ['of a run whose repositories are not told', artifact({ workflow_run: { id: 4, head_branch: 'main' } })],
    ['of a run that is not told', artifact({ workflow_run: null })],
    ['that has expired', artifact({ expired: true })],
    ['of 1 GB', artifact({ size_in_bytes: 1024 ** 3 })],
    ['of no size', artifact({ size_in_bytes: 0 })],
    ['of a size that is no number', artifact({ size_in_bytes: '13' })],
    ['without a digest', artifact({ digest: null })],
    ['with a digest that is none', artifact({ digest: 'sha256:../../x' })],
    ['of another name', artifact({ name: 'delivery.json.bak' })],
    ['of a name with other letters', artifact({ name: 'Delivery.json' })],
    ['with an id that is a path', artifact({ id: '9/../../x' })],
    ['that is nothing', null]
  ])('one %s is passed over, and spoils nothing', async (_, other) => {
    const { hosting } = await scene(() => [listed(other, artifact({ id: 2 }))]);
    expect((await hosting.keptFiles(QUESTION)).map(({ id }) => id)).toEqual([2]);
  });

  test.each<[string, Step, string]>([
    ['forbidden', json(403, { message: 'Resource not accessible by integration' }), 'permission-missing'],
    ['not there', json(404, { message: 'Not Found' }), 'hosting-failed'],
    ['a page', raw(200, 'text/html', '<html></html>'), 'hosting-failed'],
    ['no list', json(200, { artifacts: 'none' }), 'hosting-failed'],
    ['cut short', truncated, 'hosting-failed'],
    ['never given', silence, 'hosting-failed']
  ])('an answer that is %s is refused by name', async (_, step, code) => {
    const { hosting } = await scene(() => [step], { pace: { request: 0.1 } });
    expect(await refusalOf(hosting.keptFiles(QUESTION))).toMatchObject({ code });
  });
});

const storage = async (...steps: Step[]): Promise<{ server: ScriptedServer; link: string }> => {
  const server = await startScript(...steps);
  open.push(server);
  return { server, link: `${server.url.replace('127.0.0.1', 'localhost')}/artifacts/9?sig=1` };
};

const bytes = (body: string): Step => raw(200, 'application/octet-stream', body);

describe('fetching one', () => {
  test('follows to the storage without the token', async () => {
    const { server: store, link } = await storage(bytes(TEXT));
    const { hosting, server } = await scene(() => [redirect(link)]);
    const file = join(directory, 'got');
    expect(await hosting.fetchKept(KEPT, file)).toBe(true);
    expect(await readFile(file, 'utf8')).toBe(TEXT);
    expect(server.seen[0]).toMatchObject({ path: '/repos/acme/shop/actions/artifacts/9/zip' });
    expect(server.seen[0]?.headers.authorization).toBe('token ghs_canary');
    expect(store.seen[0]?.headers.authorization).toBeUndefined();
    expect(await readdir(directory)).toEqual(['got']);
  });

  test('says so when other bytes of the same size arrive each time', async () => {
    const { server: store, link } = await storage(bytes(TEXT.replace('1', '2')));
    const { hosting } = await scene(() => [redirect(link)]);
    expect(await hosting.fetchKept(KEPT, join(directory, 'got'))).toBe(false);
    expect(store.seen).toHaveLength(5);
  });

  test.each<[string, Step]>([
    ['half of it', bytes(TEXT.slice(0, 5))],
    ['a page', raw(200, 'text/html', '<html>sign in</html>')],
    ['a refusal of the storage', raw(403, 'application/xml', '<Error>expired</Error>')],
    ['nothing', reset]
  ])('ends in a refusal, and leaves no file, where %s arrives', async (_, step) => {
    const { link } = await storage(step);
    const { hosting } = await scene(() => [redirect(link)]);
    expect(await refusalOf(hosting.fetchKept(KEPT, join(directory, 'got')))).toMatchObject({ code: 'hosting-failed' });
    expect(await readdir(directory)).toEqual([]);
  });

  test('is broken off where more comes than was listed', async () => {
    const flood = createFlood();
    const { link } = await storage(flood.step);
    const { hosting } = await scene(() => [redirect(link)]);
    expect(await refusalOf(hosting.fetchKept(KEPT, join(directory, 'got')))).toMatchObject({
      details: { problem: expect.stringContaining(`more than ${TEXT.length} bytes arrived`) }
    });
    expect(flood.sent()).toBeLessThan(5 * 16 * 1024 * 1024); // what five connections may hold in their buffers
    expect(await readdir(directory)).toEqual([]);
  });

  test('one that has expired meanwhile is an answer', async () => {
    const { hosting, server } = await scene(() => [json(410, { message: 'Artifact has expired' })]);
    expect(await refusalOf(hosting.fetchKept(KEPT, join(directory, 'got')))).toMatchObject({ code: 'hosting-failed' });
    expect(server.seen).toHaveLength(1);
  });

  test('is given up at once when the run is cancelled', async () => {
    const run = new AbortController();
    const { hosting } = await scene(() => [silence], { signal: run.signal, command: 'report', pace: { idle: 60 } });
    setTimeout(() => run.abort(), 20);
    expect(await refusalOf(hosting.fetchKept(KEPT, join(directory, 'got')))).toMatchObject({ code: 'cancelled' });
  });
});
