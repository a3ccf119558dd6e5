import { Octokit } from '@octokit/core';
import * as v from 'valibot';
import { refuse } from '../../domain/refusal.ts';
import type { Refusal } from '../../domain/refusal.ts';
import type { Clock } from '../../ports.ts';
import { classifyError } from './classify.ts';
import { deadline } from './deadline.ts';
import type { Deadline } from './deadline.ts';
import { PACE } from './options.ts';
import type { HostingOptions, Pace } from './options.ts';
import { failed, ok, unsure } from './reply.ts';
import type { Answer, Named, Reply } from './reply.ts';
import { retrying } from './retry.ts';
import { withoutToken } from './without-token.ts';

export interface Response {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly data: unknown;
}

/** One call of the API. `read` makes a value of the answer's untrusted body, or says that it is none. */
export interface Request<T> extends Named {
  /** `METHOD /path/{name}`; `owner` and `repo` are filled in. */
  readonly route: string;
  readonly parameters?: Readonly<Record<string, unknown>>;
  readonly read: (data: unknown, status: number) => Reply<T>;
  /** A body made anew for every try; each piece of it restarts the idle time. */
  readonly body?: (moved: () => void) => AsyncIterable<Uint8Array>;
}

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
  /** Repeats `once` until it is definite; throws `hosting-failed` or `cancelled` when it never is. */
  settle<T>(named: Named, once: (attempt: number) => Promise<Reply<T>>): Promise<Answer<T>>;
  /** One request with its body unread, redirects not followed. */
  open(request: Pick<Request<unknown>, 'route' | 'parameters'>, limit: Deadline): Promise<Reply<Response>>;
  /** A deadline for a transfer: idle time, ended at once when the run is cancelled. */
  transfer(): Deadline;
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

const VERSION = '2022-11-28';
const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

const connect = ({ apiUrl, token }: HostingOptions): Octokit =>
  new Octokit({ auth: token, baseUrl: apiUrl, userAgent: 'esteira', log: silent, request: { log: silent } });

interface Sent {
  readonly route: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly request: Readonly<Record<string, unknown>>;
}

interface Wire {
  readonly octokit: Octokit;
  /** The same without the token. */
  readonly clean: (data: unknown) => unknown;
  readonly clock: Clock;
  readonly run: AbortSignal;
  /** Seconds left for closing what is open; only a cancelled run counts them. */
  readonly left: () => number;
  readonly pace: Pace;
  readonly repository: { readonly owner: string; readonly repo: string };
}

/** The only place a request is made. */
const exchange = async (
  wire: Wire,
  { route, parameters, request }: Sent,
  limit: Deadline
): Promise<Reply<Response>> => {
  const wasCancelled = wire.run.aborted;
  try {
    const { headers, ...rest } = parameters;
    const response: Response = await wire.octokit.request(route, {
      ...rest,
      headers: { 'x-github-api-version': VERSION, ...(typeof headers === 'object' ? headers : {}) },
      request: { ...request, log: silent, signal: limit.signal }
    });
    return ok({ ...response, data: wire.clean(response.data) });
  } catch (error) {
    if (wire.run.aborted && !wasCancelled) return { kind: 'cancelled' };
    if (limit.signal.aborted) return unsure('no answer in time');
    return classifyError(error, wire.clock.now(), wire.clean);
  }
};

const cancelled = ({ command }: HostingOptions, { call }: Named): Refusal =>
  refuse('cancelled', { command: command ?? call });

const definite = <T>(options: HostingOptions, named: Named, reply: Reply<T>): Answer<T> => {
  switch (reply.kind) {
    case 'ok':
    case 'refused':
      return reply;
    case 'cancelled':
      throw cancelled(options, named);
    case 'limited':
    case 'unsure':
      // there was no time to ask longer
      throw options.signal.aborted ? cancelled(options, named) : failed(named, reply.problem);
  }
};

type Manner = 'ask' | 'change';

/** When a request is given up. A small write in flight gets a moment after a cancellation, for half a write is worse than none. */
const limitOf = ({ run, pace, left }: Wire, request: Request<unknown>, manner: Manner): Deadline => {
  const usual = request.body === undefined ? pace.request : pace.idle;
  const seconds = run.aborted ? Math.min(usual, pace.closing / 2, left()) : usual;
  const atOnce = manner === 'ask' || request.body !== undefined;
  return deadline({ seconds, run, grace: atOnce ? 0 : pace.closing / 2 });
};

/** `fetch` keeps a copy of a streamed body in memory in case a redirect sends it elsewhere (measured: 529 instead of 170 MB
 * for 400 MB); without redirects it does not. */
const bodied = ({ body }: Request<unknown>) => (body === undefined ? {} : { redirect: 'error' });

/** Names that are not in the path would travel in the body. */
const ownerIn = ({ repository }: Wire, route: string) => (route.includes('{owner}') ? repository : {});

const send = async <T>(wire: Wire, request: Request<T>, manner: Manner): Promise<Reply<T>> => {
  if (wire.left() <= 0) return { kind: 'unsure', sent: false, problem: 'cancelled, and no time left to ask' };
  const limit = limitOf(wire, request, manner);
  const body = request.body === undefined ? {} : { data: request.body(() => limit.touch()) };
  try {
    const parameters = { ...ownerIn(wire, request.route), ...request.parameters, ...body };
    const reply = await exchange(wire, { route: request.route, parameters, request: bodied(request) }, limit);
    return reply.kind === 'ok' ? request.read(reply.value.data, reply.value.status) : reply;
  } finally {
    limit.stop();
  }
};

const search = async <T>(
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

/**
 * How often a reply asks to look for what the write may have left behind. A limit has let nothing through, as GitHub
 * documents it; but something between us and GitHub may say so afterwards, and one look is cheaper than a double.
 */
const looksAfter = (reply: Reply<unknown>, { looks }: LookUp<unknown>): number => {
  if (reply.kind === 'limited') return 1;
  return reply.kind === 'unsure' && reply.sent ? looks : 0;
};

/** Tries of a write: after one that may have left something behind, and after the last one, it is looked for first. */
const changing = <T>(wire: Wire, request: Request<T>, lookUp: LookUp<T>) => {
  let looks = 0;
  return async (attempt: number): Promise<Reply<T>> => {
    const found = looks > 0 ? await search(wire, { ...lookUp, looks }) : undefined;
    if (found !== undefined) return found;
    const reply = await send(wire, request, 'change');
    looks = Math.max(looks, looksAfter(reply, lookUp));
    return looks > 0 && reply.kind === 'unsure' && attempt >= wire.pace.tries
      ? ((await search(wire, lookUp)) ?? reply)
      : reply;
  };
};

/** A cancelled run has `closing` seconds in all, however many calls want to be made in them. */
const countdown = ({ clock, signal }: HostingOptions, closing: number): (() => number) => {
  let end = Number.POSITIVE_INFINITY;
  const begin = (): void => {
    end = clock.elapsed() + closing;
  };
  if (signal.aborted) begin();
  else signal.addEventListener('abort', begin, { once: true });
  return () => end - clock.elapsed();
};

const wireOf = (options: HostingOptions): Wire => {
  const pace = { ...PACE, ...options.pace };
  return {
    octokit: connect(options),
    clean: withoutToken(options.token),
    clock: options.clock,
    run: options.signal,
    left: countdown(options, pace.closing),
    pace,
    repository: { owner: options.repository.owner, repo: options.repository.name }
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
  const { clock, run, pace, left } = wire;
  const settle: Client['settle'] = async (named, once) =>
    definite(options, named, await retrying({ clock, signal: run, pace, left }, once));
  return {
    options,
    pace,
    settle,
    ask: (request) => settle(request, () => send(wire, request, 'ask')),
    change: (request, lookUp) => inTurn(() => settle(request, changing(wire, request, lookUp))),
    open: ({ route, parameters }, limit) => {
      const request = { redirect: 'manual', parseSuccessResponseBody: false };
      return exchange(wire, { route, parameters: { ...ownerIn(wire, route), ...parameters }, request }, limit);
    },
    transfer: () => deadline({ seconds: pace.idle, run, grace: 0 })
  };
};
