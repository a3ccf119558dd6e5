import { Octokit } from '@octokit/core';
import type { Clock } from '../../ports.ts';
import type { Phases } from '../../ports/phases.ts';
import { createPhases } from '../phases.ts';
import { classifyError } from './classify.ts';
import { deadline } from './deadline.ts';
import type { Deadline } from './deadline.ts';
import { PACE } from './options.ts';
import type { HostingOptions, Pace } from './options.ts';
import { ok, unsure } from './reply.ts';
import type { Named, Reply } from './reply.ts';
import { withoutToken } from './without-token.ts';
import { createWritePace } from './write-pace.ts';

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
  /** How long the body is. */
  readonly bytes?: number;
  /** A change by GraphQL, whose route does not tell. */
  readonly writes?: true;
}

const VERSION = '2022-11-28';
const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

const connect = ({ apiUrl, token }: HostingOptions): Octokit =>
  new Octokit({ auth: token, baseUrl: apiUrl, userAgent: 'esteira', log: silent, request: { log: silent } });

interface Sent {
  readonly route: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly request: Readonly<Record<string, unknown>>;
}

export interface Wire {
  readonly octokit: Octokit;
  /** The same without the token. */
  readonly clean: (data: unknown) => unknown;
  readonly clock: Clock;
  readonly run: AbortSignal;
  /** Seconds left: of the phase at work or, once the run is cancelled, for closing what is open. */
  readonly left: () => number;
  readonly phases: Phases;
  /** Seconds until the next write may begin. */
  readonly beforeWrite: () => number;
  readonly graphqlUrl: string;
  /** The command's name, for the refusal `cancelled`. */
  readonly command: string | undefined;
  readonly pace: Pace;
  readonly repository: { readonly owner: string; readonly repo: string };
}

/** The only place a request is made. */
export const exchange = async (
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

/** A transfer goes on while bytes move, and may take so long as a very slow line needs for them; no phase counts it. */
export const transferLimit = ({ run, pace, left }: Wire, bytes: number): Deadline => {
  const seconds = run.aborted ? Math.min(pace.idle, pace.closing / 2, left()) : pace.idle;
  return deadline({ seconds, most: pace.idle + bytes / pace.slowest, run, grace: 0 });
};

/** Timers may fire a moment early, and then a phase would not be over yet. */
const TIMER_SECONDS = 0.01;

type Manner = 'ask' | 'change';

/** When a request is given up. A small write in flight gets a moment after a cancellation, for half a write is worse than none. */
const limitOf = (wire: Wire, request: Request<unknown>, manner: Manner): Deadline => {
  const { run, pace, left } = wire;
  if (request.body !== undefined) return transferLimit(wire, request.bytes ?? 0);
  const seconds = Math.min(pace.request, run.aborted ? Math.min(pace.closing / 2, left()) : left() + TIMER_SECONDS);
  return deadline({ seconds, run, grace: manner === 'ask' ? 0 : pace.closing / 2 });
};

/** `fetch` keeps a copy of a streamed body in memory in case a redirect sends it elsewhere (measured: 529 instead of 170 MB
 * for 400 MB); without redirects it does not. */
const bodied = ({ body }: Request<unknown>) => (body === undefined ? {} : { redirect: 'error' });

/** Names that are not in the path would travel in the body. */
export const ownerIn = ({ repository }: Wire, route: string) => (route.includes('{owner}') ? repository : {});

const isWrite = ({ graphqlUrl }: Wire, { route, writes }: Request<unknown>): boolean =>
  writes === true || (!route.startsWith('GET ') && route !== `POST ${graphqlUrl}`);

/** What is still written once the run is cancelled closes something, and does not wait. */
const inPace = async (wire: Wire, request: Request<unknown>): Promise<void> => {
  if (wire.run.aborted || !isWrite(wire, request)) return;
  const seconds = wire.beforeWrite();
  if (seconds > 0) await wire.clock.sleep(seconds);
};

const late = ({ run }: Wire): Reply<never> => {
  const problem = run.aborted ? 'cancelled, and no time left to ask' : 'no time left to ask';
  return { kind: 'unsure', sent: false, problem };
};

export const send = async <T>(wire: Wire, request: Request<T>, manner: Manner): Promise<Reply<T>> => {
  const wasCancelled = wire.run.aborted;
  await inPace(wire, request);
  if (wire.run.aborted && !wasCancelled) return { kind: 'cancelled' };
  if (wire.left() <= 0) return late(wire);
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

export const wireOf = (options: HostingOptions): Wire => {
  const { clock, signal: run, phases = createPhases(clock) } = options;
  const pace = { ...PACE, ...options.pace };
  const closing = countdown(options, pace.closing);
  return {
    octokit: connect(options),
    clean: withoutToken(options.token),
    clock,
    run,
    left: () => (run.aborted ? closing() : phases.left()),
    phases,
    beforeWrite: createWritePace(clock),
    graphqlUrl: options.graphqlUrl,
    command: options.command,
    pace,
    repository: { owner: options.repository.owner, repo: options.repository.name }
  };
};
