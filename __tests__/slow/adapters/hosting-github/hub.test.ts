import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startHub } from '../../../../rehearsal/hub/index.ts';
import type { Hub } from '../../../../rehearsal/hub/index.ts';
import { tagMessage } from '../../../../src/domain/tag-message.ts';
import type { Hosting } from '../../../../src/ports.ts';
import { hostingAt } from './hub-scene.ts';
import { newRecord, payload, version } from '../../../adapters/hosting-github/new-record.ts';
import { refusalOf } from '../../../adapters/hosting-github/scene.ts';

let hub: Hub;
let hosting: Hosting;
let commit = '';
let directory = '';
let file = '';

const bytes = 'packed once\n'.repeat(1000);
const sha256 = createHash('sha256').update(bytes).digest('hex');

beforeAll(async () => {
  hub = await startHub({ visibility: 'private', hourlyLimit: 1_000_000 });
  hosting = hostingAt(hub);
  commit = await hub.commit({ message: 'feat: everything', files: { 'a.txt': 'a' } });
  directory = await mkdtemp(join(tmpdir(), 'hub-test-'));
  file = join(directory, 'packed');
  await writeFile(file, bytes);
});

afterAll(async () => {
  await hub.stop();
  await rm(directory, { recursive: true });
});

const tag = (name: string): Parameters<Hosting['createTag']>[0] => ({
  name,
  commit,
  message: tagMessage(version('1.4.2'), { manifestSha256: sha256, tarSha256: sha256, changes: 3 }),
  date: '2026-11-23T12:00:00Z'
});

const draft = (name: string): Parameters<Hosting['createDraft']>[0] => ({ tag: name, commit, name, body: 'Notes' });

describe('a release', () => {
  test('from nothing to published, resumable at each step', async () => {
    const name = 'api/v1.4.2';
    expect(await hosting.releaseState(name)).toEqual({});
    expect(await hosting.createTag(tag(name))).toBe('created');
    expect(await hosting.createTag({ ...tag(name), message: 'another' })).toBe('exists');
    const note = { manifestSha256: sha256, tarSha256: sha256, changes: 3 };
    expect(await hosting.releaseState(name)).toEqual({ tag: { commit, note } });

    const { id } = await hosting.createDraft(draft(name));
    const asset = await hosting.uploadAsset({ release: id, name: 'packed', file, size: bytes.length });
    expect(asset).toMatchObject({ name: 'packed', size: bytes.length, sha256 });
    const state = await hosting.releaseState(name);
    expect(state).toMatchObject({ tag: { commit, note }, release: { id, draft: true, assets: [asset] } });
    expect(await hosting.assets(id)).toEqual([asset]);

    const url = await hosting.publish(id);
    expect(url).toContain(encodeURIComponent(name).replace('%2F', '/'));
    expect((await hosting.releaseState(name)).release).toMatchObject({ id, draft: false, url });
    const facts = await hosting.facts({ environments: [], tag: name });
    expect(facts.releases).toEqual([{ id, tag: name, commit, prerelease: true, url, note }]);

    const got = join(directory, 'got');
    expect(await hosting.download(asset.id, got)).toEqual({ sha256, size: bytes.length });
    expect(await readFile(got, 'utf8')).toBe(bytes);
    await hosting.deleteAsset(asset.id);
    await hosting.deleteAsset(asset.id);
    expect(await hosting.assets(id)).toEqual([]);
  });

  test('drafts made at the same time become one', async () => {
    const both = await Promise.all([1, 2, 3].map(() => hostingAt(hub).createDraft(draft('v9.5.0'))));
    const { releases } = await hub.snapshot();
    const left = releases.filter(({ tag: name }) => name === 'v9.5.0').map(({ id }) => id);
    expect(left).toHaveLength(1);
    expect(both.map(({ id }) => id)).toEqual([left[0], left[0], left[0]]);
  });

  test('the same file uploaded again is adopted', async () => {
    const { id } = await hosting.createDraft(draft('v9.0.0'));
    const order = { release: id, name: 'packed', file, size: bytes.length };
    const first = await hosting.uploadAsset(order);
    expect(await hostingAt(hub).uploadAsset(order)).toEqual(first);
  });

  test('a draft is invisible by tag but found', async () => {
    const { id } = await hosting.createDraft(draft('v9.1.0'));
    expect((await hosting.releaseState('v9.1.0')).release).toMatchObject({ id, draft: true });
  });

  test('an asset that an upload left unfinished is replaced', async () => {
    const { id } = await hosting.createDraft(draft('v9.2.0'));
    hub.fault({ match: { operation: 'repos/upload-release-asset' }, kind: 'starter' });
    const asset = await hosting.uploadAsset({ release: id, name: 'packed', file, size: bytes.length });
    expect(await hosting.assets(id)).toEqual([asset]);
    const stored = (await hub.snapshot()).releases.find((release) => release.id === id);
    expect(stored?.assets.map(({ state }) => state)).toEqual(['uploaded']);
  });
});

describe('records', () => {
  test('are read back as they were written', async () => {
    const record = { ...newRecord(commit), environment: 'records' };
    const id = await hosting.createRecord(record);
    await hosting.setStatus(id, { state: 'queued', description: 'Waiting' });
    await hosting.setStatus(id, { state: 'in_progress', description: 'Working', logUrl: payload.run.url });
    await hosting.setStatus(id, { state: 'success', description: 'Live', environmentUrl: 'https://shop.test/' });
    const { records } = await hosting.facts({ environments: ['records', 'nowhere'] });
    expect([...records.keys()]).toEqual(['records', 'nowhere']);
    expect(records.get('nowhere')).toEqual([]);
    expect(records.get('records')).toEqual([
      {
        id,
        environment: 'records',
        commit,
        state: 'success',
        createdAt: expect.any(String),
        startedAt: expect.any(String),
        succeededAt: expect.any(String),
        url: 'https://shop.test/',
        payload
      }
    ]);
  });

  test('a commit nobody has is refused', async () => {
    expect(await refusalOf(hosting.createRecord(newRecord('9'.repeat(40))))).toMatchObject({
      code: 'hosting-failed',
      details: { problem: expect.stringContaining('No ref found') }
    });
  });
});

describe('a stopped line', () => {
  test('is an open issue with the label', async () => {
    const url = await hosting.openStop({ title: '1.4.2 broke production', body: 'Why' });
    const { stops } = await hosting.facts({ environments: [] });
    expect(stops).toEqual([
      {
        number: expect.any(Number),
        url,
        title: '1.4.2 broke production',
        author: expect.any(String),
        createdAt: expect.any(String)
      }
    ]);
  });
});

describe('runs and gates', () => {
  test('reviews, rules and the end of a run', async () => {
    const name = 'produção/sul';
    hub.defineEnvironment(name, {
      reviewers: ['bia'],
      preventSelfReview: true,
      waitMinutes: 5,
      adminsCanBypass: false
    });
    const run = hub.startRun({ event: 'push', actor: 'ana', sha: commit, ref: 'refs/heads/main' });
    expect(await hosting.protection(name)).toEqual({
      kind: 'present',
      reviewers: ['bia'],
      anyBranch: true,
      preventSelfReview: true,
      adminsCanBypass: false,
      waitMinutes: 5
    });
    expect(await hosting.protection('never-defined')).toEqual({ kind: 'missing' });
    expect(await hosting.approvals(run.id)).toEqual([]);
    hub.review(run, { environment: name, user: 'bia', state: 'approved', comment: 'go' });
    expect(await hosting.approvals(run.id)).toEqual([
      { environments: [name], state: 'approved', user: 'bia', comment: 'go' }
    ]);
    expect(await hosting.runState(run.id)).toBe('live');
    hub.finishRun(run, 'success');
    expect(await hosting.runState(run.id)).toBe('over');
    hub.rerun(run.id);
    expect([await hosting.runState(run.id), await hosting.runState(run.id, 2)]).toEqual(['live', 'live']);
    expect(await hosting.runState(run.id, 1)).toBe('over');
    expect(await hosting.runState(999_999)).toBe('over');
  });
});

describe('what it costs', () => {
  test('calls of each method when nothing fails', async () => {
    const name = 'v7.0.0';
    const order = { name: 'packed', file, size: bytes.length };
    const cost: Record<string, number> = {};
    const measure = async <T>(label: string, work: () => Promise<T>): Promise<T> => {
      const before = hub.countCalls().api;
      const result = await work();
      cost[label] = hub.countCalls().api - before;
      return result;
    };
    await measure('releaseState, nothing there', () => hosting.releaseState(name));
    await measure('createTag', () => hosting.createTag(tag(name)));
    const { id } = await measure('createDraft', () => hosting.createDraft(draft(name)));
    const asset = await measure('uploadAsset', () => hosting.uploadAsset({ ...order, release: id }));
    await measure('releaseState, draft', () => hosting.releaseState(name));
    await measure('assets', () => hosting.assets(id));
    await measure('publish', () => hosting.publish(id));
    await measure('releaseState, published', () => hosting.releaseState(name));
    await measure('download', () => hosting.download(asset.id, join(directory, 'again')));
    const record = await measure('createRecord', () =>
      hosting.createRecord({ ...newRecord(commit), environment: 'cost' })
    );
    await measure('setStatus', () => hosting.setStatus(record, { state: 'success', description: 'Live' }));
    await measure('facts', () => hosting.facts({ environments: ['cost', 'production'], tag: name }));
    await measure('approvals', () =>
      hosting.approvals(hub.startRun({ event: 'push', actor: 'ana', sha: commit, ref: 'x' }).id)
    );
    await measure('protection', () => hosting.protection('cost'));
    await measure('openStop', () => hosting.openStop({ title: 'cost', body: 'x' }));
    await measure('deleteAsset', () => hosting.deleteAsset(asset.id));
    expect(cost).toEqual({
      'releaseState, nothing there': 3,
      createTag: 2,
      createDraft: 2,
      uploadAsset: 1,
      'releaseState, draft': 4,
      assets: 1,
      publish: 1,
      'releaseState, published': 3,
      download: 0,
      createRecord: 1,
      setStatus: 1,
      facts: 1,
      approvals: 1,
      protection: 1,
      openStop: 1,
      deleteAsset: 1
    });
  });
});

describe('tokens without a scope', () => {
  const all = { contents: 'write', deployments: 'write', issues: 'write', actions: 'read' } as const;
  const without = (scope: keyof typeof all, level: 'read' | 'none'): Hosting =>
    hostingAt(hub, { ...all, [scope]: level });

  test.each<[string, () => Promise<unknown>]>([
    ['deployments: read', () => without('deployments', 'none').facts({ environments: ['production'] })],
    ['issues: read', () => without('issues', 'none').facts({ environments: [] })],
    ['contents: read', () => without('contents', 'none').facts({ environments: [] })],
    ['deployments: write', () => without('deployments', 'read').createRecord(newRecord(commit))],
    ['deployments: write', () => without('deployments', 'read').setStatus(1, { state: 'error', description: '' })],
    ['contents: write', () => without('contents', 'read').createTag(tag('v8.0.0'))],
    ['contents: write', () => without('contents', 'read').createDraft(draft('v8.0.0'))],
    ['contents: write', () => without('contents', 'read').publish(1)],
    ['contents: read', () => without('contents', 'none').releaseState('v8.0.0')],
    ['contents: read', () => without('contents', 'none').assets(1)],
    ['contents: read', () => without('contents', 'none').download(1, join(directory, 'never'))],
    ['contents: write', () => without('contents', 'read').deleteAsset(1)],
    ['actions: read', () => without('actions', 'none').approvals(1)],
    ['actions: read', () => without('actions', 'none').protection('production')],
    ['actions: read', () => without('actions', 'none').runState(1)]
  ])('%s is named', async (permission, work) => {
    expect(await refusalOf(work())).toMatchObject({ code: 'permission-missing', details: { permission } });
  });

  test('a token that may not open issues stops no line', async () => {
    expect(await without('issues', 'read').openStop({ title: 'x', body: 'x' })).toBeUndefined();
  });
});

test("GitHub's own schemas had nothing to object to", () => {
  expect(hub.problems).toEqual([]);
});
