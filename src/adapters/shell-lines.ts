import { StringDecoder } from 'node:string_decoder';
import { LINE_BREAK, inertLine } from './inert.ts';
import type { Redactor } from './redact.ts';

export interface LinePrinter {
  push(chunk: Buffer): void;
  /** Prints what is left of a last line without its end. */
  end(): void;
}

/** A longer line is printed in pieces, so that a program that never ends its line costs no memory. */
const LONGEST_LINE = 64 * 1024;

/** Where a line may be cut: no form of a secret may lie across the cut, and no character may be halved. */
const cutOf = (line: string, longest: number): number => {
  const cut = line.length - Math.max(0, longest - 1);
  const halved = /[\uD800-\uDBFF]/.test(line.charAt(cut - 1));
  return halved ? cut - 1 : cut;
};

/** Splits the bytes of one stream into lines and prints each, redacted and inert, as soon as it is whole. */
export const createLinePrinter = (redactor: Redactor, write: (text: string) => void): LinePrinter => {
  const decoder = new StringDecoder('utf8');
  const limit = Math.max(LONGEST_LINE, 2 * redactor.longest);
  let pending = '';
  const print = (lines: readonly string[]): void => {
    if (lines.length > 0) write(lines.map((line) => `${inertLine(redactor.redact(line))}\n`).join(''));
  };
  const shorten = (): void => {
    if (pending.length <= limit) return;
    const clean = redactor.redact(pending);
    const cut = cutOf(clean, redactor.longest);
    print([`${clean.slice(0, cut)} …`]);
    pending = clean.slice(cut);
  };
  const take = (text: string): void => {
    const heldBack = pending.endsWith('\r') || LINE_BREAK.test(text);
    pending += text;
    if (heldBack) {
      // a CR at the end may be half of a CRLF: it waits for the next chunk
      const tail = pending.endsWith('\r') ? '\r' : '';
      const lines = pending.slice(0, pending.length - tail.length).split(LINE_BREAK);
      pending = (lines.pop() ?? '') + tail;
      print(lines);
    }
    shorten();
  };
  return {
    push: (chunk) => take(decoder.write(chunk)),
    end: () => {
      take(decoder.end());
      const last = pending.replace(/\r$/, '');
      if (last !== '' || pending !== last) print([last]);
      pending = '';
    }
  };
};
