/**
 * The tar format as POSIX.1-2017 `pax` writes it down: 512-byte blocks, octal fields, and extended headers (`x`) for
 * what a field cannot hold. We write files and symbolic links only, and read nothing else.
 */
export const BLOCK = 512;

export interface TarEntry {
  readonly path: string;
  readonly kind: 'file' | 'link';
  /** Bytes that follow; 0 for a link. */
  readonly size: number;
  readonly executable: boolean;
  /** Of a link; otherwise empty. */
  readonly target: string;
}

/** A header block as it stands in the archive, nothing interpreted. */
export interface RawHeader {
  readonly type: string;
  readonly path: string;
  readonly target: string;
  readonly size: number;
  readonly mode: number;
}

/** A block that is no header of ours; the message says what is wrong with it. */
export class TarFault extends Error {}

const NAME = 100;
const PREFIX = 155;
const LARGEST = 0o77777777777;
const CHECKSUM = { start: 148, end: 156 } as const;

export const paddingAfter = (size: number): number => -size & (BLOCK - 1);

const isAscii = (text: string): boolean => Buffer.byteLength(text) === text.length;

/** The path split over both name fields, or undefined when it needs an extended header. */
const splitPath = (path: string): { name: string; prefix: string } | undefined => {
  if (!isAscii(path)) return undefined;
  if (path.length <= NAME) return { name: path, prefix: '' };
  const cut = path.indexOf('/', path.length - NAME - 1);
  return cut > 0 && cut <= PREFIX ? { name: path.slice(cut + 1), prefix: path.slice(0, cut) } : undefined;
};

/** What readers that know no extended headers see: never a directory, never empty. */
const standIn = (text: string): string =>
  text
    .replace(/[^!-~]/g, '_')
    .slice(0, NAME)
    .replace(/\/$/, '_');

const octal = (value: number, digits: number): string => value.toString(8).padStart(digits, '0');

/** The checksum counts its own field as spaces. */
const checksum = (block: Buffer): number => {
  let sum = 0;
  for (let at = 0; at < BLOCK; at += 1) sum += at >= CHECKSUM.start && at < CHECKSUM.end ? 32 : (block[at] ?? 0);
  return sum;
};

interface Fields {
  readonly name: string;
  readonly prefix?: string;
  readonly type: '0' | '2' | 'x';
  readonly mode: number;
  readonly size: number;
  readonly target?: string;
}

const headerBlock = (fields: Fields, mtime: number): Buffer => {
  const block = Buffer.allocUnsafe(BLOCK).fill(0); // from Node's pool: there is one per file
  block.write(fields.name, 0, 'latin1');
  block.write(`${octal(fields.mode, 7)}\0${octal(0, 7)}\0${octal(0, 7)}`, 100, 'latin1');
  block.write(`${octal(fields.size, 11)}\0${octal(mtime, 11)}`, 124, 'latin1');
  block.write(fields.type, 156, 'latin1');
  block.write(fields.target ?? '', 157, 'latin1');
  block.write('ustar\x0000', 257, 'latin1');
  block.write(`${octal(0, 7)}\0${octal(0, 7)}`, 329, 'latin1');
  block.write(fields.prefix ?? '', 345, 'latin1');
  block.write(`${octal(checksum(block), 6)}\0 `, CHECKSUM.start, 'latin1');
  return block;
};

/** `length key=value\n`, where the length counts its own digits. */
const paxRecord = (key: string, value: string): string => {
  const rest = Buffer.byteLength(` ${key}=${value}\n`);
  let length = rest + String(rest).length;
  if (rest + String(length).length !== length) length += 1;
  return `${length} ${key}=${value}\n`;
};

const paxBlocks = (records: string, path: string, mtime: number): Buffer => {
  const data = Buffer.from(records);
  const name = standIn(`PaxHeaders/${path}`);
  const header = headerBlock({ name, type: 'x', mode: 0o644, size: data.length }, mtime);
  return Buffer.concat([header, data, Buffer.alloc(paddingAfter(data.length))]);
};

/** The blocks before the entry's bytes. `mtime` in seconds since 1970. */
export const encodeHeader = (entry: TarEntry, mtime: number): Buffer => {
  const place = splitPath(entry.path);
  const longLink = entry.target.length > NAME || !isAscii(entry.target);
  const records = [
    ...(longLink ? [paxRecord('linkpath', entry.target)] : []),
    ...(place === undefined ? [paxRecord('path', entry.path)] : []),
    ...(entry.size > LARGEST ? [paxRecord('size', String(entry.size))] : [])
  ].join('');
  const fileMode = entry.executable ? 0o755 : 0o644;
  const fields: Fields = {
    ...(place ?? { name: standIn(entry.path) }),
    type: entry.kind === 'link' ? '2' : '0',
    mode: entry.kind === 'link' ? 0o777 : fileMode,
    size: entry.size > LARGEST ? 0 : entry.size,
    target: longLink ? standIn(entry.target) : entry.target
  };
  const header = headerBlock(fields, mtime);
  return records === '' ? header : Buffer.concat([paxBlocks(records, entry.path, mtime), header]);
};

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export const textOf = (bytes: Buffer): string => {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new TarFault('text is not UTF-8');
  }
};

const field = (block: Buffer, start: number, length: number): Buffer => {
  const bytes = block.subarray(start, start + length);
  const end = bytes.indexOf(0);
  return end === -1 ? bytes : bytes.subarray(0, end);
};

/** Octal digits only: neither GNU's binary numbers nor signs. */
const numberAt = (block: Buffer, start: number, length: number): number => {
  const digits = field(block, start, length).toString('latin1').replace(/ $/, '');
  if (!/^[0-7]{1,12}$/.test(digits)) throw new TarFault('number is not octal');
  return Number.parseInt(digits, 8);
};

/** Undefined for the zero block that ends an archive. Throws `TarFault`. */
export const decodeHeader = (block: Buffer): RawHeader | undefined => {
  if (block.every((byte) => byte === 0)) return undefined;
  if (block.toString('latin1', 257, 265) !== 'ustar\x0000') throw new TarFault('header is not ustar');
  if (numberAt(block, CHECKSUM.start, 8) !== checksum(block)) throw new TarFault('header checksum is wrong');
  const prefix = textOf(field(block, 345, PREFIX));
  const name = textOf(field(block, 0, NAME));
  return {
    type: String.fromCharCode(block[156] ?? 0),
    path: prefix === '' ? name : `${prefix}/${name}`,
    target: textOf(field(block, 157, NAME)),
    size: numberAt(block, 124, 12),
    mode: numberAt(block, 100, 8)
  };
};
