import type { DeploymentRecord, Kind, Payload } from '../domain/deployment.ts';
import type { Note } from '../domain/outcome.ts';
import type { Candidate } from '../rules/choose-version.ts';
import { approversOf } from '../rules/gate.ts';
import { recordsOf } from '../rules/promotion.ts';
import { replaced } from '../rules/live.ts';
import { hasBroken } from '../rules/way-back.ts';
import type { Scene } from '../rules/way-back.ts';
import { ahead } from '../rules/ticket.ts';
import type { Context } from './context.ts';
import { withFresh } from './gather.ts';
import type { Asked } from './gather.ts';
import { isDead, isStillOpen, mark, waitForTurn } from './turn.ts';

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

/** Reads the facts again under the ticket until no living delivery stands before ours. */
export const awaitTurn = async (context: Context, asked: Asked, record: number): Promise<OurTurn> => {
  const { hosting, phases } = context.ports;
  const look = async () => {
    const fresh = withFresh(asked, await phases.during('facts', () => hosting.facts(asked.question)));
    const { records } = sceneOf(fresh);
    return { records, closed: await closeDead(context, ahead(records, record), fresh), facts: fresh };
  };
  const { facts, notes } = await waitForTurn(context, {
    record,
    command: asked.command.name,
    place: asked.environment.name,
    look,
    behind: ({ payload }) => payload.version
  });
  return { asked: facts, notes };
};
