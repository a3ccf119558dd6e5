/* oxlint-disable typescript/no-unsafe-assignment -- answers are looked into as they come */
import { execFileSync } from 'node:child_process';
import { beforeAll, expect, test } from '@jest/globals';
import { job, start, startEmpty } from './client.ts';
import type { Started } from './client.ts';

let at: Started;
beforeAll(async () => {
  at = await start();
});

const git = (...args: readonly string[]): string =>
  execFileSync('git', ['-C', at.hub.bare, ...args], { encoding: 'utf8' }).trim();

const annotate = async (name: string, message = `Version ${name}\n`): Promise<string> => {
  const made = await at.client.ask('POST', '/git/tags', {
    tag: name,
    message,
    object: at.sha,
    type: 'commit',
    tagger: { name: 'Esteira', email: 'bot@example.com', date: '2026-03-01T10:00:00Z' }
  });
  expect(made.status).toBe(201);
  return made.body.sha;
};

test('a tag object is no tag until its ref exists; then git itself knows it', async () => {
  const sha = await annotate('v1.0.0');
  expect((await at.client.ask('GET', '/git/ref/tags/v1.0.0')).status).toBe(404);
  const made = await at.client.ask('POST', '/git/refs', { ref: 'refs/tags/v1.0.0', sha });
  expect(made).toMatchObject({ status: 201, body: { ref: 'refs/tags/v1.0.0', object: { sha, type: 'tag' } } });
  expect(git('rev-parse', 'v1.0.0^{commit}')).toBe(at.sha);
  expect(git('cat-file', 'tag', 'v1.0.0')).toContain('tagger Esteira <bot@example.com> 1772359200 +0000');
  const read = await at.client.ask('GET', `/git/tags/${sha}`);
  expect(read.body).toMatchObject({
    tag: 'v1.0.0',
    message: 'Version v1.0.0\n',
    object: { sha: at.sha, type: 'commit' }
  });
});

test('the same tag object asked for twice is the same object', async () => {
  expect(await annotate('v1.1.0')).toBe(await annotate('v1.1.0'));
});

test('a ref is created once: 422 also when it already points where it should', async () => {
  const create = () => at.client.ask('POST', '/git/refs', { ref: 'refs/tags/once', sha: at.sha });
  expect((await create()).status).toBe(201);
  expect(await create()).toMatchObject({ status: 422, body: { message: 'Reference already exists' } });
});

test('of many who create the same tag at once one wins', async () => {
  const other = await at.hub.commit({ message: 'other', branch: 'other', files: { b: 'b' } });
  const answers = await Promise.all(
    [at.sha, other, at.sha, other, at.sha].map((sha) =>
      at.client.ask('POST', '/git/refs', { ref: 'refs/tags/race', sha })
    )
  );
  expect(answers.map((answer) => answer.status).toSorted((a, b) => a - b)).toEqual([201, 422, 422, 422, 422]);
  const winner = answers.find((answer) => answer.status === 201);
  expect(git('rev-parse', 'race')).toBe(winner?.body.object.sha);
});

test.each([
  ['tags/v9', 'Reference name must start with'],
  ['refs/v9', 'Reference name must start with'],
  ['refs/tags/a..b', 'Reference name must start with'],
  ['refs/tags/a b', 'Reference name must start with']
])('refuses the name %s', async (ref, message) => {
  const refused = await at.client.ask('POST', '/git/refs', { ref, sha: at.sha });
  expect(refused).toMatchObject({ status: 422, body: { message: expect.stringContaining(message) } });
});

test('refuses an object nobody has', async () => {
  const refused = await at.client.ask('POST', '/git/refs', { ref: 'refs/tags/v8', sha: 'a'.repeat(40) });
  expect(refused).toMatchObject({ status: 422, body: { message: 'Object does not exist' } });
});

test('names of refs may hold slashes', async () => {
  await at.client.ask('POST', '/git/refs', { ref: 'refs/tags/api/v1.0.0', sha: at.sha });
  expect((await at.client.ask('GET', '/git/ref/tags/api/v1.0.0')).body.object.sha).toBe(at.sha);
  expect((await at.client.ask('GET', '/git/ref/tags/api')).status).toBe(404);
});

test('a tag moves only by force, and goes when deleted', async () => {
  const next = await at.hub.commit({ message: 'fix: next', branch: 'side', files: { c: 'c' } });
  await at.client.ask('POST', '/git/refs', { ref: 'refs/tags/moving', sha: next });
  const back = (force: boolean) => at.client.ask('PATCH', '/git/refs/tags/moving', { sha: at.sha, force });
  expect((await back(false)).status).toBe(422);
  expect((await back(true)).status).toBe(200);
  expect((await at.client.ask('DELETE', '/git/refs/tags/moving')).status).toBe(204);
  expect((await at.client.ask('DELETE', '/git/refs/tags/moving')).status).toBe(422);
});

test('an empty repository takes no refs', async () => {
  const hub = await startEmpty();
  const refused = await job(hub).ask('POST', '/git/refs', { ref: 'refs/tags/v1', sha: 'a'.repeat(40) });
  expect(refused).toMatchObject({ status: 409, body: { message: 'Git Repository is empty.' } });
});

test('a commit is found by branch, tag and id', async () => {
  for (const ref of ['main', 'v1.0.0', at.sha]) {
    expect((await at.client.ask('GET', `/commits/${ref}`)).body).toMatchObject({
      sha: at.sha,
      commit: { message: 'feat: begin' }
    });
  }
  expect((await at.client.ask('GET', '/commits/nothing')).status).toBe(422);
});

test('matching refs are those that begin so, of any kind', async () => {
  for (const ref of ['refs/said/one/1', 'refs/said/one/12', 'refs/said/two/1'])
    expect((await at.client.ask('POST', '/git/refs', { ref, sha: at.sha })).status).toBe(201);
  const matching = async (ref: string): Promise<readonly string[]> =>
    (await at.client.ask('GET', `/git/matching-refs/${ref}`)).body.map((each: { ref: string }) => each.ref);
  expect(await matching('said/one/1')).toEqual(['refs/said/one/1', 'refs/said/one/12']);
  expect(await matching('said/')).toHaveLength(3);
  expect(await matching('unsaid')).toEqual([]);
});

test('refs are those that git itself lists: loose, symbolic and packed ones', async () => {
  const make = async (name: string): Promise<void> => {
    const made = await at.client.ask('POST', '/git/refs', { ref: `refs/kept/${name}`, sha: at.sha });
    expect(made.status).toBe(201);
  };
  const listed = (): string[] =>
    git('for-each-ref', '--format=%(refname) %(objectname) %(objecttype)', 'refs/kept').split('\n');
  const answered = async (): Promise<readonly string[]> =>
    (await at.client.ask('GET', '/git/matching-refs/kept/')).body.map(
      ({ ref, object }: { ref: string; object: { sha: string; type: string } }) => `${ref} ${object.sha} ${object.type}`
    );
  for (const name of ['b/1', 'b-1', 'a', 'B', 'é']) await make(name);
  expect(await answered()).toEqual(listed());
  expect(listed()).toHaveLength(5);
  git('symbolic-ref', 'refs/kept/other', 'refs/kept/a');
  expect(await answered()).toEqual(listed());
  expect(listed()).toHaveLength(6);
  git('symbolic-ref', '--delete', 'refs/kept/other');
  git('pack-refs', '--all');
  await make('late');
  expect(await answered()).toEqual(listed());
  expect(listed()).toHaveLength(6);
});
