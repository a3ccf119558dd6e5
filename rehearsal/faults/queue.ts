import type { Door } from '../hub/index.ts';
import type { Chance } from './chance.ts';

/** Requests wait at the door of a hub; chance lets one after another in. */
export interface Queue {
  readonly door: Door;
  /** Requests let in so far, as `run operation`. */
  readonly story: readonly string[];
  /** Lets requests in one by one until `over`; `after` looks at the world between two of them. */
  serve(chance: Chance, over: AbortSignal, after: () => Promise<void>): Promise<void>;
}

interface Waiting {
  readonly run: number | undefined;
  readonly what: string;
  readonly enter: () => void;
}

/** So long nobody new has come: whoever could ask has asked, or works or sleeps. */
const QUIET_MS = 40;

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

export const createQueue = (): Queue => {
  const waiting: Waiting[] = [];
  const story: string[] = [];
  let came = 0;
  const quiet = async (): Promise<void> => {
    for (let before = -1; before !== came; await pause(QUIET_MS)) before = came;
  };
  return {
    story,
    door: (target, run) =>
      new Promise((enter) => {
        came += 1;
        waiting.push({ run, what: target.operation, enter });
      }),
    serve: async (chance, over, after) => {
      while (!over.aborted) {
        await quiet();
        await after();
        // by run, so that the order does not hang on who came first within the quiet time
        const next = waiting.toSorted((a, b) => (a.run ?? 0) - (b.run ?? 0))[chance.below(waiting.length)];
        if (next === undefined) continue;
        waiting.splice(waiting.indexOf(next), 1);
        story.push(`${next.run ?? 'nobody'} ${next.what}`);
        next.enter();
      }
      for (const { enter } of waiting.splice(0)) enter();
    }
  };
};
