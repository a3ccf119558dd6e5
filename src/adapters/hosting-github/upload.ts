import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Asset, Upload } from '../../ports.ts';
import { assetOf, assetShape, deleteAsset, listAssets } from './asset-list.ts';
import type { ListedAsset } from './asset-list.ts';
import { shaped } from './client.ts';
import type { Client, Request } from './client.ts';
import { failed, ok, unsure, valueOf } from './reply.ts';
import type { Named, Reply } from './reply.ts';
import { oneLine } from './text.ts';

const NAMED: Named = { call: 'POST /repos/{owner}/{repo}/releases/{release_id}/assets', permission: 'contents: write' };

/** GitHub gives a template (RFC 6570): `https://.../assets{?name,label}`. */
const addressIn = (template: string): string => template.split('{')[0] ?? '';

/** Only the API's own host, or the one GitHub pairs with it (`uploads.github.com`), is given the token. */
const trusted = (template: string, apiUrl: string): boolean => {
  const plain = addressIn(template);
  if (!URL.canParse(plain)) return false;
  const [upload, api] = [new URL(plain), new URL(apiUrl)];
  const pair = `uploads.${api.hostname.replace(/^api\./, '')}`;
  return upload.protocol === api.protocol && (upload.host === api.host || upload.host === pair);
};

/** The file's pieces, in constant memory; `seen` gets each one. */
async function* pieces(file: string, seen: (piece: Buffer) => void): AsyncGenerator<Buffer> {
  for await (const piece of createReadStream(file, { highWaterMark: 256 * 1024 })) {
    if (!Buffer.isBuffer(piece)) throw new TypeError('a file is read as bytes');
    seen(piece);
    yield piece;
  }
}

const hashOf = async (file: string): Promise<string> => {
  const hash = createHash('sha256');
  for await (const piece of pieces(file, () => undefined)) hash.update(piece);
  return hash.digest('hex');
};

interface Job {
  readonly client: Client;
  readonly upload: Upload;
}

/** The asset of that name if it is ours already, proven by size AND digest; whatever else bears the name is removed. */
const adopt = async ({ client, upload }: Job): Promise<ListedAsset | undefined> => {
  const named = (await listAssets(client, upload.release)).filter(({ name }) => name === upload.name);
  if (named.length === 0) return undefined;
  const digest = `sha256:${await hashOf(upload.file)}`;
  const same = named.find((each) => each.state === 'uploaded' && each.size === upload.size && each.digest === digest);
  for (const { id } of named.filter((each) => each !== same)) await deleteAsset(client, id);
  return same;
};

/** Whether what arrived is what was sent. Anything else is looked at again, removed and sent again. */
const arrived = (asset: ListedAsset, upload: Upload, digest: string): Reply<ListedAsset> => {
  if (asset.name !== upload.name) {
    return { kind: 'refused', status: 201, message: `stored as ${asset.name}`, codes: [], forbidden: false };
  }
  const { state, size } = asset;
  if (state !== 'uploaded' || size !== upload.size) return unsure(`${state}, ${size} of ${upload.size} bytes arrived`);
  return typeof asset.digest === 'string' && asset.digest !== digest ? unsure('other bytes arrived') : ok(asset);
};

const sending = ({ upload }: Job, url: string): Request<ListedAsset> => {
  let hash = createHash('sha256');
  const headers = { 'content-type': 'application/octet-stream', 'content-length': String(upload.size) };
  return {
    ...NAMED,
    route: `POST ${addressIn(url)}?name=${encodeURIComponent(upload.name)}`,
    parameters: { headers },
    bytes: upload.size,
    read: (data) => {
      const reply = shaped(assetShape)(data);
      return reply.kind === 'ok' ? arrived(reply.value, upload, `sha256:${hash.digest('hex')}`) : reply;
    },
    body: (moved) => {
      hash = createHash('sha256');
      return pieces(upload.file, (piece) => {
        moved();
        hash.update(piece);
      });
    }
  };
};

const assertFile = async ({ file, size }: Upload): Promise<void> => {
  const found = await stat(file).catch((error: unknown) => {
    throw failed(NAMED, oneLine(`cannot read ${file}: ${String(error)}`));
  });
  if (found.size !== size) throw failed(NAMED, `${file} has ${found.size} bytes, not ${size}`);
};

/**
 * One call when nothing fails. A name that is taken (422 `already_exists`) or a lost reply is looked up: the same bytes
 * are adopted, anything else is deleted and uploaded again.
 */
export const uploadAsset = async (client: Client, upload: Upload, template: string): Promise<Asset> => {
  const job: Job = { client, upload };
  if (!trusted(template, client.options.apiUrl))
    throw failed(NAMED, `GitHub named another host for uploads: ${oneLine(template)}`);
  await assertFile(upload);
  const request = sending(job, template);
  const find = (): Promise<ListedAsset | undefined> => adopt(job);
  const first = await client.change(request, { find, looks: 1 });
  if (first.kind === 'ok' || first.status !== 422 || !first.codes.includes('already_exists'))
    return assetOf(valueOf(request, first));
  const existing = await find();
  if (existing !== undefined) return assetOf(existing);
  return assetOf(valueOf(request, await client.change(request, { find, looks: 1 })));
};
