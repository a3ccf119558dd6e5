/* oxlint-disable typescript/no-unsafe-assignment -- answers are looked into as they come */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { start } from './client.ts';
import type { Started } from './client.ts';

const run = promisify(execFile);
const QUIET = { ...process.env, GIT_TERMINAL_PROMPT: '0', GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };

let at: Started;
let folder: string;
let clones = 0;
const shas: string[] = [];

beforeAll(async () => {
  at = await start();
  folder = await mkdtemp(join(tmpdir(), 'clones-'));
  for (const number of [1, 2, 3, 4]) {
    shas.push(await at.hub.commit({ message: `feat: ${number}`, files: { [`${number}.txt`]: `${number}` } }));
    if (number === 2) await at.client.ask('POST', '/git/refs', { ref: 'refs/tags/v1.0.0', sha: shas[1] });
  }
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const git = async (directory: string, ...args: readonly string[]): Promise<string> =>
  (await run('git', ['-C', directory, ...args], { env: QUIET })).stdout.trim();

/** The way actions/checkout hands its token to git. */
const withToken = (token: string): readonly string[] => [
  '-c',
  `http.extraheader=AUTHORIZATION: basic ${Buffer.from(`x-access-token:${token}`).toString('base64')}`
];

const clone = async (url: string, ...args: readonly string[]): Promise<string> => {
  clones += 1;
  const directory = join(folder, String(clones));
  await run('git', ['clone', '--quiet', ...args, url, directory], { env: QUIET });
  return directory;
};

const count = async (directory: string): Promise<number> => Number(await git(directory, 'rev-list', '--count', 'HEAD'));

describe('reading', () => {
  test('the whole history, with and without `.git` in the address', async () => {
    expect(await count(await clone(at.hub.gitUrl))).toBe(5);
    expect(await count(await clone(at.hub.gitUrl.replace(/\.git$/, '')))).toBe(5);
  });

  test('one commit, and then exactly up to a tag', async () => {
    const directory = await clone(at.hub.gitUrl, '--depth', '1');
    expect(await count(directory)).toBe(1);
    await git(directory, 'fetch', '--quiet', '--shallow-exclude=v1.0.0', 'origin', 'main');
    expect((await git(directory, 'rev-list', 'HEAD')).split('\n')).toEqual([shas[3], shas[2]]);
  });

  test('commits without trees', async () => {
    const directory = await clone(at.hub.gitUrl, '--filter=tree:0', '--no-checkout');
    expect(await count(directory)).toBe(5);
    const missing = await git(directory, 'rev-list', '--objects', '--missing=print', 'HEAD');
    expect(missing.split('\n').some((line) => line.startsWith('?'))).toBe(true);
  });

  test('one commit by its id', async () => {
    const directory = await clone(at.hub.gitUrl, '--depth', '1');
    await git(directory, 'fetch', '--quiet', '--depth', '1', 'origin', shas[0] ?? '');
    expect(await git(directory, 'rev-parse', 'FETCH_HEAD')).toBe(shas[0]);
  });

  test('is git traffic, not API calls', async () => {
    const before = at.hub.countCalls();
    await git(folder, 'ls-remote', at.hub.gitUrl);
    const after = at.hub.countCalls();
    expect(after.api).toBe(before.api);
    expect(after.git).toBeGreaterThan(before.git);
  });
});

describe('pushing', () => {
  const push = async (token: string | undefined, branch: string): Promise<string> => {
    const directory = await clone(at.hub.gitUrl);
    return git(
      directory,
      ...(token === undefined ? [] : withToken(token)),
      'push',
      '--quiet',
      'origin',
      `HEAD:refs/heads/${branch}`
    );
  };

  test('takes a token with contents: write', async () => {
    await push(at.hub.token({ permissions: { contents: 'write' } }), 'pushed');
    expect((await at.client.ask('GET', '/git/ref/heads/pushed')).body.object.sha).toBe(shas[3]);
  });

  test('is refused without one', async () => {
    await expect(push(at.hub.token({ permissions: { contents: 'read' } }), 'no')).rejects.toThrow('403');
    await expect(push(undefined, 'no')).rejects.toThrow(/could not read Username|Authentication/);
    expect((await at.client.ask('GET', '/git/ref/heads/no')).status).toBe(404);
  });
});

test('a private repository is read with contents: read only', async () => {
  const closed = await start({ visibility: 'private' });
  const list = (permissions: Parameters<typeof closed.hub.token>[0]['permissions']) =>
    git(folder, ...withToken(closed.hub.token({ permissions })), 'ls-remote', closed.hub.gitUrl);
  expect(await list({ contents: 'read' })).toContain('refs/heads/main');
  await expect(list({ deployments: 'write' })).rejects.toThrow('not found');
  await expect(git(folder, 'ls-remote', closed.hub.gitUrl)).rejects.toThrow(/could not read Username|Authentication/);
});

test('git meets faults when its path is asked for, and only then', async () => {
  at.hub.fault({ kind: 503 });
  expect(await git(folder, 'ls-remote', at.hub.gitUrl)).toContain('refs/heads/main');
  expect((await at.client.ask('GET', '')).status).toBe(503);
  at.hub.fault({ match: { path: /info\/refs/ }, kind: 502 });
  await expect(git(folder, 'ls-remote', at.hub.gitUrl)).rejects.toThrow('502');
});
