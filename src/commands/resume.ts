import type { DeploymentRecord } from '../domain/deployment.ts';
import type { Note } from '../domain/outcome.ts';
import { reason } from '../domain/refusal.ts';
import { candidates } from '../rules/choose-version.ts';
import { isOpen, lastGood, liveIn } from '../rules/live.ts';
import { recordsOf } from '../rules/promotion.ts';
import { isOurPast, leftOpen } from '../rules/ticket.ts';
import { wayBackLeft } from '../rules/way-back.ts';
import type { WayBack } from '../rules/way-back.ts';
import { retireOthers } from './carry-out.ts';
import { assertNotCancelled } from './context.ts';
import type { Context } from './context.ts';
import type { Asked } from './gather.ts';
import { recover, rollBackAgain } from './roll-back.ts';
import type { Aftermath } from './roll-back.ts';
import { closeDead, sceneOf } from './ticket.ts';
import { isDead, isStillOpen } from './turn.ts';
import type { Place } from './ticket.ts';

const isHalfDone = (record: DeploymentRecord): boolean =>
  record.state === 'in_progress' && record.payload.kind === 'deploy';

/**
 * Where an earlier attempt of our run was to go back to, when nothing touched the target since: its rollback ended without
 * a proof, or its delivery was closed as a failure before it could begin one.
 */
const interruptedWayBack = (
  { delivery, surroundings }: Context,
  records: readonly DeploymentRecord[]
): WayBack | undefined => {
  const live = liveIn(records);
  if (live.kind !== 'unknown' || !isOurPast(live.record, surroundings.run)) return undefined;
  const { payload, state } = live.record;
  if (payload.kind === 'rollback') {
    const from = payload.previous ?? payload.version;
    return state === 'failure' ? undefined : { from, to: live.record, left: live.record };
  }
  const to = state === 'failure' && delivery.rollback === 'automatic' ? lastGood(records, payload.version) : undefined;
  return to === undefined ? undefined : { from: payload.version, to, left: live.record };
};

/** The environment is half changed and may not go forward: go back, under the ticket the dead attempt still holds. */
const goBack = (context: Context, asked: Asked, record: DeploymentRecord): Promise<Aftermath> => {
  const { version } = record.payload;
  const candidate = candidates(asked.facts).find((each) => each.version === version) ?? asked.candidate;
  const problem = `attempt ${record.payload.run.attempt} died`;
  const why = reason('deploy-failed', { version, environment: asked.environment.name, problem });
  return recover(context, { record: record.id, asked, candidate, kind: 'deploy' }, why);
};

/**
 * Finishes what a dead attempt of this run began, when the decision now is not to deliver (promises R3, R7): records
 * are closed, and a target left between two versions goes back to the last good one.
 */
export const finishPast = async (context: Context, asked: Asked): Promise<Aftermath | undefined> => {
  const records = recordsOf(asked.facts, asked.environment.name);
  const open = leftOpen(records, context.surroundings.run);
  const seen = liveIn(records).kind === 'unknown' ? open.find(isHalfDone) : undefined;
  const stillOpen = (record: DeploymentRecord): Promise<boolean> =>
    context.ports.phases.during('facts', () => isStillOpen(context, record));
  const half = seen !== undefined && (await stillOpen(seen)) ? seen : undefined;
  await closeDead(
    context,
    open.filter((each) => each !== half),
    asked
  );
  if (half !== undefined) return goBack(context, asked, half);
  const way = interruptedWayBack(context, records);
  return way === undefined ? undefined : rollBackAgain(context, asked, way);
};

/**
 * A run that is told no may be the only one that comes by for a long time: what other runs left open when they died is
 * closed and said (promise R7).
 */
export const closeOthers = (context: Context, place: Place): Promise<readonly Note[]> => {
  const { id } = context.surroundings.run;
  const others = sceneOf(place).records.filter((record) => isOpen(record) && record.payload.run.id !== id);
  return closeDead(context, others, place);
};

/** A run that died between its success and closing the replaced record left two active ones: mend that (promise R1). */
export const mend = async (context: Context, place: Place): Promise<void> => {
  const live = liveIn(sceneOf(place).records);
  if (live.kind !== 'version') return;
  await retireOthers(context, place, { record: live.record.id, version: live.record.payload.version });
};

/** Somebody who is alive holds or waits for the environment, and will look for himself. */
const isHeld = async (context: Context, records: readonly DeploymentRecord[]): Promise<boolean> => {
  for (const record of records.filter(isOpen)) if (!(await isDead(context, record))) return true;
  return false;
};

const wayBackOfOthers = async (context: Context, asked: Asked): Promise<WayBack | undefined> => {
  const scene = sceneOf(asked);
  const way = context.delivery.rollback === 'automatic' ? wayBackLeft(scene) : undefined;
  if (way === undefined || way.left.payload.run.id === context.surroundings.run.id) return undefined;
  const held = await context.ports.phases.during('facts', () => isHeld(context, scene.records));
  return held ? undefined : way;
};

const noteOf = ({ from, left }: WayBack, { why, backTo }: Aftermath): Note => {
  const { environment, payload } = left;
  const told = { from, environment, run: payload.run.url };
  return backTo === undefined
    ? { kind: 'way-back-failed', ...told, why }
    : { kind: 'way-back-finished', ...told, to: backTo };
};

/**
 * Another run died on its way back from a version that broke: whoever comes next finishes that first, under a ticket of
 * its own, whatever becomes of the delivery it brings. Undefined when there is nothing to finish.
 */
export const finishOthers = async (context: Context, asked: Asked): Promise<readonly Note[] | undefined> => {
  const way = await wayBackOfOthers(context, asked);
  const aftermath = way === undefined ? undefined : await rollBackAgain(context, asked, way);
  assertNotCancelled(context, asked.command.name);
  return way === undefined || aftermath === undefined ? undefined : [noteOf(way, aftermath), ...aftermath.notes];
};
