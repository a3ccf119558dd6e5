import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Caller } from '../access.ts';
import { Problem, byId, invalid, notFound, paged, reads, replaced, writes } from '../call.ts';
import type { Call, Operations, Reply } from '../call.ts';
import type { Release, ReleaseAsset } from '../records.ts';
import type { Traffic } from '../traffic.ts';
import type { World } from '../world.ts';
import { nowStamp } from '../world.ts';
import { assetView, assetsOf } from './release-view.ts';
import { seesDrafts, visibleRelease } from './releases.ts';

/** What GitHub makes of a file name: letters, digits, `.`, `_`, `-`, `+`; whatever else, and runs of stops, become one stop. */
export const assetName = (name: string): string =>
  name
    .replaceAll(/[^\w.+-]/g, '.')
    .replaceAll(/\.{2,}/g, '.')
    .replaceAll(/^\.|\.$/g, '');

const checkOpen = (release: Release, what: string): void => {
  if (release.immutable && !release.draft) throw new Problem(422, `Cannot ${what} an immutable release.`);
};

/** Sends the body to the disk as it comes; nothing larger than a chunk is held. */
const receive = async (call: Call, file: string): Promise<{ readonly size: number; readonly digest: string }> => {
  const hash = createHash('sha256');
  let size = 0;
  const meter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length;
      hash.update(chunk);
      done(null, chunk);
    }
  });
  await pipeline(call.request, meter, createWriteStream(file));
  return { size, digest: `sha256:${hash.digest('hex')}` };
};

const checkLength = ({ request }: Call): void => {
  const length = request.headers['content-length'];
  if (length === undefined) throw new Problem(411, 'Content-Length is required');
  if (Number(length) === 0) {
    throw invalid({ resource: 'ReleaseAsset', code: 'custom', field: 'size', message: 'size must be greater than 0' });
  }
};

const checkFree = (call: Call, release: Release, name: string): void => {
  const taken = assetsOf(call.world.state.now().data, release).some((asset) => asset.name === name);
  if (taken) throw invalid({ resource: 'ReleaseAsset', code: 'already_exists', field: 'name' });
};

/** Takes the name at once, as a `starter` without bytes: that is what an upload that breaks leaves behind. */
const startAsset = (
  world: World,
  given: Pick<ReleaseAsset, 'release' | 'name' | 'label' | 'contentType' | 'uploader'>
): ReleaseAsset => {
  const id = world.state.nextId();
  const asset: ReleaseAsset = {
    ...given,
    id,
    state: 'starter',
    size: 0,
    digest: null,
    file: join(world.store, String(id)),
    createdAt: nowStamp(world)
  };
  world.state.write((data) => ({ ...data, assets: [...data.assets, asset] }));
  return asset;
};

/** What an upload leaves behind that broke at the storage. */
export const leaveStarter = (broken: {
  readonly world: World;
  readonly traffic: Traffic;
  readonly url: URL;
  readonly caller: Caller;
}): void => {
  const { world, traffic, url, caller } = broken;
  if (traffic.operation !== 'repos/upload-release-asset') return;
  startAsset(world, {
    release: Number(traffic.match?.parameters['release_id']),
    name: assetName(url.searchParams.get('name') ?? ''),
    label: '',
    contentType: 'application/octet-stream',
    uploader: caller.login
  });
};

const upload = async (call: Call): Promise<Reply> => {
  const { world, params, query } = call;
  const release = byId(world.state.now().data.releases, params.number('release_id'));
  const name = assetName(query.text('name'));
  checkOpen(release, 'upload assets to');
  checkLength(call);
  checkFree(call, release, name);
  const started = startAsset(world, {
    release: release.id,
    name,
    label: query.textOr('label', ''),
    contentType: call.request.headers['content-type'] ?? 'application/octet-stream',
    uploader: call.caller.login
  });
  const arrived = await receive(call, started.file);
  const asset: ReleaseAsset = { ...started, ...arrived, state: 'uploaded' };
  world.state.write((data) => ({ ...data, assets: replaced(data.assets, asset) }));
  return { status: 201, body: assetView(world, release, asset) };
};

const list = (call: Call): Reply => {
  const release = visibleRelease(call, call.params.number('release_id'));
  const { items, headers } = paged(call, assetsOf(call.view.data, release));
  return { status: 200, headers, body: items.map((asset) => assetView(call.world, release, asset)) };
};

const get = (call: Call): Reply => {
  const { data } = call.view;
  const asset = byId(data.assets, call.params.number('asset_id'));
  const release = visibleRelease(call, asset.release);
  if (!call.accept.includes('application/octet-stream')) {
    return { status: 200, body: assetView(call.world, release, asset) };
  }
  if (asset.state !== 'uploaded') throw notFound();
  return { status: 302, headers: { location: call.world.urls.storage + storagePath(asset) } };
};

/** The signed address of an asset's bytes: whoever has it may read. */
export const storagePath = (asset: ReleaseAsset): string => {
  const signature = createHash('sha256').update(`${asset.file} ${asset.createdAt}`).digest('hex').slice(0, 32);
  return `/release-assets/${asset.id}?sig=${signature}`;
};

const remove = async (call: Call): Promise<Reply> => {
  const { data } = call.world.state.now();
  const asset = byId(data.assets, call.params.number('asset_id'));
  const release = byId(data.releases, asset.release);
  if (release.draft && !seesDrafts(call.caller)) throw notFound();
  checkOpen(release, 'delete assets from');
  call.world.state.write((before) => ({ ...before, assets: before.assets.filter((other) => other.id !== asset.id) }));
  await rm(asset.file, { force: true });
  return { status: 204 };
};

export const assets: Operations = {
  'repos/list-release-assets': { needs: reads('contents'), run: list },
  'repos/upload-release-asset': { needs: writes('contents'), run: upload },
  'repos/get-release-asset': { needs: reads('contents'), run: get },
  'repos/delete-release-asset': { needs: writes('contents'), run: remove }
};
