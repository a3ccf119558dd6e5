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
 * (and than one piece of the stream) is dropped: a commit's header is at its beginning, its footers are at its end.
 */
export const splitter = ({ at, limit }: Cut, record: (text: string) => void): Splitter => {
  const half = limit >> 1;
  const mark = String.fromCharCode(at);
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
    const first = open ? piece.indexOf(at) : -1;
    if (open && first < 0) return keep(piece);
    if (open) {
      keep(piece.subarray(0, first));
      finish();
    }
    // Whole records are decoded together: one by one costs more than git needs to write them.
    const last = piece.lastIndexOf(at);
    if (last > first) for (const text of piece.toString('utf8', first + 1, last).split(mark)) record(text);
    if (last + 1 < piece.length) keep(piece.subarray(last + 1));
  };
  return { take, end: () => (open ? finish() : undefined) };
};

export const LINES: Cut = { at: 0x0a, limit: 8192 };
