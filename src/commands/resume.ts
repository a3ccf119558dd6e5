import type { DeploymentRecord } from '../domain/deployment.ts';
import type { Note } from '../domain/outcome.ts';
import { reason } from '../domain/refusal.ts';
import { candidates } from '../rules/choose-version.ts';
import { isOpen, lastGood, liveIn } from '../rules/live.ts';
import { recordsOf } from '../rules/promotion.ts';
import { isOurPast, leftOpen } from '../rules/ticket.ts';
import type { Context } from './context.ts';
import type { Asked } from './gather.ts';
import { recover, rollBackAgain } from './roll-back.ts';
import type { Aftermath, WayBack } from './roll-back.ts';
import { closeDead } from './ticket.ts';

/** A delivery after which the same run began a rollback has failed; it only had no time to say so. */
const hasBroken = (record: DeploymentRecord, records: readonly DeploymentRecord[]): boolean =>
  records.some(
    ({ id, payload }) => id > record.id && payload.kind === 'rollback' && payload.run.id === record.payload.run.id
  );

const endAmong =
  (records: readonly DeploymentRecord[]) =>
  (record: DeploymentRecord): 'error' | 'failure' =>
    hasBroken(record, records) ? 'failure' : 'error';

const isHalfDone = (record: DeploymentRecord): boolean =>
  record.state === 'in_progress' && record.payload.kind === 'deploy';

/**
 * Where a cancelled attempt of our run was to go back to, when nothing touched the target since: it closed its rollback as
 * an error, or its delivery as a failure before it could begin one.
 */
const interruptedWayBack = (
  { delivery, surroundings }: Context,
  records: readonly DeploymentRecord[]
): WayBack | undefined => {
  const live = liveIn(records);
  if (live.kind !== 'unknown' || !isOurPast(live.record, surroundings.run)) return undefined;
  const { payload, state } = live.record;
  const { attempt } = payload.run;
  if (payload.kind === 'rollback') return state === 'error' ? { to: live.record, attempt } : undefined;
  const to = state === 'failure' && delivery.rollback === 'automatic' ? lastGood(records, payload.version) : undefined;
  return to === undefined ? undefined : { to, attempt };
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
  const half = liveIn(records).kind === 'unknown' ? open.find(isHalfDone) : undefined;
  await closeDead(
    context,
    open.filter((each) => each !== half),
    endAmong(records)
  );
  if (half !== undefined) return goBack(context, asked, half);
  const way = interruptedWayBack(context, records);
  return way === undefined ? undefined : rollBackAgain(context, asked, way);
};

/**
 * A run that is told no may be the only one that comes by for a long time: what other runs left open when they died is
 * closed and said (promise R7). Their target is left alone, for two of us may see the same dead run.
 */
export const closeOthers = (context: Context, asked: Asked): Promise<readonly Note[]> => {
  const records = recordsOf(asked.facts, asked.environment.name);
  const { id } = context.surroundings.run;
  const others = records.filter((record) => isOpen(record) && record.payload.run.id !== id);
  return closeDead(context, others, endAmong(records));
};
