import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { types } from 'node:util';
import { constants, createZstdCompress } from 'node:zlib';
import { BLOCK } from './ustar.ts';

/**
 * Tar bytes per zstd frame. Every frame is compressed by itself, two at a time while a third fills, and they follow one
 * another in the file, which any zstd reader takes as one stream. Node's streaming encoder would use one core; its own
 * `nbWorkers` loses data: when the encoder leaves input for later, Node 24 takes that for the end of the stream.
 */
const FRAME = 4 * 1024 * 1024;
const AT_ONCE = 2;
/** `ZSTD_COMPRESSBOUND`: one output buffer always holds the whole frame. */
const BOUND = FRAME + (FRAME >>> 8) + 64;
const PARAMETERS = { [constants.ZSTD_c_compressionLevel]: 3 };

/** One frame, in pieces, that states the size of its content. */
const compress = (bytes: Buffer): Promise<readonly Buffer[]> =>
  new Promise((resolve, reject) => {
    const pieces: Buffer[] = [];
    const encoder = createZstdCompress({ chunkSize: BOUND, params: PARAMETERS, pledgedSrcSize: bytes.length });
    encoder.on('data', (piece: Buffer) => pieces.push(piece));
    encoder.once('close', () => resolve(pieces));
    encoder.once('error', reject);
    encoder.end(bytes);
  });

/** Gives the encoder's output memory back now: the collector would let many such megabytes stand. */
const release = (pieces: readonly Buffer[]): void => {
  for (const memory of new Set(pieces.map(({ buffer }) => buffer)))
    if (types.isArrayBuffer(memory) && memory.byteLength === BOUND) memory.transfer(0);
};

export interface Digests {
  /** Bytes written and their hex sha256. */
  readonly size: number;
  readonly sha256: string;
  /** Hex sha256 of the bytes before compression. */
  readonly tarSha256: string;
}

/** A page to fill with tar bytes. Blocks of 512 bytes only, so that a header never straddles two pages. */
export interface Frames {
  /** The current page and how much of it is used; the writer advances `used`. */
  readonly page: { bytes: Buffer<ArrayBuffer>; used: number };
  /** Sends the page off when it is full; afterwards at least one block is free. */
  turn(): Promise<void>;
  /** Copies `bytes` in, over as many pages as it takes, and pads to a block. */
  append(bytes: Buffer): Promise<void>;
  pad(size: number): void;
  finish(): Promise<Digests>;
}

interface Pending {
  readonly packed: Promise<readonly Buffer[]>;
  readonly bytes: Buffer<ArrayBuffer>;
}

/** Writes compressed frames in order and counts them. */
const createSink = (descriptor: number, onFrame: (size: number) => void) => {
  const hash = createHash('sha256');
  let size = 0;
  return {
    write: (packed: Buffer): void => {
      hash.update(packed);
      writeFileSync(descriptor, packed);
      size += packed.length;
      onFrame(size);
    },
    digest: () => ({ size, sha256: hash.digest('hex') })
  };
};

const padPage = (page: Frames['page'], size: number): void => {
  const end = page.used + (-size & (BLOCK - 1));
  page.bytes.fill(0, page.used, end);
  page.used = end;
};

/** Compresses pages beside the caller and writes them in the order they were sent. */
const createPress = (sink: ReturnType<typeof createSink>) => {
  const free = Array.from({ length: AT_ONCE }, () => Buffer.allocUnsafe(FRAME));
  const pending: Pending[] = [];
  const settle = async (): Promise<void> => {
    const first = pending.shift();
    if (first === undefined) return;
    const packed = await first.packed;
    packed.forEach(sink.write);
    release(packed);
    free.push(first.bytes);
  };
  return {
    send: (bytes: Buffer<ArrayBuffer>, used: number): void => {
      const packed = compress(bytes.subarray(0, used));
      packed.catch(() => undefined); // it is awaited in `settle`, maybe after an earlier one failed
      pending.push({ packed, bytes });
    },
    fresh: async (): Promise<Buffer<ArrayBuffer>> => {
      while (free.length === 0) await settle();
      return free.pop() ?? Buffer.allocUnsafe(FRAME);
    },
    drain: async (): Promise<void> => {
      while (pending.length > 0) await settle();
    }
  };
};

/** Frames into an open file. `onFrame` hears the size of the file after each frame; it may throw to stop. */
export const createFrames = (descriptor: number, onFrame: (size: number) => void): Frames => {
  const tar = createHash('sha256');
  const sink = createSink(descriptor, onFrame);
  const press = createPress(sink);
  const page = { bytes: Buffer.allocUnsafe(FRAME), used: 0 };
  const send = async (): Promise<void> => {
    press.send(page.bytes, page.used);
    tar.update(page.bytes.subarray(0, page.used));
    page.bytes = await press.fresh();
    page.used = 0;
  };
  const turn = async (): Promise<void> => {
    if (page.used === FRAME) await send();
  };
  const append = async (bytes: Buffer): Promise<void> => {
    for (let from = 0; from < bytes.length;) {
      await turn();
      const count = bytes.copy(page.bytes, page.used, from);
      page.used += count;
      from += count;
    }
    padPage(page, bytes.length);
  };
  const finish = async (): Promise<Digests> => {
    if (page.used > 0) await send();
    await press.drain();
    return { ...sink.digest(), tarSha256: tar.digest('hex') };
  };
  return { page, turn, append, pad: (size) => padPage(page, size), finish };
};
