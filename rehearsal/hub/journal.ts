import type { Caller } from './access.ts';
import type { Met } from './faults.ts';
import type { LogEntry } from './log.ts';
import { stamp } from './git-objects.ts';
import type { Traffic } from './traffic.ts';

export interface OpenEntry {
  /** Notes how the request ended; only the first time counts. */
  close(status: number): void;
}

/** The log as it is written: a request stands in it from the moment it arrives. */
export interface Journal {
  readonly entries: readonly LogEntry[];
  readonly length: number;
  open(traffic: Traffic, by: { readonly caller: Caller | undefined; readonly met: Met | undefined }): OpenEntry;
}

type Draft = { -readonly [K in keyof LogEntry]: LogEntry[K] };

export const createJournal = (now: () => Date): Journal => {
  const entries: Draft[] = [];
  return {
    entries,
    get length() {
      return entries.length;
    },
    open: ({ kind, method, path, operation }, { caller, met }) => {
      const entry: Draft = {
        number: entries.length + 1,
        when: stamp(now()),
        kind,
        method,
        path,
        operation,
        status: 0,
        actor: caller?.login ?? null,
        ...(caller?.run === undefined ? {} : { run: caller.run }),
        ...(caller?.job === undefined ? {} : { job: caller.job }),
        ...(met === undefined ? {} : { fault: `${met.kind} ${met.phase ?? 'before'}` })
      };
      entries.push(entry);
      let closed = false;
      return {
        close: (status) => {
          if (!closed) entry.status = status;
          closed = true;
        }
      };
    }
  };
};
