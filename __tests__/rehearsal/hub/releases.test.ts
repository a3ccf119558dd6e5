/* oxlint-disable typescript/no-unsafe-assignment -- answers are looked into as they come */
import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { draftRelease, job, request, start, upload } from './client.ts';
import type { Started } from './client.ts';

describe('releases', () => {
  let at: Started;
  beforeAll(async () => {
    at = await start();
  });

  test('a draft is invisible by its tag, and by anything to those who may not write', async () => {
    const { release, asset } = await draftRelease(at, 'v0.1.0');
    const reader = job(at.hub, { contents: 'read' });
    expect((await at.client.ask('GET', '/releases/tags/v0.1.0')).status).toBe(404);
    expect((await at.client.ask('GET', `/releases/${release}`)).status).toBe(200);
    expect((await reader.ask('GET', `/releases/${release}`)).status).toBe(404);
    expect((await reader.ask('GET', `/releases/assets/${asset}`)).status).toBe(404);
    const ids = async (client: typeof reader) =>
      (await client.ask('GET', '/releases')).body.map((each: { id: number }) => each.id);
    expect(await ids(at.client)).toContain(release);
    expect(await ids(reader)).not.toContain(release);
  });

  test('a draft makes no tag; publishing does, at the commit it was aimed at', async () => {
    const { release } = await draftRelease(at, 'v0.2.0');
    expect((await at.client.ask('GET', '/git/ref/tags/v0.2.0')).status).toBe(404);
    const published = await at.client.ask('PATCH', `/releases/${release}`, { draft: false, prerelease: true });
    expect(published.body).toMatchObject({ draft: false, prerelease: true, published_at: expect.any(String) });
    expect(published.body.html_url).toMatch(/\/releases\/tag\/v0\.2\.0$/);
    expect((await at.client.ask('GET', '/git/ref/tags/v0.2.0')).body.object).toMatchObject({
      sha: at.sha,
      type: 'commit'
    });
    expect((await at.client.ask('GET', '/releases/tags/v0.2.0')).body.id).toBe(release);
  });

  test('two drafts may share a tag; only one of them is ever published', async () => {
    const [one, two] = [await draftRelease(at, 'v0.3.0'), await draftRelease(at, 'v0.3.0')];
    expect((await at.client.ask('PATCH', `/releases/${one.release}`, { draft: false })).status).toBe(200);
    expect(await at.client.ask('PATCH', `/releases/${two.release}`, { draft: false })).toMatchObject({
      status: 422,
      body: { errors: [{ resource: 'Release', code: 'already_exists', field: 'tag_name' }] }
    });
  });

  test('`created_at` is the date of the commit, not of the release', async () => {
    const made = await at.client.ask('POST', '/releases', {
      tag_name: 'v0.4.0',
      target_commitish: 'main',
      prerelease: true
    });
    expect(made.body.created_at).toBe('2026-03-01T10:00:00Z');
    expect(made.body.published_at).not.toBe(made.body.created_at);
  });

  test('the latest release is never a pre-release, and moves by `make_latest`', async () => {
    const full = await at.client.ask('POST', '/releases', { tag_name: 'v0.5.0' });
    const pre = await at.client.ask('POST', '/releases', { tag_name: 'v0.6.0', prerelease: true });
    const latest = async () => (await at.client.ask('GET', '/releases/latest')).body.tag_name;
    expect(await latest()).toBe('v0.5.0');
    const refused = await at.client.ask('PATCH', `/releases/${pre.body.id}`, { make_latest: 'true' });
    expect(refused.status).toBe(422);
    await at.client.ask('PATCH', `/releases/${pre.body.id}`, { prerelease: false, make_latest: 'false' });
    expect(await latest()).toBe('v0.5.0');
    await at.client.ask('PATCH', `/releases/${pre.body.id}`, { make_latest: 'true' });
    expect(await latest()).toBe('v0.6.0');
    expect(full.status).toBe(201);
  });

  test('a target nobody knows is refused when the tag would have to be made', async () => {
    const refused = await at.client.ask('POST', '/releases', { tag_name: 'v9.0.0', target_commitish: 'nowhere' });
    expect(refused).toMatchObject({ status: 422, body: { errors: [{ field: 'target_commitish', code: 'invalid' }] } });
  });

  test('notes end at 125,000 characters', async () => {
    const refused = await at.client.ask('POST', '/releases', {
      tag_name: 'v9.1.0',
      draft: true,
      body: 'x'.repeat(125_001)
    });
    expect(refused.status).toBe(422);
  });

  test('deleting a release takes its assets and leaves the tag', async () => {
    const { release, asset } = await draftRelease(at, 'v0.7.0');
    await at.client.ask('PATCH', `/releases/${release}`, { draft: false });
    expect((await at.client.ask('DELETE', `/releases/${release}`)).status).toBe(204);
    expect((await at.client.ask('GET', `/releases/assets/${asset}`)).status).toBe(404);
    expect((await at.client.ask('GET', '/git/ref/tags/v0.7.0')).status).toBe(200);
  });

  test('lists come in pages with links', async () => {
    const first = await at.client.ask('GET', '/releases?per_page=2');
    expect(first.body).toHaveLength(2);
    const [, next = ''] = /<([^>]+)>; rel="next"/.exec(first.headers.get('link') ?? '') ?? [];
    const second = await at.client.ask('GET', next);
    expect(second.body[0].id).toBeLessThan(first.body[1].id);
  });
});

describe('assets', () => {
  let at: Started;
  let template: string;
  let release: number;
  beforeAll(async () => {
    at = await start();
    const draft = await at.client.ask('POST', '/releases', { tag_name: 'v1.0.0', draft: true });
    template = draft.body.upload_url;
    release = draft.body.id;
  });

  test('the server computes the digest of what arrived', async () => {
    const bytes = Buffer.alloc(300_000, 'esteira');
    const made = await upload(at.client, template, { name: 'big.tar', bytes });
    const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
    expect(made).toMatchObject({ status: 201, body: { name: 'big.tar', state: 'uploaded', size: 300_000, digest } });
  });

  test('a name is taken once', async () => {
    await upload(at.client, template, { name: 'once.txt', bytes: '1' });
    expect(await upload(at.client, template, { name: 'once.txt', bytes: '2' })).toMatchObject({
      status: 422,
      body: { errors: [{ resource: 'ReleaseAsset', code: 'already_exists', field: 'name' }] }
    });
  });

  test('names are made plain', async () => {
    const made = await upload(at.client, template, { name: 'my app (1).tar', bytes: '1' });
    expect(made.body.name).toBe('my.app.1.tar');
  });

  test('nothing is no asset', async () => {
    expect((await upload(at.client, template, { name: 'empty', bytes: '' })).status).toBe(422);
  });

  test('bytes come from another origin, which wants no token', async () => {
    const made = await upload(at.client, template, { name: 'served.txt', bytes: 'hello' });
    const asked = await at.client.ask('GET', made.body.url, undefined, { accept: 'application/octet-stream' });
    const location = asked.headers.get('location') ?? '';
    expect(asked.status).toBe(302);
    expect(new URL(location).origin).not.toBe(new URL(at.hub.url).origin);
    expect(await request(location)).toMatchObject({ status: 200, body: 'hello' });
    expect((await request(location, { token: at.client.token })).status).toBe(400);
    expect((await request(location.replace(/sig=.*/, 'sig=0'))).status).toBe(403);
  });

  test('a client that follows redirects gets the bytes, and the log counts one download', async () => {
    const made = await upload(at.client, template, { name: 'followed.txt', bytes: 'hello' });
    const before = at.hub.countCalls();
    const headers = { authorization: `Bearer ${at.client.token}`, accept: 'application/octet-stream' };
    expect(await (await fetch(made.body.url, { headers })).text()).toBe('hello');
    expect(at.hub.countCalls()).toEqual({ ...before, downloads: before.downloads + 1 });
  });

  test('deleted assets free their name', async () => {
    const made = await upload(at.client, template, { name: 'gone.txt', bytes: '1' });
    expect((await at.client.ask('DELETE', `/releases/assets/${made.body.id}`)).status).toBe(204);
    expect((await upload(at.client, template, { name: 'gone.txt', bytes: '2' })).status).toBe(201);
    const list = await at.client.ask('GET', `/releases/${release}/assets`);
    expect(list.body.map((asset: { name: string }) => asset.name)).toContain('gone.txt');
  });

  test('an upload that broke leaves an empty asset that holds the name until it is deleted', async () => {
    at.hub.fault({ match: { operation: 'repos/upload-release-asset' }, kind: 'starter' });
    expect((await upload(at.client, template, { name: 'broken.tar', bytes: '1' })).status).toBe(502);
    const list = await at.client.ask('GET', `/releases/${release}/assets?per_page=100`);
    const left = list.body.find((asset: { name: string }) => asset.name === 'broken.tar');
    expect(left).toMatchObject({ state: 'starter', size: 0, digest: null });
    expect((await upload(at.client, template, { name: 'broken.tar', bytes: '1' })).status).toBe(422);
    await at.client.ask('DELETE', `/releases/assets/${left.id}`);
    expect((await upload(at.client, template, { name: 'broken.tar', bytes: '1' })).status).toBe(201);
  });
});

describe('immutable releases', () => {
  let at: Started;
  let made: { release: number; asset: number };
  beforeAll(async () => {
    at = await start({ immutableReleases: true });
    made = await draftRelease(at, 'v1.0.0');
    await at.client.ask('PATCH', `/releases/${made.release}`, { draft: false, prerelease: true });
  });

  test('take no assets and lose none', async () => {
    const release = await at.client.ask('GET', `/releases/${made.release}`);
    expect(release.body.immutable).toBe(true);
    expect((await upload(at.client, release.body.upload_url, { name: 'late', bytes: '1' })).status).toBe(422);
    expect((await at.client.ask('DELETE', `/releases/assets/${made.asset}`)).status).toBe(422);
  });

  test('keep their tag where it is', async () => {
    expect((await at.client.ask('DELETE', '/git/refs/tags/v1.0.0')).status).toBe(422);
    expect((await at.client.ask('PATCH', `/releases/${made.release}`, { tag_name: 'v2.0.0' })).status).toBe(422);
  });

  test('still change their texts, `prerelease` and `make_latest`', async () => {
    const edited = await at.client.ask('PATCH', `/releases/${made.release}`, {
      body: 'notes',
      prerelease: false,
      make_latest: 'true'
    });
    expect(edited).toMatchObject({ status: 200, body: { prerelease: false, body: 'notes' } });
  });

  test('use up their tag name for good', async () => {
    const { release } = await draftRelease(at, 'v3.0.0');
    await at.client.ask('PATCH', `/releases/${release}`, { draft: false });
    await at.client.ask('DELETE', `/releases/${release}`);
    const again = await at.client.ask('POST', '/releases', { tag_name: 'v3.0.0' });
    expect(again.body.errors[0].message).toContain('used by an immutable release');
  });
});
