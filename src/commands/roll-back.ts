import type { DeploymentRecord } from '../domain/deployment.ts';
import type { Note } from '../domain/outcome.ts';
import { reason, reasonIn } from '../domain/refusal.ts';
import type { Reason } from '../domain/refusal.ts';
import { tagOf } from '../domain/version.ts';
import type { Version } from '../domain/version.ts';
import { candidates } from '../rules/choose-version.ts';
import type { Candidate } from '../rules/choose-version.ts';
import { liveIn } from '../rules/live.ts';
import { recordsOf } from '../rules/promotion.ts';
import { beganToGoBack, goesBackTo, wayBackLeft } from '../rules/way-back.ts';
import type { Scene, WayBack } from '../rules/way-back.ts';
import { carryOut } from './carry-out.ts';
import type { Permit } from './carry-out.ts';
import { formOf } from './context.ts';
import type { Context } from './context.ts';
import type { Asked } from './gather.ts';
import { awaitTurn, sceneOf, takeTicket } from './ticket.ts';
import { mark } from './turn.ts';
import type { Place } from './ticket.ts';

/** How a delivery ended that broke after touching the target. */
export interface Aftermath {
  readonly why: Reason;
  /** The version that runs there again, when the rollback proved it. */
  readonly backTo?: Version;
  readonly notes: readonly Note[];
}

const candidateOf = async (context: Context, record: DeploymentRecord): Promise<Candidate | undefined> => {
  const form = formOf(context);
  const { version, digest } = record.payload;
  const { hosting, phases } = context.ports;
  const question = { environments: [], tag: tagOf(form, version) };
  const { releases } = await phases.during('facts', () => hosting.facts(question));
  return candidates({ releases, form }).find((each) => each.version === version && each.digest === digest);
};

interface Broken {
  readonly version: Version;
  readonly why: Reason;
}

/** One open issue stops the line; a second one would have to be closed as well. */
const stopTheLine = async (context: Context, place: Place, { version, why }: Broken): Promise<Note> => {
  const stopped = place.facts.stops.at(0);
  if (stopped !== undefined) return { kind: 'line-stopped', url: stopped.url };
  const environment = place.environment.name;
  const runUrl = context.surroundings.run.url;
  const text = context.words.stop({ version, environment, why, runUrl });
  const { hosting, phases } = context.ports;
  const url = await phases.during('record', () => hosting.openStop(text));
  return url === undefined ? { kind: 'line-not-stopped' } : { kind: 'line-stopped', url };
};

const problemIn = (why: Reason): string => ('problem' in why.details ? why.details.problem : why.code);

/** Closes the rollback's own record whatever happens, and says what broke. */
const attempt = async (context: Context, permit: Permit): Promise<Reason | undefined> => {
  try {
    const result = await carryOut(context, permit);
    if (result.kind === 'good') return undefined;
    await mark(context, permit.record, { state: 'failure', text: { kind: 'ended', why: result.why } });
    return result.why;
  } catch (error) {
    const why = reasonIn(error);
    await mark(context, permit.record, { state: 'error', text: { kind: 'ended', why } });
    return why;
  }
};

/** Nobody chose or approved to go back. */
const unasked = (asked: Asked): Asked => ({
  ...asked,
  facts: { ...asked.facts, gate: { ...asked.facts.gate, approvals: [] }, chosen: false }
});

/** The broken version stands there now. */
const standing = ({ asked, record }: Permit): Asked => {
  const { facts, environment } = asked;
  const records = recordsOf(facts, environment.name).map((each): DeploymentRecord =>
    each.id === record ? { ...each, state: 'in_progress' } : each
  );
  return {
    ...asked,
    facts: { ...facts, records: new Map([...facts.records, [environment.name.toLowerCase(), records]]) }
  };
};

const back = async (context: Context, broken: Permit, to: Candidate): Promise<Reason | undefined> => {
  const asked = unasked(standing(broken));
  const from = broken.candidate.version;
  context.say({ kind: 'rolling-back', from, to: to.version, environment: asked.environment.name });
  const shipment = { candidate: to, kind: 'rollback', changes: 0, overridden: [], reason: `${from} broke` } as const;
  const record = await takeTicket(context, asked, shipment);
  return attempt(context, { record, asked, candidate: to, kind: 'rollback' });
};

const mayRollBack = (context: Context, permit: Permit): boolean =>
  context.delivery.rollback === 'automatic' && permit.kind === 'deploy' && !context.ports.signal.aborted;

/**
 * Stops the line, then goes back to the last good version under the ticket of the broken delivery, which stays open
 * until the environment is settled: nobody else can slip in between. The broken record is closed last.
 */
export const recover = async (context: Context, permit: Permit, why: Reason): Promise<Aftermath> => {
  try {
    return await goBack(context, permit, why);
  } catch (error) {
    // the way back was cut off, and the delivery has failed all the same: whoever comes next finishes it
    const cut = reasonIn(error);
    await mark(context, permit.record, { state: 'failure', text: { kind: 'ended', why: cut } });
    return { why: cut, notes: [] };
  }
};

const goBack = async (context: Context, permit: Permit, why: Reason): Promise<Aftermath> => {
  const notes = [await stopTheLine(context, permit.asked, { version: permit.candidate.version, why })];
  const { records } = sceneOf(permit.asked);
  const broken = { id: permit.record, version: permit.candidate.version };
  const target = mayRollBack(context, permit) ? goesBackTo(records, broken) : undefined;
  const candidate = target === undefined ? undefined : await candidateOf(context, target);
  const aftermath = candidate === undefined ? { why, notes } : await settle(context, permit, { why, candidate, notes });
  await mark(context, permit.record, { state: 'failure', text: { kind: 'ended', why: aftermath.why } });
  return aftermath;
};

const settle = async (
  context: Context,
  permit: Permit,
  { why, candidate, notes }: { why: Reason; candidate: Candidate; notes: readonly Note[] }
): Promise<Aftermath> => {
  const again = await back(context, permit, candidate);
  const names = {
    version: permit.candidate.version,
    environment: permit.asked.environment.name,
    to: candidate.version
  };
  return again === undefined
    ? { why: reason('rolled-back', { ...names, problem: problemIn(why) }), backTo: candidate.version, notes }
    : { why: reason('rollback-failed', { ...names, problem: problemIn(again) }), notes };
};

/** Nothing touched the target since, or only others who tried the same. */
const isDue = (scene: Scene, to: Version, left: DeploymentRecord): boolean => {
  const live = liveIn(scene.records);
  if (live.kind === 'unknown' && live.record.id === left.id) return true;
  return wayBackLeft(scene)?.to.payload.version === to;
};

/** What became of a way back that was made again. */
type Again =
  | { readonly kind: 'settled' }
  | { readonly kind: 'made'; readonly problem: Reason | undefined; readonly notes: readonly Note[] };

/** A run that filed no rollback may have been cut off even before it stopped the line. */
const stopIfNobodyDid = async (context: Context, place: Place, { left, broken }: Resumed): Promise<readonly Note[]> =>
  left.payload.kind === 'deploy' && !beganToGoBack(left, sceneOf(place).records)
    ? [await stopTheLine(context, place, broken)]
    : [];

interface Resumed {
  readonly left: DeploymentRecord;
  readonly broken: Broken;
}

/** Under its own ticket, for the one of the delivery that broke is closed; nothing to do when somebody settled it meanwhile. */
const inTurn = async (context: Context, permit: Permit, resumed: Resumed): Promise<Again> => {
  const { record, candidate } = permit;
  try {
    const { asked } = await awaitTurn(context, permit.asked, record);
    if (isDue(sceneOf(asked), candidate.version, resumed.left)) {
      const notes = await stopIfNobodyDid(context, asked, resumed);
      return { kind: 'made', notes, problem: await attempt(context, { ...permit, asked }) };
    }
    await mark(context, record, { state: 'inactive', text: { kind: 'replaced', version: candidate.version } });
    return { kind: 'settled' };
  } catch (error) {
    await mark(context, record, { state: 'error', text: { kind: 'ended', why: reasonIn(error) } });
    throw error;
  }
};

const interruption = ({ from, left }: WayBack): Broken => {
  const { id, attempt: number } = left.payload.run;
  const problem = `attempt ${number} of run ${id} was interrupted`;
  return { version: from, why: reason('deploy-failed', { version: from, environment: left.environment, problem }) };
};

/** An automatic rollback was interrupted before it could prove anything: the target is between two versions until it is made again. */
export const rollBackAgain = async (context: Context, asked: Asked, way: WayBack): Promise<Aftermath | undefined> => {
  const candidate = await candidateOf(context, way.to);
  if (candidate === undefined) return undefined;
  const [broken, to, environment] = [interruption(way), candidate.version, asked.environment.name];
  const [from, problem] = [way.from, problemIn(broken.why)];
  const why = `${from} broke: ${problem}`;
  context.say({ kind: 'rolling-back', from, to, environment });
  const shipment = { candidate, kind: 'rollback', changes: 0, overridden: [], reason: why } as const;
  const record = await takeTicket(context, unasked(asked), shipment);
  const permit = { record, asked: unasked(asked), candidate, kind: 'rollback' } as const;
  const again = await inTurn(context, permit, { left: way.left, broken });
  if (again.kind === 'settled') return undefined;
  const { notes, problem: failed } = again;
  const names = { version: from, environment, to };
  return failed === undefined
    ? { why: reason('rolled-back', { ...names, problem }), backTo: to, notes }
    : { why: reason('rollback-failed', { ...names, problem: problemIn(failed) }), notes };
};
