import * as v from 'valibot';
import { refuse } from '../../domain/refusal.ts';
import type { Refusal } from '../../domain/refusal.ts';
import type { Deadline } from './deadline.ts';
import type { HostingOptions, Pace } from './options.ts';
import { failed, ok, unsure } from './reply.ts';
import type { Answer, Named, Reply } from './reply.ts';
import { retrying } from './retry.ts';
import { exchange, ownerIn, send, transferLimit, wireOf } from './sending.ts';
import type { Request, Response, Wire } from './sending.ts';

export type { Request, Response } from './sending.ts';

/** Looks for what a write whose reply was lost would have left behind. */
export interface LookUp<T> {
  readonly find: () => Promise<T | undefined>;
  /** How many looks before absence is believed: 1 where GitHub itself refuses doubles, more where a list lags. */
  readonly looks: number;
}

export interface Client {
  readonly options: HostingOptions;
  readonly pace: Pace;
  /** A call that may be repeated freely: a read, or a write that is the same however often it is made. */
  ask<T>(request: Request<T>): Promise<Answer<T>>;
  /** A write, after those begun before it. It is repeated only after `lookUp`, which may not write so itself, found no trace of it. */
  change<T>(request: Request<T>, lookUp: LookUp<T>): Promise<Answer<T>>;
  /** Repeats `once` until it is definite; throws `hosting-failed`, `phase-timeout` or `cancelled` when it never is. */
  settle<T>(named: Named, once: (attempt: number) => Promise<Reply<T>>): Promise<Answer<T>>;
  /** One request with its body unread, redirects not followed. */
  open(request: Pick<Request<unknown>, 'route' | 'parameters'>, limit: Deadline): Promise<Reply<Response>>;
  /** A deadline for a transfer of so many bytes, ended at once when the run is cancelled. */
  transfer(bytes: number): Deadline;
}

/** Reads the body by a schema; anything else (truncated, HTML, empty) is an invalid answer, whatever its status. */
export const shaped =
  <T>(schema: v.GenericSchema<unknown, T>) =>
  (data: unknown): Reply<T> => {
    const parsed = v.safeParse(schema, data);
    if (parsed.success) return ok(parsed.output);
    const where = v.getDotPath(parsed.issues[0]);
    return unsure(`invalid answer${where === null ? '' : ` (${where})`}`);
  };

/** For calls answered by 204 alone; a 200 with or without a page in it is somebody else's answer. */
export const nothing = (_: unknown, status: number): Reply<undefined> =>
  status === 204 ? ok(undefined) : unsure(`invalid answer (status ${status})`);

const assertTime = ({ run, phases }: Wire, { call }: Named): void => {
  const over = run.aborted ? undefined : phases.over(call);
  if (over !== undefined) throw over;
};

const cancelled = ({ command }: Wire, { call }: Named): Refusal => refuse('cancelled', { command: command ?? call });

const definite = <T>(wire: Wire, named: Named, reply: Reply<T>): Answer<T> => {
  switch (reply.kind) {
    case 'ok':
    case 'refused':
      return reply;
    case 'cancelled':
      throw cancelled(wire, named);
    case 'limited':
    case 'unsure':
      // there was no time to ask longer
      if (wire.run.aborted) throw cancelled(wire, named);
      assertTime(wire, named);
      throw failed(named, reply.problem);
  }
};

const lookFor = async <T>(
  { clock, pace, run, left }: Wire,
  { find, looks }: LookUp<T>
): Promise<Reply<T> | undefined> => {
  for (let n = 1; ; n += 1) {
    const found = await find();
    if (found !== undefined) return ok(found);
    if (n >= looks) return undefined;
    if (!run.aborted) await clock.sleep(pace.settle * n);
    else if (left() <= 0) return undefined;
  }
};

/** What a write may have left is looked for also when the time to write is over: nobody else knows of it. */
const search = <T>(wire: Wire, lookUp: LookUp<T>): Promise<Reply<T> | undefined> =>
  wire.phases.during('look-up', () => lookFor(wire, lookUp));

/**
 * How often a reply asks to look for what the write may have left behind. A limit has let nothing through, as GitHub
 * documents it; but something between us and GitHub may say so afterwards, and one look is cheaper than a double.
 */
const looksAfter = (reply: Reply<unknown>, { looks }: LookUp<unknown>): number => {
  if (reply.kind === 'limited') return 1;
  return reply.kind === 'unsure' && reply.sent ? looks : 0;
};

interface Changing<T> {
  /** After a try that may have left something behind, it is looked for before the next. */
  readonly once: () => Promise<Reply<T>>;
  /** The same after the last try. */
  readonly last: (reply: Reply<T>) => Promise<Reply<T>>;
}

const changing = <T>(wire: Wire, request: Request<T>, lookUp: LookUp<T>): Changing<T> => {
  let looks = 0;
  return {
    once: async () => {
      const found = looks > 0 ? await search(wire, { ...lookUp, looks }) : undefined;
      if (found !== undefined) return found;
      const reply = await send(wire, request, 'change');
      looks = Math.max(looks, looksAfter(reply, lookUp));
      return reply;
    },
    last: async (reply) => {
      if (looks === 0 || reply.kind !== 'unsure') return reply;
      if (wire.run.aborted && wire.left() <= 0) return reply;
      return (await search(wire, lookUp)) ?? reply;
    }
  };
};

/** One after another, as GitHub asks of clients that write (best practices, "Avoid concurrent requests"). */
const createTurns = (): (<T>(work: () => Promise<T>) => Promise<T>) => {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const ours = last.then(work, work);
    last = ours;
    return ours;
  };
};

export const createClient = (options: HostingOptions): Client => {
  const wire = wireOf(options);
  const inTurn = createTurns();
  const { pace } = wire;
  const tried = async <T>(named: Named, once: (attempt: number) => Promise<Reply<T>>): Promise<Reply<T>> => {
    assertTime(wire, named);
    return retrying(wire, once);
  };
  return {
    options,
    pace,
    settle: async (named, once) => definite(wire, named, await tried(named, once)),
    ask: async (request) => definite(wire, request, await tried(request, () => send(wire, request, 'ask'))),
    change: (request, lookUp) =>
      inTurn(async () => {
        const { once, last } = changing(wire, request, lookUp);
        return definite(wire, request, await last(await tried(request, once)));
      }),
    open: ({ route, parameters }, limit) => {
      const request = { redirect: 'manual', parseSuccessResponseBody: false };
      return exchange(wire, { route, parameters: { ...ownerIn(wire, route), ...parameters }, request }, limit);
    },
    transfer: (bytes) => transferLimit(wire, bytes)
  };
};
