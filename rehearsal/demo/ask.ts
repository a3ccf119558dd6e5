import { createInterface } from 'node:readline/promises';

/** Asks the person at the terminal; only a plain yes is a yes, and no answer at all is a no. */
export const approves = async (question: string, interrupted: AbortSignal): Promise<boolean> => {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const ended = new AbortController();
  terminal.once('close', () => ended.abort());
  const signal = AbortSignal.any([ended.signal, interrupted]);
  try {
    const answer = await terminal.question(`   ${question} [y/N] `, { signal });
    return /^y(es)?$/i.test(answer.trim());
  } catch (error) {
    if (signal.aborted) return false;
    throw error;
  } finally {
    terminal.close();
  }
};
