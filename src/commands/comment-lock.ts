import type { LockHolder, LockStanding } from '../domain/comment-lock.ts';
import type { RunAttempt } from '../domain/deployment.ts';
import { Refusal } from '../domain/refusal.ts';
import type { CommentLock } from '../ports/announcing.ts';
import { lockStep } from '../rules/comment-lock.ts';
import type { LockStep } from '../rules/comment-lock.ts';
import { pauseInQueue } from '../rules/ticket.ts';
import { attempt, excused } from './announce-ledger.ts';
import type { Ledger } from './announce-ledger.ts';
import { assertNotCancelled } from './context.ts';
import type { Context } from './context.ts';
import { hasEnded } from './turn.ts';

/** How long an announcement waits for another one to write; the job of the templates has 15 minutes in all (promise R8). */
const PATIENCE_SECONDS = 10 * 60;
/** To have the lock and to give it back: a tag object, its reference, and the end of it. */
const LOCK_WRITES = 3;

interface Announcement {
  readonly context: Context;
  readonly ledger: Ledger;
}

interface Wait {
  readonly began: number;
  looks: number;
  last: LockHolder | undefined;
  /** Why nobody could say whether the holder lives. */
  unproven: Refusal | undefined;
}

/** A run that cannot be asked about counts as alive: nothing is taken from the living. */
const isDead = async (context: Context, run: RunAttempt | undefined, wait: Wait): Promise<boolean> => {
  if (run === undefined) return false;
  try {
    return await hasEnded(context, run);
  } catch (error) {
    const isBearable = error instanceof Refusal && ['permission-missing', 'hosting-failed'].includes(error.reason.code);
    if (!isBearable) throw error;
    wait.unproven = error;
    return false;
  }
};

const addressOf = ({ surroundings: { serverUrl, repository } }: Context, { id, attempt: nth }: RunAttempt): string =>
  `${serverUrl}/${repository.owner}/${repository.name}/actions/runs/${id}/attempts/${nth}`;

/** Said once, and nothing of it is asked again in this run. */
const leave = ({ context, ledger }: Announcement, { last, unproven }: Wait): void => {
  const minutes = PATIENCE_SECONDS / 60;
  const run = last?.run;
  ledger.mayComment = 'no';
  ledger.failures.set(
    'lock',
    run === undefined
      ? { kind: 'comments-locked', minutes }
      : { kind: 'comments-left', run: addressOf(context, run), minutes }
  );
  if (unproven !== undefined) excused(ledger, unproven);
};

const lookAgain = async ({ context, ledger }: Announcement, lock: CommentLock, wait: Wait): Promise<LockStanding> => {
  await context.ports.clock.sleep(pauseInQueue(wait.looks));
  assertNotCancelled(context, 'announce');
  wait.looks += 1;
  ledger.writes += 1;
  return lock.acquire();
};

const stepFor = async ({ context }: Announcement, standing: LockStanding, wait: Wait): Promise<LockStep> => {
  if (standing.kind === 'held') wait.last = standing.holder ?? wait.last;
  const dead = standing.kind === 'held' && (await isDead(context, standing.holder?.run, wait));
  const waited = context.ports.clock.elapsed() - wait.began;
  return lockStep({ standing, dead, waited, patience: PATIENCE_SECONDS });
};

/** True when it is ours in the end. */
const awaitLock = async (announcement: Announcement, lock: CommentLock, wait: Wait): Promise<boolean> => {
  let standing = await lock.acquire();
  for (;;) {
    const step = await stepFor(announcement, standing, wait);
    switch (step.kind) {
      case 'write':
        return true;
      case 'leave':
        leave(announcement, wait);
        return false;
      case 'take-over':
        standing = await lock.takeOver(step.holder);
        if (standing.kind === 'held') standing = await lookAgain(announcement, lock, wait);
        break;
      case 'wait':
        standing = await lookAgain(announcement, lock, wait);
        break;
    }
  }
};

/** `waited`: whatever was read before is old by now. */
export type Having = 'ours' | 'waited';

/** Asks once; afterwards `ledger.mayComment` tells. */
export const haveLock = async (announcement: Announcement, commit: string): Promise<Having> => {
  const { context, ledger } = announcement;
  const { id, attempt: nth } = context.surroundings.run;
  ledger.lock ??= context.ports.hosting.commentLock({ run: { id, attempt: nth }, commit });
  ledger.writes += LOCK_WRITES;
  const wait: Wait = { began: context.ports.clock.elapsed(), looks: 0, last: undefined, unproven: undefined };
  if (await awaitLock(announcement, ledger.lock, wait)) ledger.mayComment = 'yes';
  return wait.looks === 0 ? 'ours' : 'waited';
};

/** Also after a failure, and for a cancelled run in its last seconds; nothing is asked where nothing was tried. */
export const giveLockBack = async ({ context, ledger }: Announcement): Promise<void> => {
  const { lock } = ledger;
  if (lock === undefined || ledger.mayComment === 'no') return;
  await attempt(ledger, 'lock-kept', () => context.ports.phases.during('record', () => lock.release()));
};
