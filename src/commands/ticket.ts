import type { DeploymentRecord, Kind, Payload, RunAttempt } from '../domain/deployment.ts';
import type { Note } from '../domain/outcome.ts';
import type { StatusText } from '../domain/progress.ts';
import { refuse } from '../domain/refusal.ts';
import type { StatusUpdate } from '../ports.ts';
import type { Candidate } from '../rules/choose-version.ts';
import { approversOf } from '../rules/gate.ts';
import { recordsOf } from '../rules/promotion.ts';
import { isOpen, replaced } from '../rules/live.ts';
import { hasBroken } from '../rules/way-back.ts';
import type { Scene } from '../rules/way-back.ts';
import { ahead, isEarlier, pauseInQueue, turnOf } from '../rules/ticket.ts';
import { assertNotCancelled } from './context.ts';
import type { Context } from './context.ts';
import { withFresh } from './gather.ts';
import type { Asked } from './gather.ts';

/** How long a delivery waits for the one before it (promise R8); a deploy job of GitHub lives 6 hours at most. */
const PATIENCE_SECONDS = 60 * 60;
/** Between two looks for our own record in an answer that does not show it yet. */
const UNSEEN_SECONDS = 2;

/** An environment people call production: the platform then never touches its older records by itself. */
export const isProduction = ({ environment }: Pick<Asked, 'environment'>): boolean =>
  environment.name.toLowerCase() === 'production' || environment.gate !== 'none';

export interface Shipment {
  readonly candidate: Candidate;
  readonly kind: Kind;
  readonly changes: number;
  readonly overridden: readonly string[];
  readonly reason: string | null;
}

const touches = (asked: Asked): number =>
  (asked.facts.chosen ? 1 : 0) + (approversOf(gateOf(asked)).length > 0 ? 1 : 0);

const gateOf = (asked: Asked): Parameters<typeof approversOf>[0] => ({
  environment: asked.environment,
  approvals: asked.facts.gate.approvals
});

const payloadOf = (context: Context, asked: Asked, shipment: Shipment): Payload => {
  const { run, actor } = context.surroundings;
  const { candidate, kind, changes, overridden, reason } = shipment;
  return {
    schema: 1,
    version: candidate.version,
    tag: candidate.release.tag,
    digest: candidate.digest,
    kind,
    previous: replaced(recordsOf(asked.facts, asked.environment.name), candidate) ?? null,
    reason,
    override: overridden,
    requestedBy: actor,
    approvedBy: approversOf(gateOf(asked)),
    run: { id: run.id, attempt: run.attempt, url: run.url },
    changes,
    manualTouches: touches(asked)
  };
};

/** Files the record; from now on the delivery stands in the environment's queue. */
export const takeTicket = async (context: Context, asked: Asked, shipment: Shipment): Promise<number> => {
  const environment = asked.environment.name;
  const { kind, candidate } = shipment;
  const wanted = {
    environment,
    commit: candidate.release.commit,
    production: isProduction(asked),
    description: context.words.status({ kind: 'record', delivery: kind, version: candidate.version }),
    payload: payloadOf(context, asked, shipment)
  };
  const { hosting, phases } = context.ports;
  const record = await phases.during('record', () => hosting.createRecord(wanted));
  context.say({ kind: 'ticket', record, environment });
  return record;
};

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

export const isDead = (context: Context, record: DeploymentRecord): Promise<boolean> =>
  hasEnded(context, record.payload.run);

/** Lists lag behind: a run that has just ended well may be seen at work, and its success must not become an error. */
export const isStillOpen = async (context: Context, { id }: DeploymentRecord): Promise<boolean> =>
  isOpen({ state: await context.ports.hosting.recordState(id) });

/** The records of an environment, and what stops the line. */
export interface Place extends Pick<Asked, 'environment'> {
  readonly facts: Pick<Asked['facts'], 'records' | 'stops'>;
}

export const sceneOf = ({ environment, facts }: Place): Scene => ({
  records: recordsOf(facts, environment.name),
  stops: facts.stops
});

const closeEach = async (
  context: Context,
  waiting: readonly DeploymentRecord[],
  place: Place
): Promise<readonly Note[]> => {
  const notes: Note[] = [];
  for (const record of waiting) {
    if (!(await isDead(context, record)) || !(await isStillOpen(context, record))) continue;
    const state = hasBroken(record, sceneOf(place)) ? 'failure' : 'error';
    await mark(context, record.id, { state, text: { kind: 'run-died', run: record.payload.run.id } });
    context.say({ kind: 'took-over', record: record.id, environment: record.environment });
    notes.push({ kind: 'took-over', record: String(record.id) });
  }
  return notes;
};

/**
 * Closes the records of runs that ended without a word. The target may be half changed, so their end is an error, unless
 * the delivery is known to have failed.
 */
export const closeDead = (
  context: Context,
  waiting: readonly DeploymentRecord[],
  place: Place
): Promise<readonly Note[]> => context.ports.phases.during('facts', () => closeEach(context, waiting, place));

export interface OurTurn {
  /** The same question, answered again while nobody else can write. */
  readonly asked: Asked;
  readonly notes: readonly Note[];
}

interface Wait {
  readonly record: number;
  readonly giveUpAt: number;
  /** How often somebody stood before us; the status `queued` is written at the first time. */
  looks: number;
}

const stepBack = async (context: Context, wait: Wait, holder: DeploymentRecord): Promise<void> => {
  const { environment, payload } = holder;
  if (wait.looks === 0) {
    context.say({ kind: 'queued', environment, holder: payload.run.url });
    await mark(context, wait.record, { state: 'queued', text: { kind: 'queued', behind: payload.version } });
  }
  await context.ports.clock.sleep(pauseInQueue(wait.looks));
  wait.looks += 1;
};

/** True when the turn is ours; otherwise it has waited a little. */
const waited = async (context: Context, asked: Asked, wait: Wait): Promise<boolean> => {
  const records = recordsOf(asked.facts, asked.environment.name);
  const turn = turnOf({ records, ours: wait.record });
  switch (turn.kind) {
    case 'ours':
      return true;
    case 'lost':
      throw refuse('cancelled', { command: asked.command.name });
    case 'unseen':
      await context.ports.clock.sleep(UNSEEN_SECONDS);
      return false;
    case 'wait':
      await stepBack(context, wait, turn.holder);
      return false;
  }
};

const assertPatience = (context: Context, asked: Asked, wait: Wait): void => {
  assertNotCancelled(context, asked.command.name);
  if (context.ports.clock.elapsed() < wait.giveUpAt) return;
  const records = recordsOf(asked.facts, asked.environment.name);
  const holder = ahead(records, wait.record).at(0)?.payload.run.url ?? 'GitHub';
  throw refuse('queue-timeout', { environment: asked.environment.name, holder });
};

/** Reads the facts again under the ticket until no living delivery stands before ours. */
export const awaitTurn = async (context: Context, asked: Asked, record: number): Promise<OurTurn> => {
  const wait: Wait = { record, giveUpAt: context.ports.clock.elapsed() + PATIENCE_SECONDS, looks: 0 };
  const { hosting, phases } = context.ports;
  const notes: Note[] = [];
  for (;;) {
    const fresh = withFresh(asked, await phases.during('facts', () => hosting.facts(asked.question)));
    const closed = await closeDead(context, ahead(sceneOf(fresh).records, record), fresh);
    notes.push(...closed);
    if (closed.length === 0 && (await waited(context, fresh, wait))) return { asked: fresh, notes };
    assertPatience(context, fresh, wait);
  }
};
