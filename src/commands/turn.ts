import type { CommandName } from '../contract.ts';
import type { RunAttempt } from '../domain/deployment.ts';
import type { Note } from '../domain/outcome.ts';
import type { StatusText } from '../domain/progress.ts';
import { refuse } from '../domain/refusal.ts';
import { isOpen } from '../rules/live.ts';
import type { StatusUpdate } from '../ports.ts';
import { ahead, isEarlier, pauseInQueue, turnOf } from '../rules/ticket.ts';
import type { Ticket } from '../rules/ticket.ts';
import { assertNotCancelled } from './context.ts';
import type { Context } from './context.ts';

/** How long one waits for those before (promise R8); a deploy job of GitHub lives 6 hours at most. */
const PATIENCE_SECONDS = 60 * 60;
/** Between two looks for our own record in an answer that does not show it yet. */
const UNSEEN_SECONDS = 2;

export interface Mark {
  readonly state: StatusUpdate['state'];
  readonly text: StatusText;
  readonly environmentUrl?: string;
}

const write = (context: Context, record: number, { state, text, ...rest }: Mark): Promise<void> =>
  context.ports.hosting.setStatus(record, {
    ...rest,
    state,
    description: context.words.status(text),
    logUrl: context.surroundings.run.url
  });

/** Has a time of its own, whatever was too slow before: a record must come to tell the truth. */
export const mark = (context: Context, record: number, said: Mark): Promise<void> =>
  context.ports.phases.during('record', () => write(context, record, said));

/** The same for several records, all of them within the time of one. */
export const markAll = (context: Context, records: readonly number[], said: Mark): Promise<void> =>
  context.ports.phases.during('record', async () => {
    for (const record of records) await write(context, record, said);
  });

/** Whether an attempt of a run is surely over. Other processes of our own attempt are never taken for dead. */
export const hasEnded = async ({ surroundings, ports }: Context, run: RunAttempt): Promise<boolean> =>
  isEarlier(run, surroundings.run) ||
  (run.id !== surroundings.run.id && (await ports.hosting.runState(run.id, run.attempt)) === 'over');

export const isDead = (context: Context, record: Ticket): Promise<boolean> => hasEnded(context, record.payload.run);

/** Lists lag behind: a run that has just ended well may be seen at work, and its success must not become an error. */
export const isStillOpen = async (context: Context, { id }: Pick<Ticket, 'id'>): Promise<boolean> =>
  isOpen({ state: await context.ports.hosting.recordState(id) });

/** One look at the queue. */
export interface Look<T extends Ticket, F> {
  /** Newest first; those of dead runs are closed already. */
  readonly records: readonly T[];
  readonly closed: readonly Note[];
  readonly facts: F;
}

export interface Queueing<T extends Ticket, F> {
  readonly record: number;
  readonly command: CommandName;
  /** What everybody waits for, by its name. */
  readonly place: string;
  readonly look: () => Promise<Look<T, F>>;
  /** What the record we wait for is about. */
  readonly behind: (holder: T) => string;
}

interface Wait<T extends Ticket, F> extends Queueing<T, F> {
  readonly giveUpAt: number;
  /** How often somebody stood before us; the status `queued` is written at the first time. */
  looks: number;
}

const stepBack = async <T extends Ticket, F>(context: Context, wait: Wait<T, F>, holder: T): Promise<void> => {
  if (wait.looks === 0) {
    context.say({ kind: 'queued', environment: wait.place, holder: holder.payload.run.url });
    await mark(context, wait.record, { state: 'queued', text: { kind: 'queued', behind: wait.behind(holder) } });
  }
  await context.ports.clock.sleep(pauseInQueue(wait.looks));
  wait.looks += 1;
};

/** True when the turn is ours; otherwise it has waited a little. */
const waited = async <T extends Ticket, F>(
  context: Context,
  wait: Wait<T, F>,
  records: readonly T[]
): Promise<boolean> => {
  const turn = turnOf({ records, ours: wait.record });
  switch (turn.kind) {
    case 'ours':
      return true;
    case 'lost':
      throw refuse('cancelled', { command: wait.command });
    case 'unseen':
      await context.ports.clock.sleep(UNSEEN_SECONDS);
      return false;
    case 'wait':
      await stepBack(context, wait, turn.holder);
      return false;
  }
};

const assertPatience = <T extends Ticket, F>(context: Context, wait: Wait<T, F>, records: readonly T[]): void => {
  assertNotCancelled(context, wait.command);
  if (context.ports.clock.elapsed() < wait.giveUpAt) return;
  const holder = ahead(records, wait.record).at(0)?.payload.run.url ?? 'GitHub';
  throw refuse('queue-timeout', { environment: wait.place, holder });
};

/** Looks until nobody who is alive stands before our record; what the last look found. */
export const waitForTurn = async <T extends Ticket, F>(
  context: Context,
  queueing: Queueing<T, F>
): Promise<{ readonly facts: F; readonly notes: readonly Note[] }> => {
  const wait: Wait<T, F> = { ...queueing, giveUpAt: context.ports.clock.elapsed() + PATIENCE_SECONDS, looks: 0 };
  const notes: Note[] = [];
  for (;;) {
    const { records, closed, facts } = await queueing.look();
    notes.push(...closed);
    if (closed.length === 0 && (await waited(context, wait, records))) return { facts, notes };
    assertPatience(context, wait, records);
  }
};
