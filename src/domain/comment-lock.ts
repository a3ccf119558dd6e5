import type { RunAttempt } from './deployment.ts';

/** What the lock says of whoever made it. `nonce` tells processes of one attempt apart. */
export interface LockNote extends RunAttempt {
  readonly nonce: string;
}

/** Who has the lock. `mark` names this very holding: nobody else ever has the same one. */
export interface LockHolder {
  readonly mark: string;
  /** Absent where it was not made by an announcement, or not by one that we understand. */
  readonly run?: RunAttempt;
}

export type LockStanding =
  | { readonly kind: 'ours' }
  /** `holder` is absent where it was gone when somebody looked who it is. */
  | { readonly kind: 'held'; readonly holder?: LockHolder };

export const lockMessage = ({ id, attempt, nonce }: LockNote): string =>
  `An announcement is writing comments\n\nrun ${id} attempt ${attempt} process ${nonce}\n`;

const NOTE = /^run ([1-9]\d{0,14}) attempt ([1-9]\d{0,8}) process [0-9a-f-]{1,64}$/m;

/** Undefined when no announcement wrote it. */
export const readLockMessage = (message: string): RunAttempt | undefined => {
  const [, id, attempt] = NOTE.exec(message) ?? [];
  return id === undefined || attempt === undefined ? undefined : { id: Number(id), attempt: Number(attempt) };
};
