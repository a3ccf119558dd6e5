import { PassThrough, Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { createAsker } from '../../../rehearsal/demo/ask.ts';
import type { Asker } from '../../../rehearsal/demo/ask.ts';

const never = new AbortController().signal;

const askerOn = (input: PassThrough & { isTTY?: boolean }, signal = never): Asker =>
  createAsker({ input, write: () => undefined, signal });

const answersTo = async (text: string, questions: number): Promise<(boolean | undefined)[]> => {
  const asker = createAsker({ input: Readable.from([text]), write: () => undefined, signal: never });
  const answers: (boolean | undefined)[] = [];
  for (let count = 0; count < questions; count += 1) answers.push(await asker.approves('well?', never));
  asker.close();
  return answers;
};

describe('the person at the terminal', () => {
  test('says yes only by saying yes', async () => {
    expect(await answersTo('y\nYES\n\nn\nyesterday\nsure\n', 6)).toEqual([true, true, false, false, false, false]);
  });

  test('who says nothing at all says no', async () => {
    expect(await answersTo('y', 3)).toEqual([true, false, false]);
  });

  test('who is interrupted says nothing', async () => {
    const interrupted = new AbortController();
    const answer = askerOn(new PassThrough(), interrupted.signal).approves('well?', never);
    interrupted.abort();
    expect(await answer).toBeUndefined();
  });

  test('whose question is withdrawn says nothing, and answers the next one', async () => {
    const input = new PassThrough();
    const asker = askerOn(input);
    const withdrawn = new AbortController();
    const first = asker.approves('well?', withdrawn.signal);
    withdrawn.abort();
    expect(await first).toBeUndefined();
    const second = asker.approves('and now?', never);
    input.write('y\n');
    expect(await second).toBe(true);
    asker.close();
  });

  test('piped in without an end (`yes | npm run demo`) is read only as far as it is needed', async () => {
    let given = 0;
    const yes = function* (): Generator<string> {
      for (; given < 100_000; given += 1) yield 'y\n';
    };
    const asker = createAsker({ input: Readable.from(yes()), write: () => undefined, signal: never });
    expect(await asker.approves('well?', never)).toBe(true);
    await pause(50);
    expect(await asker.approves('and now?', never)).toBe(true);
    expect(given).toBeLessThan(1000);
    asker.close();
  });

  test('typing without being asked answers nothing', async () => {
    const input: PassThrough & { isTTY?: boolean } = new PassThrough();
    input.isTTY = true;
    const asker = askerOn(input);
    input.write('y\n');
    await pause(20);
    const answer = asker.approves('well?', never);
    input.write('n\n');
    expect(await answer).toBe(false);
    asker.close();
  });
});
