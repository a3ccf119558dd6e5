import * as v from 'valibot';
import type { Asset } from '../../ports.ts';
import { nothing, shaped } from './client.ts';
import type { Client } from './client.ts';
import { valueOf } from './reply.ts';
import { id } from './shapes.ts';

const DIGEST = /^sha256:([0-9a-f]{64})$/;
const PER_PAGE = 100;
/** A release holds at most 1,000 assets. */
const PAGES = 10;

/** `starter`: an upload that never ended. `digest` is there since June 2025, not on every Enterprise Server. */
export const assetShape = v.object({
  id,
  name: v.string(),
  size: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  state: v.string(),
  digest: v.nullish(v.string())
});
export type ListedAsset = v.InferOutput<typeof assetShape>;

export const assetOf = ({ id: number, name, size, digest }: ListedAsset): Asset => {
  const sha256 = DIGEST.exec(digest ?? '')?.[1];
  return { id: number, name, size, ...(sha256 === undefined ? {} : { sha256 }) };
};

/** The asset, unless its upload never ended. */
export const usable = (asset: ListedAsset): Asset[] => (asset.state === 'uploaded' ? [assetOf(asset)] : []);

/** Everything listed, unfinished uploads too; one call per hundred. */
export const listAssets = async (client: Client, release: number): Promise<readonly ListedAsset[]> => {
  const route = 'GET /repos/{owner}/{repo}/releases/{release_id}/assets';
  const all: ListedAsset[] = [];
  for (let page = 1; page <= PAGES; page += 1) {
    const parameters = { release_id: release, per_page: PER_PAGE, page };
    const request = { call: route, route, permission: 'contents: read', parameters, read: shaped(v.array(assetShape)) };
    const listed = valueOf(request, await client.ask(request));
    all.push(...listed);
    if (listed.length < PER_PAGE) break;
  }
  return all;
};

/** May be repeated: gone is gone. One call. */
export const deleteAsset = async (client: Client, asset: number): Promise<void> => {
  const route = 'DELETE /repos/{owner}/{repo}/releases/assets/{asset_id}';
  const parameters = { asset_id: asset };
  const request = { call: route, route, permission: 'contents: write', parameters, read: nothing };
  const answer = await client.ask(request);
  if (answer.kind === 'refused' && answer.status === 404) return;
  valueOf(request, answer);
};
