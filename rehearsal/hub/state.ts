import { NOTHING } from './records.ts';
import type { Data } from './records.ts';

/** The records as of some moment; `refs` overrides the repository where a ref has been written since (undefined = was absent). */
export interface View {
  readonly data: Data;
  readonly refs: ReadonlyMap<string, string | undefined>;
}

export interface RefWrite {
  readonly name: string;
  readonly before: string | undefined;
}

export interface State {
  now(): View;
  /** What a reader saw before the last `writes` writes. */
  before(writes: number): View;
  write(change: (data: Data) => Data): void;
  /** Records that the repository's ref was written, so that stale answers can hide it. */
  wroteRef(ref: RefWrite): void;
  nextId(): number;
  memory(): Memory;
  remember(memory: Memory): void;
}

/** Everything a state holds, as plain data. */
export interface Memory {
  readonly data: Data;
  readonly past: readonly Moment[];
  readonly lastId: number;
}

interface Moment {
  readonly data: Data;
  readonly ref?: RefWrite;
}

const NO_REFS: View['refs'] = new Map();

/** Ids are far apart from counters a client could mistake them for (issue numbers, run attempts). */
const FIRST_ID = 4_000_001;

/** How many writes back a remembered state still answers. */
const REMEMBERED = 10;

export const createState = (): State => {
  let data = NOTHING;
  let lastId = FIRST_ID;
  const past: Moment[] = [];
  return {
    now: () => ({ data, refs: NO_REFS }),
    before: (writes) => {
      const since = past.slice(Math.max(0, past.length - writes));
      const oldest = since[0];
      if (oldest === undefined) return { data, refs: NO_REFS };
      const refs = new Map<string, string | undefined>();
      for (const { ref } of since.toReversed()) if (ref !== undefined) refs.set(ref.name, ref.before);
      return { data: oldest.data, refs };
    },
    write: (change) => {
      const next = change(data);
      past.push({ data });
      data = next;
    },
    wroteRef: (ref) => {
      past.push({ data, ref });
    },
    nextId: () => {
      lastId += 1;
      return lastId;
    },
    memory: () => ({ data, past: past.slice(-REMEMBERED), lastId }),
    remember: (memory) => {
      ({ data, lastId } = memory);
      past.splice(0, past.length, ...memory.past);
    }
  };
};
