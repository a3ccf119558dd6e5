import { createInterface } from 'node:readline';

/** The person at the terminal. */
export interface Asker {
  /** Only a plain yes is a yes, and no answer at all is a no; undefined when the question was withdrawn. */
  approves(question: string, withdrawn: AbortSignal): Promise<boolean | undefined>;
  /** How others learn where the answer was given. */
  readonly where: string;
  close(): void;
}

export interface AskerOptions {
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly write: (text: string) => void;
  /** Nobody will answer any more. */
  readonly signal: AbortSignal;
}

/** With `--yes` nobody is asked, and standard input is left alone. */
export const ALWAYS: Asker = { approves: () => Promise.resolve(true), where: '(--yes)', close: () => undefined };

/** Answers kept that came before their questions; whoever pipes in more waits. */
const MOST_EARLY = 100;

type Taker = (line: string | undefined) => void;

/** Lines as they come: to whoever waits; what comes early is kept when it was piped in, and forgotten when it was typed. */
const createLines = ({ input, signal }: AskerOptions): { next(take: Taker): () => void; close(): void } => {
  // The terminal itself edits the line: Ctrl-C stays what it is.
  const reader = createInterface({ input, terminal: false });
  const early: string[] = [];
  let [taker, ended]: [Taker | undefined, boolean] = [undefined, false];
  const hand = (line: string | undefined): boolean => {
    const take = taker;
    taker = undefined;
    take?.(line);
    return take !== undefined;
  };
  reader.on('line', (line) => {
    if (hand(line) || input.isTTY === true) return;
    early.push(line);
    if (early.length >= MOST_EARLY && !ended) reader.pause();
  });
  reader.on('close', () => {
    ended = true;
    hand(undefined);
  });
  signal.addEventListener('abort', () => reader.close());
  return {
    next: (take) => {
      if (early.length > 0 || ended) take(early.shift());
      else taker = take;
      if (early.length < MOST_EARLY && !ended) reader.resume();
      return () => void (taker = undefined);
    },
    close: () => reader.close()
  };
};

/** Reads whole lines, so that answers can also be piped in: `printf 'y\ny\ny\n' | npm run demo`. */
export const createAsker = (options: AskerOptions): Asker => {
  const { input, write, signal } = options;
  const lines = createLines(options);
  const ask = (withdrawn: AbortSignal): Promise<string | undefined> =>
    new Promise((resolve) => {
      const forget = lines.next(resolve);
      withdrawn.addEventListener('abort', () => {
        forget();
        resolve(undefined);
      });
    });
  return {
    where: 'in the terminal',
    close: () => lines.close(),
    approves: async (question, withdrawn) => {
      write(`   ${question} [y/N] `);
      const answer = await ask(withdrawn);
      if (input.isTTY !== true || answer === undefined) write('\n');
      if (withdrawn.aborted || signal.aborted) return undefined;
      return /^y(es)?$/i.test(answer?.trim() ?? '');
    }
  };
};
