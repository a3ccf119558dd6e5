import type { Clock } from '../../ports.ts';
import type { Phases } from '../../ports/phases.ts';

/** How patient the adapter is. All times in seconds. */
export interface Pace {
  /** Tries of one call, the first included. */
  readonly tries: number;
  /** Exponential back-off with full jitter: `random() * min(cap, base * 2^(n-1))`, as in
   * https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/ */
  readonly base: number;
  readonly cap: number;
  /** Deadline of one request, its body included. */
  readonly request: number;
  /** An upload or download without a byte moved for so long is given up. */
  readonly idle: number;
  /** Bytes a second, taken over the whole of an upload or download; what is slower is given up, too. */
  readonly slowest: number;
  /** Deadline of one call with all its tries and waits; a longer rate limit is an error at once. */
  readonly budget: number;
  /** For everything that is still asked once the run is cancelled: a runner kills us 7.5 s after SIGINT, and a script that
   * ignores TERM takes 3 of them. */
  readonly closing: number;
  /** Between looks for a write whose reply was lost; lists at GitHub lag behind. */
  readonly settle: number;
  readonly looks: number;
  /** Between 0 and 1, as `Math.random`. */
  readonly random: () => number;
}

export const PACE: Pace = {
  tries: 5,
  base: 1,
  cap: 20,
  request: 10,
  idle: 30,
  slowest: 256 * 1024,
  budget: 300,
  closing: 5,
  settle: 2,
  looks: 3,
  random: Math.random
};

export interface HostingOptions {
  readonly apiUrl: string;
  readonly graphqlUrl: string;
  readonly token: string;
  readonly repository: { readonly owner: string; readonly name: string };
  readonly clock: Clock;
  /** Aborted when the run is cancelled. Reads and transfers stop at once; a record can still be closed. */
  readonly signal: AbortSignal;
  readonly pace?: Partial<Pace>;
  /** Ends the parts of a command; without, only each call has an end. */
  readonly phases?: Phases;
  /** Told what people should know but no decision depends on. */
  readonly warn?: (message: string) => void;
  /** Where `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` stand; see `useProxy`. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** The command's name, for the refusal `cancelled`. */
  readonly command?: string;
}
