import type { Verdict } from '../contract.ts';
import type { DeliverCommand } from '../domain/command.ts';
import type { Change } from '../domain/change.ts';
import type { Note, Outcome } from '../domain/outcome.ts';
import { Refusal, reason } from '../domain/refusal.ts';
import type { Reason } from '../domain/refusal.ts';
import { approversOf, gateNotes } from '../rules/gate.ts';
import { replaced } from '../rules/live.ts';
import { mayDeploy } from '../rules/may-deploy.ts';
import type { Decision } from '../rules/may-deploy.ts';
import type { FactsQuestion, HostingFacts } from '../ports.ts';
import { recordsOf } from '../rules/promotion.ts';
import { verdictOf } from '../rules/verdict.ts';
import { wayBackLeft } from '../rules/way-back.ts';
import { carryOut } from './carry-out.ts';
import type { Permit } from './carry-out.ts';
import { closing } from './closing.ts';
import type { Held } from './closing.ts';
import { environmentNamed } from './context.ts';
import type { Context } from './context.ts';
import { aboutDelivery, gather, withFresh } from './gather.ts';
import type { Asked } from './gather.ts';
import type { Result } from './put-in.ts';
import { closeOthers, finishOthers, finishPast, mend } from './resume.ts';
import { recover } from './roll-back.ts';
import type { Aftermath } from './roll-back.ts';
import { awaitTurn, takeTicket } from './ticket.ts';
import { mark } from './turn.ts';

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
  const from = replaced(recordsOf(asked.facts, environment), candidate) ?? '';
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

/** A cancelled run has seconds to close its record; when GitHub does not answer in them, the next delivery closes it. */
const leftOpen = (asked: Asked, record: number): Outcome => {
  const { command, environment } = asked;
  const why = reason('cancelled', { command: command.name });
  const note = { kind: 'record-left-open', record: String(record), environment: environment.name } as const;
  return outcomeOf(asked, { verdict: verdictOf(why.code), reason: why, deployment: record, notes: [note] });
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

/** The decision, and what it leads to. */
const judged = async (context: Context, asked: Asked): Promise<Outcome> => {
  const { command, candidate } = asked;
  const decision = mayDeploy(asked.facts, context.ports.clock.now());
  if (decision.kind === 'stop') return stopped(context, asked, decision);
  if (command.dryRun) {
    return outcomeOf(asked, { verdict: 'done', reason: reason('dry-run', { command: command.name }) });
  }
  const record = await takeTicket(context, asked, {
    candidate,
    kind: decision.deliveryKind,
    changes: decision.changes,
    overridden: decision.overridden.map(({ code }) => code),
    reason: command.reason ?? null
  });
  const held: Held = { record, state: () => 'error', leftOpen: () => leftOpen(asked, record) };
  return closing(context, held, () => underTicket(context, asked, record));
};

const factsNow = ({ ports: { hosting, phases } }: Context, question: FactsQuestion): Promise<HostingFacts> =>
  phases.during('facts', () => hosting.facts(question));

/** What `previous` meant stays what it meant; a newest version is chosen anew, for one may just have been proven to fail. */
const seenAgain = async (context: Context, before: Asked): Promise<Asked> =>
  before.command.wanted.kind === 'latest'
    ? gather(context, before.command)
    : withFresh(before, await factsNow(context, before.question));

/** Nothing can be chosen; what dead runs left behind is still put in order. */
const putInOrder = async (context: Context, command: DeliverCommand): Promise<void> => {
  const environment = environmentNamed(context, command.environment);
  const place = { environment, facts: await factsNow(context, { environments: [environment.name] }) };
  await closeOthers(context, place);
  await mend(context, place);
};

const gathered = async (context: Context, command: DeliverCommand): Promise<Asked> => {
  try {
    return await gather(context, command);
  } catch (error) {
    if (error instanceof Refusal && error.reason.code === 'no-good-version' && !command.dryRun)
      await putInOrder(context, command);
    throw error;
  }
};

/** A delivery that goes where an unfinished way back leads, and may, is itself the end of it. */
const isWayBack = (context: Context, { facts, environment, candidate }: Asked): boolean => {
  const to = wayBackLeft({ records: recordsOf(facts, environment.name), stops: facts.stops })?.to.payload;
  const same = to?.version === candidate.version && to.digest === candidate.digest;
  return same && mayDeploy(facts, context.ports.clock.now()).kind === 'proceed';
};

export const deploy = async (context: Context, command: DeliverCommand): Promise<Outcome> => {
  const found = await gathered(context, command);
  const version = found.candidate.version;
  context.say({ kind: 'deciding', version, environment: found.environment.name });
  const finished = command.dryRun || isWayBack(context, found) ? undefined : await finishOthers(context, found);
  if (finished === undefined) return judged(context, found);
  const outcome = await judged(context, await seenAgain(context, found));
  return { ...outcome, changed: true, notes: [...finished, ...(outcome.notes ?? [])] };
};
