import { Buffer } from 'node:buffer';

export interface Splitter {
  readonly take: (piece: Buffer) => void;
  /** The last record, when it has no end mark. */
  readonly end: () => void;
}

export interface Cut {
  /** The byte that ends a record. */
  readonly at: number;
  /** Bytes kept of a record: half from its beginning, half from its end. */
  readonly limit: number;
}

/**
 * Cuts a stream of bytes into records in bounded memory. What stands in the middle of a record longer than the limit
 * is dropped: a commit's header is at its beginning and its footers are at its end.
 */
export const splitter = ({ at, limit }: Cut, record: (text: string) => void): Splitter => {
  const half = limit >> 1;
  let [head, tail]: [Buffer[], Buffer[]] = [[], []];
  let [headSize, tailSize, open] = [0, 0, false];
  const keepTail = (piece: Buffer): void => {
    tail.push(piece);
    tailSize += piece.length;
    if (tailSize < 4 * half) return;
    const last = Buffer.from(Buffer.concat(tail).subarray(-half));
    [tail, tailSize] = [[last], last.length];
  };
  const keep = (piece: Buffer): void => {
    open = true;
    const front = piece.subarray(0, half - headSize);
    if (front.length > 0) head.push(front);
    headSize += front.length;
    if (front.length < piece.length) keepTail(piece.subarray(front.length));
  };
  const finish = (): void => {
    record(Buffer.concat([...head, Buffer.concat(tail).subarray(-half)]).toString('utf8'));
    [head, tail, headSize, tailSize, open] = [[], [], 0, 0, false];
  };
  const take = (piece: Buffer): void => {
    let from = 0;
    for (let to = piece.indexOf(at); to >= 0; to = piece.indexOf(at, from)) {
      if (open || to - from > half) {
        keep(piece.subarray(from, to));
        finish();
      } else record(piece.toString('utf8', from, to));
      from = to + 1;
    }
    if (from < piece.length) keep(piece.subarray(from));
  };
  return { take, end: () => (open ? finish() : undefined) };
};

export const LINES: Cut = { at: 0x0a, limit: 8192 };
