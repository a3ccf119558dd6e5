import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startHub } from '../../../../rehearsal/hub/index.ts';
import type { FaultKind, FaultMatch, Hub } from '../../../../rehearsal/hub/index.ts';
import { tagMessage } from '../../../../src/domain/tag-message.ts';
import type { Hosting } from '../../../../src/ports.ts';
import { newRecord, version } from '../../../adapters/hosting-github/new-record.ts';
import { BLOWS, struck } from './blows.ts';
import type { Blow } from './blows.ts';
import { hostingAt } from './hub-scene.ts';

let hub: Hub;
let commit = '';
let directory = '';
let file = '';
let release = 0;
let asset = 0;
let run = 0;
let cases = 0;

const bytes = 'packed once\n'.repeat(1000);
const sha256 = createHash('sha256').update(bytes).digest('hex');
const message = tagMessage(version('1.4.2'), { manifestSha256: sha256, tarSha256: sha256, changes: 3 });
const date = '2026-11-23T12:00:00Z';
const reviewed = 'reviewed';

beforeAll(async () => {
  hub = await startHub({ visibility: 'private', hourlyLimit: 10_000_000 });
  commit = await hub.commit({ message: 'feat: everything', files: { 'a.txt': 'a' } });
  directory = await mkdtemp(join(tmpdir(), 'faults-'));
  file = join(directory, 'packed');
  await writeFile(file, bytes);
  const hosting = hostingAt(hub);
  await hosting.createTag({ name: 'v1.0.0', commit, message, date });
  release = (await hosting.createDraft({ tag: 'v1.0.0', commit, name: 'v1.0.0', body: '' })).id;
  asset = (await hosting.uploadAsset({ release, name: 'packed', file, size: bytes.length })).id;
  await hosting.publish(release);
  hub.defineEnvironment(reviewed, { reviewers: ['bia'] });
  run = hub.startRun({ event: 'push', actor: 'ana', sha: commit, ref: 'refs/heads/main' }).id;
});

afterAll(async () => {
  await hub.stop();
  await rm(directory, { recursive: true });
});

const fresh = (): { hosting: Hosting; name: string } => {
  cases += 1;
  return { hosting: hostingAt(hub), name: `v${cases}.0.0` };
};

const met = <T>(match: FaultMatch, blow: Blow, work: () => Promise<T>): Promise<T> =>
  struck(hub, { match, blow }, work);

describe.each(BLOWS)('%s', (_, rule) => {
  test('createRecord files one record', async () => {
    const { hosting, name } = fresh();
    const record = { ...newRecord(commit), environment: name };
    const id = await met({ operation: 'repos/create-deployment' }, rule, () => hosting.createRecord(record));
    const { deployments } = await hub.snapshot();
    expect(deployments.filter(({ environment }) => environment === name).map((each) => each.id)).toEqual([id]);
  });

  test('setStatus writes one status', async () => {
    const { hosting, name } = fresh();
    const id = await hosting.createRecord({ ...newRecord(commit), environment: name });
    const update = { state: 'in_progress', description: 'Working' } as const;
    await met({ operation: 'repos/create-deployment-status' }, rule, () => hosting.setStatus(id, update));
    const { deployments } = await hub.snapshot();
    expect(deployments.find((each) => each.id === id)?.statuses.map(({ state }) => state)).toEqual(['in_progress']);
  });

  test('openStop opens one issue', async () => {
    const { hosting, name } = fresh();
    const url = await met({ operation: 'issues/create' }, rule, () => hosting.openStop({ title: name, body: '' }));
    const { issues } = await hub.snapshot();
    expect(issues.filter(({ title }) => title === name)).toHaveLength(1);
    expect(url).toContain('/issues/');
  });

  test.each(['git/create-tag', 'git/create-ref'])('createTag makes one tag (%s)', async (operation) => {
    const { hosting, name } = fresh();
    expect(await met({ operation }, rule, () => hosting.createTag({ name, commit, message, date }))).toBe('created');
    expect((await hosting.releaseState(name)).tag).toMatchObject({ commit });
  });

  test('createDraft makes one draft', async () => {
    const { hosting, name } = fresh();
    const draft = { tag: name, commit, name, body: '' };
    const { id } = await met({ operation: 'repos/create-release' }, rule, () => hosting.createDraft(draft));
    const { releases } = await hub.snapshot();
    expect(releases.filter((each) => each.tag === name).map((each) => each.id)).toEqual([id]);
  });

  test('uploadAsset leaves one whole asset', async () => {
    const { hosting, name } = fresh();
    const { id } = await hosting.createDraft({ tag: name, commit, name, body: '' });
    const order = { release: id, name: 'packed', file, size: bytes.length };
    const match = { operation: 'repos/upload-release-asset' };
    expect(await met(match, rule, () => hosting.uploadAsset(order))).toMatchObject({ size: bytes.length, sha256 });
    const { releases } = await hub.snapshot();
    const stored = releases.find((each) => each.id === id)?.assets;
    expect(stored?.map(({ state, digest }) => [state, digest])).toEqual([['uploaded', `sha256:${sha256}`]]);
  });

  test('publish and deleteAsset end where they should', async () => {
    const { hosting, name } = fresh();
    const { id } = await hosting.createDraft({ tag: name, commit, name, body: '' });
    const given = await hosting.uploadAsset({ release: id, name: 'packed', file, size: bytes.length });
    await met({ operation: 'repos/delete-release-asset' }, rule, () => hosting.deleteAsset(given.id));
    await met({ operation: 'repos/update-release' }, rule, () => hosting.publish(id));
    const stored = (await hub.snapshot()).releases.find((each) => each.id === id);
    expect(stored).toMatchObject({ draft: false, prerelease: true, assets: [] });
  });

  test('reads tell the truth', async () => {
    const { hosting } = fresh();
    const reads: readonly (readonly [FaultMatch, () => Promise<unknown>, unknown])[] = [
      [
        { graphql: true },
        async () =>
          (await hosting.facts({ environments: [], tag: 'v1.0.0' })).releases.map(({ id }) => id).includes(release),
        true
      ],
      [
        { operation: 'git/get-ref' },
        () => hosting.releaseState('v1.0.0'),
        expect.objectContaining({ tag: expect.anything() })
      ],
      [{ operation: 'git/get-tag' }, async () => (await hosting.releaseState('v1.0.0')).tag?.commit, commit],
      [
        { operation: 'repos/get-release-by-tag' },
        async () => (await hosting.releaseState('v1.0.0')).release?.id,
        release
      ],
      [
        { operation: 'repos/list-release-assets' },
        async () => (await hosting.assets(release)).map(({ id }) => id),
        [asset]
      ],
      [{ operation: 'repos/get-environment' }, async () => (await hosting.protection(reviewed)).kind, 'present'],
      [{ operation: 'actions/get-reviews-for-run' }, () => hosting.approvals(run), []],
      [{ operation: 'actions/get-workflow-run' }, () => hosting.runState(run), 'live']
    ];
    for (const [match, work, expected] of reads) expect(await met(match, rule, work)).toEqual(expected);
  });

  test('download brings the whole file', async () => {
    const { hosting, name } = fresh();
    const match = { operation: 'repos/get-release-asset' };
    await hosting.assets(release);
    const got = await met(match, rule, () => hosting.download(asset, join(directory, name)));
    expect(got).toEqual({ sha256, size: bytes.length });
  });
});

describe('bytes on the way from the storage', () => {
  const kinds: readonly FaultKind[] = [502, 'reset', 'truncate', 'cut', 'corrupt', 'html', 'empty'];
  test.each(kinds)('%s: asked for again', async (kind) => {
    const { hosting, name } = fresh();
    await hosting.assets(release);
    const got = await met({ path: /^\/release-assets\// }, { kind }, () =>
      hosting.download(asset, join(directory, name))
    );
    expect(got).toEqual({ sha256, size: bytes.length });
  });

  test('spoiled for good: the caller is told what came', async () => {
    const { hosting, name } = fresh();
    await hosting.assets(release);
    const rule = { kind: 'corrupt', times: 5 } as const;
    const got = await met({ path: /^\/release-assets\// }, rule, () => hosting.download(asset, join(directory, name)));
    expect(got.size).toBe(bytes.length);
    expect(got.sha256).not.toBe(sha256);
  });
});

describe('lists that lag behind', () => {
  test.each([1, 2])('%i writes: a lost answer still makes no second record that counts', async (writes) => {
    const { hosting, name } = fresh();
    hub.fault({ match: { operation: 'repos/create-deployment' }, kind: 'reset', phase: 'after' });
    hub.fault({ match: { operation: 'repos/list-deployments' }, kind: 'stale', writes, times: 2 });
    const id = await hosting.createRecord({ ...newRecord(commit), environment: name });
    const { deployments } = await hub.snapshot();
    const open = deployments.filter(({ environment, state }) => environment === name && state !== 'ERROR');
    expect(open.map((each) => each.id)).toEqual([id]);
  });

  test('so far that it is made twice: the spare one is closed', async () => {
    const { hosting, name } = fresh();
    hub.fault({ match: { operation: 'repos/create-deployment' }, kind: 'reset', phase: 'after' });
    hub.fault({ match: { operation: 'repos/list-deployments' }, kind: 'stale', writes: 2, times: 3 });
    const id = await hosting.createRecord({ ...newRecord(commit), environment: name });
    const { deployments } = await hub.snapshot();
    const made = deployments.filter(({ environment }) => environment === name);
    expect(made).toHaveLength(2);
    expect(made.filter(({ state }) => state !== 'ERROR').map((each) => each.id)).toEqual([id]);
  });
});
