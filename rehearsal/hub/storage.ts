import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { jsonAnswer } from './answer.ts';
import type { Answer } from './answer.ts';
import { artifactPath } from './resources/artifacts.ts';
import { storagePath } from './resources/assets.ts';
import { releasePage, assetsOf } from './resources/release-view.ts';
import type { World } from './world.ts';

/** Bytes that lie in the storage. */
export interface Stored {
  readonly name: string;
  readonly size: number;
  readonly file: string;
  /** Its signed address. */
  readonly address: string;
}

const assetAt = (world: World, id: number): Stored | undefined => {
  const asset = world.state.now().data.assets.find((each) => each.id === id);
  return asset === undefined ? undefined : { ...asset, address: storagePath(asset) };
};

const artifactAt = (world: World, id: number): Stored | undefined => {
  const artifact = world.state.now().data.artifacts.find((each) => each.id === id);
  if (artifact === undefined || artifact.file === null) return undefined;
  return { ...artifact, file: artifact.file, address: artifactPath(artifact) };
};

const ADDRESS = /^\/(?<room>release-assets|artifacts)\/(?<id>\d+)$/;

/** What lies behind a signed address, or the answer that refuses. */
export const storedFile = (world: World, request: IncomingMessage, url: URL): Stored | Answer => {
  // signed storage takes one way of signing in only: clients must drop their token when they are sent here
  if (request.headers.authorization !== undefined) {
    return jsonAnswer(400, { message: 'Only one auth mechanism allowed' });
  }
  const { room, id } = ADDRESS.exec(url.pathname)?.groups ?? {};
  const found = room === 'artifacts' ? artifactAt(world, Number(id)) : assetAt(world, Number(id ?? 0));
  if (found === undefined) return jsonAnswer(404, { message: 'Not Found' });
  const signed = found.address === url.pathname + url.search;
  return signed ? found : jsonAnswer(403, { message: 'Signature not valid' });
};

const headersOf = ({ name }: Stored): Record<string, string> => ({
  'content-type': 'application/octet-stream',
  'content-disposition': `attachment; filename=${name}`
});

export const bytesOf = async (stored: Stored): Promise<Answer> => ({
  status: 200,
  headers: headersOf(stored),
  body: await readFile(stored.file)
});

export const streamFile = async (response: ServerResponse, stored: Stored): Promise<void> => {
  response.writeHead(200, { ...headersOf(stored), 'content-length': stored.size });
  // a client that leaves is no fault of ours
  await pipeline(createReadStream(stored.file), response).catch(() => undefined);
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
