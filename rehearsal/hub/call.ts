import type { IncomingMessage } from 'node:http';
import type { Caller, Need } from './access.ts';
import type { Fields } from './fields.ts';
import type { View } from './state.ts';
import type { World } from './world.ts';

/** One REST request that was routed, allowed and found valid. */
export interface Call {
  readonly world: World;
  /** What reads are answered from; the past when a rule says so. Writes always happen now. */
  readonly view: View;
  readonly caller: Caller;
  readonly params: Fields;
  readonly query: Fields;
  readonly body: Fields;
  readonly request: IncomingMessage;
  readonly accept: string;
}

export interface Reply {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export type Handler = (call: Call) => Reply | Promise<Reply>;

export interface Operation {
  readonly needs: Need;
  readonly run: Handler;
}

/** Keyed by GitHub's operation id. */
export type Operations = Readonly<Record<string, Operation>>;

export interface Detail {
  readonly resource: string;
  readonly code: string;
  readonly field?: string;
  readonly message?: string;
}

/** An answer that is a refusal, in GitHub's form. */
export class Problem extends Error {
  readonly status: number;
  readonly errors: readonly Detail[] | undefined;

  constructor(status: number, message: string, errors?: readonly Detail[]) {
    super(message);
    this.status = status;
    this.errors = errors;
  }
}

export const notFound = (): Problem => new Problem(404, 'Not Found');

export const invalid = (...errors: readonly Detail[]): Problem => new Problem(422, 'Validation Failed', errors);

export const reads = (scope: 'actions' | 'contents' | 'deployments' | 'issues' | 'pages' | 'statuses'): Need => ({
  scope,
  level: 'read'
});

export const writes = (scope: 'actions' | 'contents' | 'deployments' | 'issues' | 'statuses'): Need => ({
  scope,
  level: 'write'
});

/** The page of `items` the request asks for, with the `Link` header GitHub sends. */
export const paged = <T>(call: Call, items: readonly T[]): { items: readonly T[]; headers: Record<string, string> } => {
  const size = Math.min(100, Math.max(1, call.query.numberOr('per_page', 30)));
  const page = Math.max(1, call.query.numberOr('page', 1));
  const last = Math.max(1, Math.ceil(items.length / size));
  const url = new URL(call.request.url ?? '/', call.world.urls.server);
  const link = (to: number, rel: string): string => {
    url.searchParams.set('page', String(to));
    return `<${url.href}>; rel="${rel}"`;
  };
  const links = [
    ...(page > 1 ? [link(page - 1, 'prev'), link(1, 'first')] : []),
    ...(page < last ? [link(page + 1, 'next'), link(last, 'last')] : [])
  ];
  return {
    items: items.slice((page - 1) * size, page * size),
    headers: links.length > 0 ? { link: links.join(', ') } : {}
  };
};

export const newestFirst = <T extends { readonly id: number }>(items: readonly T[]): readonly T[] =>
  items.toSorted((a, b) => b.id - a.id);

export const byId = <T extends { readonly id: number }>(items: readonly T[], id: number): T => {
  const found = items.find((item) => item.id === id);
  if (found === undefined) throw notFound();
  return found;
};

/** `items` with the one of the same id replaced. */
export const replaced = <T extends { readonly id: number }>(items: readonly T[], item: T): readonly T[] =>
  items.map((other) => (other.id === item.id ? item : other));
