import { refuse } from '../../domain/refusal.ts';
import type { Refusal } from '../../domain/refusal.ts';

export interface Refused {
  readonly kind: 'refused';
  readonly status: number;
  readonly message: string;
  /** GitHub's own codes of a 422, e.g. `already_exists`. */
  readonly codes: readonly string[];
  /** The permission GitHub names as missing, in workflow form (`deployments: write`). */
  readonly permission?: string;
  /** True when GitHub says the token may not, rather than that the request is wrong. */
  readonly forbidden: boolean;
}

/** Said and not done: definite. */
export type Answer<T> = { readonly kind: 'ok'; readonly value: T } | Refused;

/** How one request went. Only `ok` and `refused` are definite. */
export type Reply<T> =
  | Answer<T>
  /** A rate limit; nothing was done. `seconds` as the server asked, if it did. */
  | { readonly kind: 'limited'; readonly seconds?: number; readonly problem: string }
  /** A write may or may not have taken effect, unless it was never `sent`. */
  | { readonly kind: 'unsure'; readonly sent: boolean; readonly seconds?: number; readonly problem: string }
  | { readonly kind: 'cancelled' };

export const ok = <T>(value: T): Answer<T> => ({ kind: 'ok', value });

export const unsure = (problem: string): Reply<never> => ({ kind: 'unsure', sent: true, problem });

/** What a call is called in errors, and the permission the workflow must grant for it. */
export interface Named {
  readonly call: string;
  readonly permission: string;
}

export const failed = (named: Named, problem: string): Refusal =>
  refuse('hosting-failed', { call: named.call, problem });

/** The refusal for a definite no. */
export const refusalOf = (named: Named, answer: Refused): Refusal => {
  const { call } = named;
  if (answer.status === 401) return refuse('token-refused', { call });
  return answer.forbidden
    ? refuse('permission-missing', { permission: answer.permission ?? named.permission, call })
    : failed(named, `${answer.status} ${answer.message}`);
};

export const valueOf = <T>(named: Named, answer: Answer<T>): T => {
  if (answer.kind === 'ok') return answer.value;
  throw refusalOf(named, answer);
};
