import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { jsonAnswer } from './answer.ts';
import type { Answer } from './answer.ts';
import type { ReleaseAsset } from './records.ts';
import { storagePath } from './resources/assets.ts';
import { releasePage, assetsOf } from './resources/release-view.ts';
import type { World } from './world.ts';

const ASSET = /^\/release-assets\/(\d+)$/;

/** The asset behind a signed address, or the answer that refuses. */
export const storedAsset = (world: World, request: IncomingMessage, url: URL): ReleaseAsset | Answer => {
  // signed storage takes one way of signing in only: clients must drop their token when they are sent here
  if (request.headers.authorization !== undefined) {
    return jsonAnswer(400, { message: 'Only one auth mechanism allowed' });
  }
  const id = Number(ASSET.exec(url.pathname)?.[1] ?? 0);
  const asset = world.state.now().data.assets.find((each) => each.id === id);
  if (asset === undefined) return jsonAnswer(404, { message: 'Not Found' });
  const signed = storagePath(asset) === url.pathname + url.search;
  return signed ? asset : jsonAnswer(403, { message: 'Signature not valid' });
};

const headersOf = (asset: ReleaseAsset): Record<string, string> => ({
  'content-type': 'application/octet-stream',
  'content-disposition': `attachment; filename=${asset.name}`
});

export const bytesOf = async (asset: ReleaseAsset): Promise<Answer> => ({
  status: 200,
  headers: headersOf(asset),
  body: await readFile(asset.file)
});

export const streamAsset = async (response: ServerResponse, asset: ReleaseAsset): Promise<void> => {
  response.writeHead(200, { ...headersOf(asset), 'content-length': asset.size });
  // a client that leaves is no fault of ours
  await pipeline(createReadStream(asset.file), response).catch(() => undefined);
};

/** `/owner/name/releases/download/<tag>/<asset>`: what a browser follows. */
export const downloadRedirect = (world: World, path: string): Answer | undefined => {
  const { data } = world.state.now();
  for (const release of data.releases) {
    if (release.draft) continue;
    const base = new URL(releasePage(world, release)).pathname.replace('/releases/tag/', '/releases/download/');
    const asset = assetsOf(data, release).find((each) => `${base}/${encodeURIComponent(each.name)}` === path);
    if (asset !== undefined)
      return { ...jsonAnswer(302, undefined), headers: { location: world.urls.storage + storagePath(asset) } };
  }
  return undefined;
};
