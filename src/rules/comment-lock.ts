import type { LockHolder, LockStanding } from '../domain/comment-lock.ts';

export interface LockLook {
  readonly standing: LockStanding;
  /** Proven: nothing else ends a holding that is not ours. */
  readonly dead: boolean;
  /** Seconds since the first look, and the most there may be. */
  readonly waited: number;
  readonly patience: number;
}

/** What whoever wants to write comments does next. */
export type LockStep =
  | { readonly kind: 'write' | 'wait' | 'leave' }
  | { readonly kind: 'take-over'; readonly holder: LockHolder };

/** Only a holder that is proven dead is replaced, and nobody is waited for longer than the patience. */
export const lockStep = ({ standing, dead, waited, patience }: LockLook): LockStep => {
  if (standing.kind === 'ours') return { kind: 'write' };
  if (waited >= patience) return { kind: 'leave' };
  const { holder } = standing;
  return dead && holder !== undefined ? { kind: 'take-over', holder } : { kind: 'wait' };
};
