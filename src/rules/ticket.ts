import type { DeploymentRecord, Run, RunAttempt } from '../domain/deployment.ts';
import { isOpen } from './live.ts';

/** A record, as far as standing in a queue goes. */
export interface Ticket extends Pick<DeploymentRecord, 'id' | 'state'> {
  readonly payload: { readonly run: Run };
}

/** Whose turn it is in an environment (promise R1). */
export type Turn<T extends Ticket> =
  | { readonly kind: 'ours' }
  | { readonly kind: 'wait'; readonly holder: T }
  /** The answer is older than our record: others may be missing too, so it proves nothing. */
  | { readonly kind: 'unseen' }
  /** We stand in the list no more: somebody closed our record. */
  | { readonly kind: 'lost' };

export interface Queue<T extends Ticket> {
  /** The environment's records, newest first; those of dead runs are closed already. */
  readonly records: readonly T[];
  readonly ours: number;
}

/** Open records before ours, oldest first. */
export const ahead = <T extends Ticket>(records: readonly T[], ours: number): readonly T[] =>
  records.filter((record) => isOpen(record) && record.id < ours).toSorted((a, b) => a.id - b.id);

/** The lowest id among the open records of living runs goes first; ids are given by GitHub, so all agree on the order. */
export const turnOf = <T extends Ticket>(queue: Queue<T>): Turn<T> => {
  const own = queue.records.find((record) => record.id === queue.ours);
  if (own === undefined) return { kind: 'unseen' };
  if (!isOpen(own)) return { kind: 'lost' };
  const holder = ahead(queue.records, queue.ours).at(0);
  return holder === undefined ? { kind: 'ours' } : { kind: 'wait', holder };
};

/**
 * Seconds before the next look at the queue, after so many looks: a job's token has 1,000 calls an hour for the whole
 * repository, so a long wait may not cost many of them.
 */
export const pauseInQueue = (looks: number): number => Math.min(60, Math.round(5 * 1.5 ** looks));

/** An earlier attempt of a run: it never has two at once (GitHub's re-run rule). */
export const isEarlier = (attempt: RunAttempt, run: RunAttempt): boolean =>
  attempt.id === run.id && attempt.attempt < run.attempt;

/** A record of an earlier attempt of our own run. */
export const isOurPast = (record: Ticket, run: RunAttempt): boolean => isEarlier(record.payload.run, run);

/** What earlier attempts of our run left open, oldest first. */
export const leftOpen = (records: readonly DeploymentRecord[], run: RunAttempt): readonly DeploymentRecord[] =>
  records.filter((record) => isOpen(record) && isOurPast(record, run)).toSorted((a, b) => a.id - b.id);
