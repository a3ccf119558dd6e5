import { BLOCK, decodeHeader, paddingAfter, TarFault, textOf, type RawHeader, type TarEntry } from './ustar.ts';

/** An entry that no archive of ours holds: a hard link, a device, a directory, a global header, ... */
export class ForeignEntry extends Error {
  readonly path: string;
  readonly type: string;

  constructor(path: string, type: string) {
    super(`${path} has type ${type}`);
    this.path = path;
    this.type = type;
  }
}

/** Entries one after the other; `piece` gives the bytes of the current one, which must be read to their end. */
export interface TarReader {
  next(): Promise<TarEntry | undefined>;
  piece(): Promise<Buffer | undefined>;
}

interface Bytes {
  /** At most `limit` bytes, at least one; undefined at the end. */
  some(limit: number): Promise<Buffer | undefined>;
  exactly(size: number): Promise<Buffer>;
}

const createBytes = (source: AsyncIterator<Buffer>): Bytes => {
  let held: Buffer = Buffer.alloc(0);
  const some = async (limit: number): Promise<Buffer | undefined> => {
    while (held.length === 0) {
      const next = await source.next();
      if (next.done === true) return undefined;
      held = next.value;
    }
    const piece = held.subarray(0, limit);
    held = held.subarray(piece.length);
    return piece;
  };
  const exactly = async (size: number): Promise<Buffer> => {
    const first = await some(size);
    if (first === undefined) throw new TarFault('archive ends early');
    return first.length === size ? first : Buffer.concat([first, await exactly(size - first.length)]);
  };
  return { some, exactly: async (size) => (size === 0 ? Buffer.alloc(0) : exactly(size)) };
};

/** Paths and link targets are at most 4 KiB each, and nothing else is written. */
const MAX_PAX = 16 * 1024;
const PAX_KEYS = ['path', 'linkpath', 'size'] as const;
type PaxKey = (typeof PAX_KEYS)[number];
type Pax = Partial<Record<PaxKey, string>>;

const isPaxKey = (key: string): key is PaxKey => PAX_KEYS.some((known) => known === key);

/** Any key but ours is refused: `GNU.sparse.*`, `hdrcharset`, ... change how other readers see the entry. */
const paxOf = (data: Buffer): Pax => {
  const pax: Pax = {};
  for (let at = 0; at < data.length;) {
    const [, digits = ''] = /^([1-9]\d{0,5}) /.exec(data.toString('latin1', at, at + 7)) ?? [];
    const record = data.subarray(at + digits.length + 1, at + Number(digits));
    const equals = record.indexOf('=');
    const key = textOf(record.subarray(0, Math.max(0, equals)));
    if (digits === '' || at + Number(digits) > data.length || record.at(-1) !== 10 || !isPaxKey(key))
      throw new TarFault('extended header is not ours');
    if (pax[key] !== undefined) throw new TarFault('extended header says a thing twice');
    pax[key] = textOf(record.subarray(equals + 1, -1));
    at += Number(digits);
  }
  return pax;
};

const sizeOf = (header: RawHeader, pax: Pax): number => {
  if (pax.size === undefined) return header.size;
  if (!/^[1-9]\d{0,14}$/.test(pax.size)) throw new TarFault('extended header has no size');
  return Number(pax.size);
};

const entryOf = (header: RawHeader, pax: Pax): TarEntry => {
  const path = pax.path ?? header.path;
  const size = sizeOf(header, pax);
  const isLink = header.type === '2';
  if (!isLink && header.type !== '0' && header.type !== '\0') throw new ForeignEntry(path, header.type);
  if (isLink && size !== 0) throw new TarFault('link has bytes');
  return {
    path,
    kind: isLink ? 'link' : 'file',
    size,
    executable: (header.mode & 0o100) !== 0,
    target: isLink ? (pax.linkpath ?? header.target) : ''
  };
};

/** After the first zero block only zeros may follow: one more block, and what pads to a record of 20 blocks. */
const readEnd = async (bytes: Bytes): Promise<void> => {
  let left = 20 * BLOCK;
  for (let piece = await bytes.some(left); piece !== undefined; piece = await bytes.some(left)) {
    left -= piece.length;
    if (left <= 0 || piece.some((byte) => byte !== 0)) throw new TarFault('bytes follow the end of the archive');
  }
  if (left > 19 * BLOCK) throw new TarFault('archive ends early');
};

const readPax = async (bytes: Bytes, size: number): Promise<Pax> => {
  if (size === 0 || size > MAX_PAX) throw new TarFault('extended header has no sensible size');
  const data = await bytes.exactly(size + paddingAfter(size));
  return paxOf(data.subarray(0, size));
};

const readHeader = async (bytes: Bytes): Promise<{ header: RawHeader; pax: Pax } | undefined> => {
  const header = decodeHeader(await bytes.exactly(BLOCK));
  if (header?.type !== 'x') return header && { header, pax: {} };
  const pax = await readPax(bytes, header.size);
  const own = decodeHeader(await bytes.exactly(BLOCK));
  if (own === undefined || own.type === 'x') throw new TarFault('extended header without an entry');
  return { header: own, pax };
};

/** Reads strictly what `encodeHeader` writes. Throws `TarFault` or `ForeignEntry`. */
export const createTarReader = (source: AsyncIterable<Buffer>): TarReader => {
  const bytes = createBytes(source[Symbol.asyncIterator]());
  let left = 0;
  let padding = 0;
  return {
    next: async () => {
      const found = await readHeader(bytes);
      if (found === undefined) return readEnd(bytes).then(() => undefined);
      const entry = entryOf(found.header, found.pax);
      left = entry.size;
      padding = paddingAfter(entry.size);
      return entry;
    },
    piece: async () => {
      if (left > 0) {
        const piece = await bytes.some(left);
        if (piece === undefined) throw new TarFault('archive ends early');
        left -= piece.length;
        return piece;
      }
      await bytes.exactly(padding);
      padding = 0;
      return undefined;
    }
  };
};
