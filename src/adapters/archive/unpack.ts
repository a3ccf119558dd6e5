import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fchmodSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  symlinkSync,
  writeFileSync
} from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { pipeline } from 'node:stream';
import { types } from 'node:util';
import { constants, createZstdDecompress } from 'node:zlib';
import type { Archive, PackedFile } from '../../domain/release.ts';
import { refuse } from '../../domain/refusal.ts';
import type { Archives } from '../../ports.ts';
import { overLimits } from './limits.ts';
import { listed, printable, unsafeEntries, unsafeLink, unsafePath } from './names.ts';
import type { PackContext } from './pack.ts';
import { createTarReader, ForeignEntry, type TarReader } from './tar-reader.ts';
import { TarFault, type TarEntry } from './ustar.ts';

type UnpackOrder = Parameters<Archives['unpack']>[0];

/** 8 MiB: four times the window of level 3, and what bounds the decoder's memory. */
const WINDOW_LOG_MAX = 23;
const INFLATED = { chunkSize: 512 * 1024, params: { [constants.ZSTD_d_windowLogMax]: WINDOW_LOG_MAX } };
const TYPES: Readonly<Record<string, string>> = { 1: 'hard link', 3: 'device', 4: 'device', 5: 'directory', 6: 'fifo' };

const same = (what: string, expected: string | number, actual: string | number): void => {
  if (expected !== actual)
    throw refuse('digest-mismatch', {
      what: printable(what),
      expected: printable(`${expected}`),
      actual: printable(`${actual}`)
    });
};

const forbid = (names: readonly string[]): void => {
  if (names.length > 0) throw refuse('files-forbidden', { paths: listed(names) });
};

const checkPacked = async (handle: FileHandle, archive: Archive): Promise<void> => {
  const { size } = await handle.stat();
  same(archive.name, `${archive.size} bytes`, `${size} bytes`);
  const digest = createHash('sha256');
  for await (const chunk of handle.createReadStream({ start: 0, autoClose: false, highWaterMark: 1 << 20 }))
    digest.update(chunk);
  same(archive.name, archive.sha256, digest.digest('hex'));
};

/** The tar's bytes; every one of them goes through `seen` first. */
const inflate = async function* (handle: FileHandle, seen: (chunk: Buffer) => void): AsyncGenerator<Buffer> {
  const source = handle.createReadStream({ start: 0, autoClose: false, highWaterMark: 256 * 1024 });
  // A failure of either stream destroys both and is thrown where the bytes are read.
  const tar: AsyncIterable<Buffer> = pipeline(source, createZstdDecompress(INFLATED), () => undefined);
  for await (const chunk of tar) {
    seen(chunk);
    yield chunk;
  }
};

const modeOf = (entry: TarEntry): PackedFile['mode'] => {
  if (entry.kind === 'link') return '120000';
  return entry.executable ? '100755' : '100644';
};

const checkEntry = (entry: TarEntry | undefined, wanted: PackedFile | undefined): void => {
  if (entry !== undefined && unsafePath(entry.path)) forbid([printable(entry.path)]);
  if (entry?.kind === 'link' && unsafeLink(entry.path, entry.target))
    forbid([`${printable(entry.path)} -> ${printable(entry.target)}`]);
  same('entry', wanted?.path ?? '(end)', entry?.path ?? '(end)');
  if (entry === undefined || wanted === undefined) return;
  same(wanted.path, wanted.mode, modeOf(entry));
  same(
    wanted.path,
    `${wanted.size} bytes`,
    `${entry.kind === 'link' ? Buffer.byteLength(entry.target) : entry.size} bytes`
  );
};

const writeFile = async (file: string, wanted: PackedFile, reader: TarReader): Promise<void> => {
  const descriptor = openSync(file, 'wx', 0o600);
  const digest = createHash('sha256');
  try {
    for (let piece = await reader.piece(); piece !== undefined; piece = await reader.piece()) {
      digest.update(piece);
      writeFileSync(descriptor, piece);
    }
    fchmodSync(descriptor, wanted.mode === '100755' ? 0o755 : 0o644);
  } finally {
    closeSync(descriptor);
  }
  same(wanted.path, wanted.sha256, digest.digest('hex'));
};

const checkLink = async (entry: TarEntry, wanted: PackedFile, reader: TarReader): Promise<void> => {
  await reader.piece();
  same(wanted.path, wanted.sha256, createHash('sha256').update(entry.target).digest('hex'));
};

interface Extraction {
  readonly into: string;
  readonly files: readonly PackedFile[];
  readonly context: PackContext;
}

/** Links are made when all files are written: nothing can be written through one. */
const extract = async (reader: TarReader, { into, files, context }: Extraction): Promise<void> => {
  const folders = new Set<string>();
  const links: TarEntry[] = [];
  for (const wanted of files) {
    context.signal?.throwIfAborted();
    const entry = await reader.next();
    checkEntry(entry, wanted);
    if (entry === undefined) return;
    const file = join(into, entry.path);
    if (!folders.has(dirname(file))) mkdirSync(dirname(file), { recursive: true, mode: 0o755 });
    folders.add(dirname(file));
    if (entry.kind === 'file') await writeFile(file, wanted, reader);
    else links.push(await checkLink(entry, wanted, reader).then(() => entry));
  }
  checkEntry(await reader.next(), undefined);
  for (const link of links) symlinkSync(link.target, join(into, link.path));
};

const asRefusal = (error: unknown, archive: Archive): unknown => {
  const what = printable(archive.name);
  const options = { cause: error };
  if (error instanceof ForeignEntry) {
    const type = TYPES[error.type] ?? `type ${printable(error.type)}`;
    return refuse('files-forbidden', { paths: `${printable(error.path)} (${type})` }, options);
  }
  if (error instanceof TarFault)
    return refuse('digest-mismatch', { what, expected: 'ustar', actual: error.message }, options);
  if (types.isNativeError(error) && 'code' in error && /^(?:ZSTD_|Z_)/.test(String(error.code)))
    return refuse('digest-mismatch', { what, expected: 'zstd', actual: String(error.code) }, options);
  return error;
};

const extractProven = async (handle: FileHandle, order: UnpackOrder, context: PackContext): Promise<void> => {
  const into = resolve(order.into);
  const partial = `${into}.partial`;
  const tar = createHash('sha256');
  const bytes = inflate(handle, (chunk) => tar.update(chunk));
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true, mode: 0o755 });
  try {
    await extract(createTarReader(bytes), { into: partial, files: order.files, context });
    same('tar', order.archive.tarSha256, tar.digest('hex'));
    if (existsSync(into)) rmdirSync(into);
    renameSync(partial, into);
  } catch (error) {
    rmSync(partial, { recursive: true, force: true });
    throw asRefusal(error, order.archive);
  } finally {
    await bytes.return(undefined);
  }
};

/**
 * Unpacks an archive nobody trusts. It is read only when its own digest is right, written beside `into`, and moved
 * there when its tar and every file in it are what the list says, in the order of the list: nothing missing, nothing
 * else. On a failure no file of it is left.
 */
export const unpack = async (order: UnpackOrder, context: PackContext): Promise<void> => {
  forbid(unsafeEntries(order.files));
  forbid(overLimits(order.files, order.archive.size, context.limits));
  if (existsSync(order.into) && readdirSync(order.into).length > 0) throw new Error(`${order.into} is not empty`);
  const handle = await open(order.file, 'r');
  try {
    await checkPacked(handle, order.archive);
    await extractProven(handle, order, context);
  } finally {
    await handle.close();
  }
};
