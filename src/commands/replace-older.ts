import type { Environment } from '../domain/environment.ts';
import type { Note } from '../domain/outcome.ts';
import type { WaitingRun } from '../domain/proposal.ts';
import { Refusal } from '../domain/refusal.ts';
import { newerThan, replaceable, waitsAt } from '../rules/proposal.ts';
import { assertNotCancelled } from './context.ts';
import type { Context } from './context.ts';

const isWaiting = async (context: Context, run: WaitingRun, environment: Environment): Promise<boolean> => {
  const at = await context.ports.hosting.atGates(run.id);
  return at.kind === 'waiting' && waitsAt(at.environments, environment);
};

const cancel = async (context: Context, run: WaitingRun, environment: Environment): Promise<readonly Note[]> => {
  if (!(await isWaiting(context, run, environment))) return [];
  context.say({ kind: 'replacing', run: run.url, environment: environment.name });
  const ended = await context.ports.hosting.cancelRun(run.id);
  return ended === 'over' ? [] : [{ kind: 'proposal-replaced', url: run.url }];
};

/** An old button that stays does no harm, for its delivery is refused as superseded: it is worth a note only. */
const unlessBroken = async (
  context: Context,
  run: WaitingRun,
  work: () => Promise<readonly Note[]>
): Promise<readonly Note[]> => {
  try {
    return await work();
  } catch (error) {
    assertNotCancelled(context, 'propose');
    if (!(error instanceof Refusal)) throw error;
    return [{ kind: 'proposal-not-replaced', url: run.url, why: error.reason }];
  }
};

/**
 * One gate, one button: cancels older runs of this workflow that wait for this environment and do nothing else. Each
 * is looked at right before it is cancelled; a person may still press its button in between, and then the cancelled
 * delivery closes its own record. Newer runs are only named.
 */
export const replaceOlder = async (context: Context, environment: Environment): Promise<readonly Note[]> => {
  const { run, event } = context.surroundings;
  const waiting = await context.ports.hosting.waiting(run.id);
  const notes: Note[] = [];
  for (const older of replaceable(waiting, event)) {
    notes.push(...(await unlessBroken(context, older, () => cancel(context, older, environment))));
  }
  for (const newer of newerThan(waiting)) {
    if (await isWaiting(context, newer, environment)) notes.push({ kind: 'newer-waiting', url: newer.url });
  }
  return notes;
};
