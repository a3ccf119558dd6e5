/** Faults a test plays on requests: which, at which phase, how often. */

/** The connection itself breaks: torn down, or no answer ever. */
export type Silence = 'reset' | 'hang';

/** The real answer is on its way and does not arrive as it was. */
export type Spoiling =
  /** Half of the body under an honest Content-Length: looks whole, is not. */
  | 'truncate'
  /** Half of the body under the full Content-Length, then the connection dies. */
  | 'cut'
  /** The whole body, a few bytes at a time. */
  | 'drip'
  /** One byte in the middle is another. */
  | 'corrupt'
  /** Reads answer the state of before the last writes. */
  | 'stale';

/** Another answer stands in for the real one. */
export type Replacing =
  | 500
  | 502
  | 503
  /** 200 with a page of HTML. */
  | 'html'
  /** 200 with nothing. */
  | 'empty'
  /** 429 with Retry-After. */
  | '429'
  /** 403 of the secondary rate limit. */
  | 'secondary-403'
  /** 403 of the primary rate limit: nothing remains until the reset. */
  | 'primary-403'
  /** An upload that breaks at the storage: 502, and an empty asset in the state `starter` stays. */
  | 'starter';

export type FaultKind = Silence | Spoiling | Replacing;

const SPOILING: readonly FaultKind[] = ['truncate', 'cut', 'drip', 'corrupt', 'stale'];

export const isSilence = (kind: FaultKind): kind is Silence => kind === 'reset' || kind === 'hang';

export const isSpoiling = (kind: FaultKind): kind is Spoiling => SPOILING.includes(kind);

export interface FaultMatch {
  readonly method?: string;
  /** Against the path with its query. */
  readonly path?: RegExp;
  /** GitHub's operation id; `graphql` for GraphQL. */
  readonly operation?: string;
  readonly graphql?: boolean;
  /** Only from the nth matching request on, counted from 1 since the rule was set. */
  readonly nth?: number;
}

export interface FaultRule {
  readonly match?: FaultMatch;
  /** `before` = nothing is written; `after` = the write happened and the answer is lost. Default `before`. */
  readonly phase?: 'before' | 'after';
  readonly kind: FaultKind;
  /** How many requests it hits. Default 1. */
  readonly times?: number;
  /** For `429` and `secondary-403`; null leaves the header out. Default 1. */
  readonly retryAfterSeconds?: number | null;
  /** For `stale`: how many writes back. Default 1. */
  readonly writes?: number;
}

export interface Fault {
  /** How many requests it has hit. */
  readonly fired: number;
  /** Resolves when it hits for the first time; with phase `after` the write has happened by then. */
  readonly reached: Promise<void>;
  cancel(): void;
}

export interface Target {
  readonly kind: 'api' | 'download' | 'storage' | 'git' | 'page';
  readonly method: string;
  readonly path: string;
  readonly operation: string;
}

export interface Faults {
  add(rule: FaultRule): Fault;
  /** The fault this request meets. Call once per request: it counts. */
  meet(target: Target): Met | undefined;
  /** Forgets every rule. */
  clear(): void;
}

export interface Met extends FaultRule {
  /** To be called when the fault takes effect. */
  reach(): void;
}

interface Entry {
  readonly rule: FaultRule;
  seen: number;
  fired: number;
  active: boolean;
  readonly reach: () => void;
}

export const matches = (match: FaultMatch, target: Target): boolean => {
  const { method, path, operation, graphql } = match;
  // storage and git are met only when their path is asked for
  if (path === undefined && (target.kind === 'git' || target.kind === 'storage' || target.kind === 'page'))
    return false;
  return (
    (method === undefined || method.toUpperCase() === target.method) &&
    (path === undefined || path.test(target.path)) &&
    (operation === undefined || operation === target.operation) &&
    (graphql === undefined || graphql === (target.operation === 'graphql'))
  );
};

const takesEffect = (entry: Entry, target: Target): boolean => {
  if (!entry.active || !matches(entry.rule.match ?? {}, target)) return false;
  entry.seen += 1;
  return entry.seen >= (entry.rule.match?.nth ?? 1) && entry.fired < (entry.rule.times ?? 1);
};

export const createFaults = (): Faults => {
  const entries: Entry[] = [];
  return {
    add: (rule) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      const entry: Entry = { rule, seen: 0, fired: 0, active: true, reach: resolve };
      entries.push(entry);
      return {
        get fired() {
          return entry.fired;
        },
        reached: promise,
        cancel: () => {
          entry.active = false;
        }
      };
    },
    meet: (target) => {
      // every rule counts every request; the first that takes effect is played
      const effective = entries.filter((entry) => takesEffect(entry, target));
      const [first] = effective;
      if (first === undefined) return undefined;
      first.fired += 1;
      return { ...first.rule, reach: first.reach };
    },
    clear: () => {
      entries.length = 0;
    }
  };
};
