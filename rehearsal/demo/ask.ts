import { createInterface } from 'node:readline';

/** The person at the terminal. */
export interface Asker {
  /** Only a plain yes is a yes, and no answer at all is a no. */
  approves(question: string): Promise<boolean>;
  close(): void;
}

export interface AskerOptions {
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly write: (text: string) => void;
  /** Nobody will answer any more. */
  readonly signal: AbortSignal;
}

/** Reads whole lines, so that answers can also be piped in: `printf 'y\ny\ny\n' | npm run demo`. */
export const createAsker = ({ input, write, signal }: AskerOptions): Asker => {
  // The terminal itself edits the line: Ctrl-C stays what it is.
  const reader = createInterface({ input, terminal: false });
  const lines = reader[Symbol.asyncIterator]();
  signal.addEventListener('abort', () => reader.close());
  return {
    approves: async (question) => {
      write(`   ${question} [y/N] `);
      const answer = await lines.next();
      if (input.isTTY !== true) write('\n');
      return answer.done !== true && /^y(es)?$/i.test(answer.value.trim());
    },
    close: () => reader.close()
  };
};
