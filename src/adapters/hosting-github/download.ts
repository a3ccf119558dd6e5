import { createHash } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import type { Asset } from '../../ports.ts';
import { classify, classifyError } from './classify.ts';
import type { Client, Response } from './client.ts';
import type { Deadline } from './deadline.ts';
import { failed, ok, unsure, valueOf } from './reply.ts';
import type { Named, Refused, Reply } from './reply.ts';
import { oneLine } from './text.ts';

const REDIRECTS = 3;
/** GitHub takes release assets below 2 GiB. */
const LARGEST = 2 * 1024 ** 3;

/** The call that is answered by a link to the bytes, or by the bytes themselves. */
export interface Source extends Named {
  readonly parameters: Readonly<Record<string, unknown>>;
}

const ASSET = 'GET /repos/{owner}/{repo}/releases/assets/{asset_id}';

/** A file of a release. */
export const assetSource = (asset: number): Source => ({
  call: ASSET,
  permission: 'contents: read',
  parameters: { asset_id: asset, headers: { accept: 'application/octet-stream', 'accept-encoding': 'identity' } }
});

export interface Downloaded {
  readonly sha256: string;
  readonly size: number;
}

type Body = AsyncIterable<unknown>;

const isBody = (data: unknown): data is Body =>
  typeof data === 'object' && data !== null && Symbol.asyncIterator in data;

const refused = (message: string): Refused => ({ kind: 'refused', status: 200, message, codes: [], forbidden: false });

const bodyOf = ({ data }: Response): Reply<Body> => (isBody(data) ? ok(data) : unsure('an answer without a body'));

const isRedirect = ({ status, headers }: Response): boolean =>
  status >= 300 && status < 400 && typeof headers['location'] === 'string';

const drop = async (data: unknown): Promise<void> => {
  if (data instanceof ReadableStream) await data.cancel();
};

interface Hop {
  readonly client: Client;
  readonly limit: Deadline;
  /** Bytes; an answer of more is broken off there. */
  readonly most: number;
}

/** Storage is asked without the token: the link carries its own short-lived right. Plain HTTP only where the API is plain too. */
const plainFetch = async ({ client, limit }: Hop, from: string, location: string): Promise<Reply<Response>> => {
  if (!URL.canParse(location, from)) return refused('redirected to what is no link'); // it may hold a right, so it is not shown
  const target = new URL(location, from);
  const allowed = target.protocol === 'https:' || target.protocol === new URL(client.options.apiUrl).protocol;
  if (!allowed || target.username !== '') return refused(`redirected to ${target.protocol}//${target.host}`);
  const headers = { accept: 'application/octet-stream', 'accept-encoding': 'identity' };
  const answer = await fetch(target, { headers, redirect: 'manual', signal: limit.signal });
  const response = { status: answer.status, headers: Object.fromEntries(answer.headers), data: answer.body };
  if (answer.status < 400) return ok({ ...response, data: answer.body });
  await drop(answer.body);
  return linkFailed(classify({ ...response, data: '' }, client.options.clock.now()));
};

/** A link of storage that is refused has expired or lags behind: the next try asks GitHub for a new one. */
const linkFailed = (reply: Reply<never>): Reply<never> =>
  reply.kind === 'refused' ? unsure(`${reply.status} from the storage of assets`) : reply;

const follow = async (hop: Hop, { call, parameters }: Source): Promise<Reply<Body>> => {
  let reply = await hop.client.open({ route: call, parameters }, hop.limit);
  let from = hop.client.options.apiUrl;
  for (let n = 0; n < REDIRECTS && reply.kind === 'ok' && isRedirect(reply.value); n += 1) {
    const location = String(reply.value.headers['location']);
    await drop(reply.value.data);
    reply = await plainFetch(hop, from, location);
    from = URL.canParse(location, from) ? new URL(location, from).href : from;
  }
  if (reply.kind !== 'ok') return reply;
  if (reply.value.status !== 200) return unsure(`an answer of status ${reply.value.status}`);
  return bodyOf(reply.value);
};

/** Thrown when our own disk fails: asking GitHub again would not help. */
class DiskError extends Error {}

const onDisk = async <T>(work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    throw new DiskError(oneLine(String(error)), { cause: error });
  }
};

const write = async (handle: FileHandle, body: Body, { limit, most }: Hop): Promise<Reply<Downloaded>> => {
  const hash = createHash('sha256');
  let size = 0;
  for await (const piece of body) {
    if (!(ArrayBuffer.isView(piece) && piece.byteLength >= 0)) return unsure('an answer that is not bytes');
    const bytes = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
    limit.touch();
    hash.update(bytes);
    size += bytes.length;
    if (size > most) return unsure(`more than ${most} bytes arrived`);
    await onDisk(() => handle.writeFile(bytes));
  }
  await onDisk(() => handle.sync());
  return ok({ sha256: hash.digest('hex'), size });
};

const intoFile = async (hop: Hop, source: Source, file: string): Promise<Reply<Downloaded>> => {
  const body = await follow(hop, source);
  if (body.kind !== 'ok') return body;
  const handle = await onDisk(() => open(file, 'w', 0o600));
  try {
    return await write(handle, body.value, hop);
  } finally {
    await handle.close();
  }
};

type Listed = Pick<Asset, 'size' | 'sha256'>;

/** One file to fetch. */
export interface Wanted {
  readonly source: Source;
  readonly file: string;
  /** As GitHub listed it, when it was listed before. */
  readonly listed: Listed | undefined;
}

/** A page or half a file may come with status 200. What has the size but another digest is asked for again, and in the
 * end left to the caller, who knows the digest that counts. */
const judged = (got: Downloaded, listed: Listed | undefined, last: boolean): Reply<Downloaded> => {
  if (listed === undefined) return ok(got);
  if (got.size !== listed.size) return unsure(`${got.size} of ${listed.size} bytes arrived`);
  const same = listed.sha256 === undefined || listed.sha256 === got.sha256;
  return same || last ? ok(got) : unsure('other bytes arrived');
};

const once = async (client: Client, { source, file, listed }: Wanted, last: boolean): Promise<Reply<Downloaded>> => {
  const most = listed?.size ?? LARGEST;
  const limit = client.transfer(most);
  const part = `${file}.part`;
  try {
    const arrived = await intoFile({ client, limit, most }, source, part);
    const reply = arrived.kind === 'ok' ? judged(arrived.value, listed, last) : arrived;
    if (reply.kind === 'ok') await onDisk(() => rename(part, file));
    return reply;
  } catch (error) {
    if (error instanceof DiskError) throw failed(source, `cannot write ${file}: ${error.message}`);
    if (client.options.signal.aborted) return { kind: 'cancelled' };
    return limit.signal.aborted
      ? unsure('too few bytes arrived in time')
      : classifyError(error, client.options.clock.now());
  } finally {
    limit.stop();
    await rm(part, { force: true });
  }
};

/**
 * Two requests when nothing fails: GitHub, then the storage it points at. Every try starts anew in `FILE.part`, which
 * becomes `file` only when whole and on disk; the caller compares the digest with the one it trusts.
 */
export const download = async (client: Client, wanted: Wanted): Promise<Downloaded> =>
  valueOf(
    wanted.source,
    await client.settle(wanted.source, (attempt) => once(client, wanted, attempt >= client.pace.tries))
  );
