import type { Verdict } from '../contract.ts';
import type { DeliverCommand } from '../domain/command.ts';
import type { Change } from '../domain/change.ts';
import type { Note, Outcome } from '../domain/outcome.ts';
import { Refusal, reason } from '../domain/refusal.ts';
import type { Reason } from '../domain/refusal.ts';
import { approversOf, gateNotes } from '../rules/gate.ts';
import { liveIn, standing } from '../rules/live.ts';
import { mayDeploy } from '../rules/may-deploy.ts';
import type { Decision } from '../rules/may-deploy.ts';
import { recordsOf } from '../rules/promotion.ts';
import { carryOut, retireOthers } from './carry-out.ts';
import type { Permit } from './carry-out.ts';
import type { Context } from './context.ts';
import { aboutDelivery, gather } from './gather.ts';
import type { Asked } from './gather.ts';
import type { Result } from './put-in.ts';
import { closeOthers, finishPast } from './resume.ts';
import { recover } from './roll-back.ts';
import type { Aftermath } from './roll-back.ts';
import { awaitTurn, mark, takeTicket } from './ticket.ts';

type Proceed = Extract<Decision, { kind: 'proceed' }>;

interface Ending {
  readonly verdict: Verdict;
  readonly reason: Reason;
  readonly changed?: boolean;
  readonly deployment?: number;
  readonly environmentUrl?: string;
  readonly changes?: readonly Change[];
  readonly notes?: readonly Note[];
}

const gateOf = ({ facts, environment, candidate }: Asked): Parameters<typeof gateNotes>[0] => ({
  ...facts.gate,
  environment,
  version: candidate.version
});

const approvalOf = (asked: Asked): Pick<Outcome, 'approvedBy' | 'selfApproved'> => {
  const approvedBy = approversOf(gateOf(asked));
  const selfApproved = gateNotes(gateOf(asked)).some(({ kind }) => kind === 'self-approved');
  return approvedBy.length === 0 ? { approvedBy } : { approvedBy, selfApproved };
};

const outcomeOf = (asked: Asked, ending: Ending): Outcome => {
  const { notes = [], ...rest } = ending;
  return {
    ...aboutDelivery(asked),
    ...approvalOf(asked),
    changed: false,
    ...rest,
    notes: [...gateNotes(gateOf(asked)), ...notes]
  };
};

const overriddenNotes = (context: Context, decision: Proceed): readonly Note[] =>
  decision.overridden.map(({ code }) => ({ kind: 'overridden', code, by: context.surroundings.actor }));

/** Says no under the ticket: the record ends without having touched anything. */
const withdraw = async (context: Context, permit: Permit, why: Reason): Promise<void> =>
  mark(context, permit.record, { state: 'inactive', text: { kind: 'ended', why } });

const delivered = (permit: Permit, result: Extract<Result, { kind: 'good' }>): Ending => {
  const { asked, candidate, kind, record } = permit;
  const environment = asked.environment.name;
  const from = standing(recordsOf(asked.facts, environment)) ?? '';
  const { environmentUrl, changes, notes } = result;
  return {
    verdict: 'done',
    reason:
      kind === 'rollback'
        ? reason('rolled-back-by-request', { version: candidate.version, environment, from })
        : reason('delivered', { version: candidate.version, environment }),
    changed: true,
    deployment: record,
    ...(environmentUrl === undefined ? {} : { environmentUrl }),
    changes,
    notes
  };
};

const broken = ({ why, backTo, notes }: Aftermath): Ending => ({
  verdict: backTo === undefined ? 'failed' : 'rolled-back',
  reason: why,
  changed: true,
  notes
});

const install = async (context: Context, permit: Permit): Promise<Ending> => {
  const result = await carryOut(context, permit);
  if (result.kind === 'good') return delivered(permit, result);
  return { ...broken(await recover(context, permit, result.why)), deployment: permit.record };
};

/** Under the ticket: read again, decide again (promise R5), then act. */
const underTicket = async (context: Context, asked: Asked, record: number): Promise<Outcome> => {
  const turn = await awaitTurn(context, asked, record);
  const decision = mayDeploy(turn.asked.facts, context.ports.clock.now());
  const { candidate } = asked;
  if (decision.kind === 'stop') {
    await withdraw(context, { record, asked, candidate, kind: 'deploy' }, decision.reason);
    return outcomeOf(turn.asked, { ...decision, deployment: record, notes: turn.notes });
  }
  const ending = await install(context, { record, asked: turn.asked, candidate, kind: decision.deliveryKind });
  const notes = [...turn.notes, ...overriddenNotes(context, decision), ...(ending.notes ?? [])];
  return outcomeOf(turn.asked, { ...ending, notes });
};

/** Promise R7: whatever goes wrong, the record does not stay open. */
const closing = async (context: Context, record: number, work: () => Promise<Outcome>): Promise<Outcome> => {
  try {
    return await work();
  } catch (error) {
    const why = error instanceof Refusal ? error.reason : reason('internal', { problem: String(error) });
    await mark(context, record, { state: 'error', text: { kind: 'ended', why } });
    throw error;
  }
};

/** A run that died between its success and closing the replaced record left two active ones: mend that (promise R1). */
const mend = async (context: Context, asked: Asked): Promise<void> => {
  const live = liveIn(recordsOf(asked.facts, asked.environment.name));
  if (live.kind !== 'version') return;
  await retireOthers(context, asked, { record: live.record.id, version: live.record.payload.version });
};

/** Nothing new is delivered; what dead runs left behind is still put in order. */
const stopped = async (
  context: Context,
  asked: Asked,
  decision: Extract<Decision, { kind: 'stop' }>
): Promise<Outcome> => {
  if (asked.command.dryRun) return outcomeOf(asked, decision);
  const aftermath = await finishPast(context, asked);
  if (aftermath !== undefined) return outcomeOf(asked, broken(aftermath));
  const notes = await closeOthers(context, asked);
  await mend(context, asked);
  return outcomeOf(asked, { ...decision, notes });
};

export const deploy = async (context: Context, command: DeliverCommand): Promise<Outcome> => {
  const asked = await gather(context, command);
  const version = asked.candidate.version;
  context.say({ kind: 'deciding', version, environment: asked.environment.name });
  const decision = mayDeploy(asked.facts, context.ports.clock.now());
  if (decision.kind === 'stop') return stopped(context, asked, decision);
  if (command.dryRun) {
    return outcomeOf(asked, { verdict: 'done', reason: reason('dry-run', { command: command.name }) });
  }
  const record = await takeTicket(context, asked, {
    candidate: asked.candidate,
    kind: decision.deliveryKind,
    changes: decision.changes,
    overridden: decision.overridden.map(({ code }) => code),
    reason: command.reason ?? null
  });
  return closing(context, record, () => underTicket(context, asked, record));
};
