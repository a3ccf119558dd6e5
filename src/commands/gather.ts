import type { DeliverCommand, ProposeCommand } from '../domain/command.ts';
import type { Approval, Environment } from '../domain/environment.ts';
import { tagOf } from '../domain/version.ts';
import type { FactsQuestion, HostingFacts } from '../ports.ts';
import { chooseVersion } from '../rules/choose-version.ts';
import type { Candidate, Choice } from '../rules/choose-version.ts';
import { approversOf } from '../rules/gate.ts';
import type { GateFacts } from '../rules/gate.ts';
import { replaced } from '../rules/live.ts';
import type { DeployFacts } from '../rules/may-deploy.ts';
import { recordsOf } from '../rules/promotion.ts';
import { addressOf, environmentNamed, formOf } from './context.ts';
import type { Context } from './context.ts';
import { Refusal } from '../domain/refusal.ts';

/** A delivery asked for, with everything its decision needs. */
export interface Asked<C extends Asking = DeliverCommand> {
  readonly command: C;
  readonly environment: Environment;
  readonly candidate: Candidate;
  readonly question: FactsQuestion;
  readonly facts: DeployFacts;
}

type Asking = DeliverCommand | ProposeCommand;

const questionOf = (context: Context, command: Asking, environment: Environment): FactsQuestion => {
  const environments = [environment.name, ...environment.needs];
  return command.wanted.kind === 'exact'
    ? { environments, tag: tagOf(formOf(context), command.wanted.version) }
    : { environments };
};

interface Chosen {
  readonly candidate: Candidate;
  readonly question: FactsQuestion;
  readonly hosted: HostingFacts;
}

const taken = (choice: Choice): Candidate | undefined => {
  if (choice.kind === 'none') throw new Refusal(choice.reason);
  return choice.kind === 'chosen' ? choice.candidate : undefined;
};

/** One query; a second one only for a version older than the releases the first one lists. */
const choose = async (context: Context, command: Asking, environment: Environment): Promise<Chosen> => {
  const [form, { run }] = [formOf(context), context.surroundings];
  const question = questionOf(context, command, environment);
  const hosted = await context.ports.hosting.facts(question);
  const first = chooseVersion({ environment, form, run, ...hosted }, command.wanted, question.tag !== undefined);
  const candidate = taken(first);
  if (candidate !== undefined) return { candidate, question, hosted };
  const again = { ...question, tag: first.kind === 'ask' ? first.tag : '' };
  const wider = await context.ports.hosting.facts(again);
  const second = taken(chooseVersion({ environment, form, run, ...wider }, command.wanted, true));
  if (second === undefined) throw new Error('a version asked for by its tag was asked for again');
  return { candidate: second, question: again, hosted: wider };
};

/** The protection rules are read only where no approval proves the gate: they cost a call. */
const gateFacts = async (
  context: Context,
  environment: Environment
): Promise<Omit<GateFacts, 'environment' | 'version'>> => {
  const { hosting } = context.ports;
  const { event, actor, run } = context.surroundings;
  const approvals: readonly Approval[] = environment.gate === 'approval' ? await hosting.approvals(run.id) : [];
  const proven = environment.gate !== 'approval' || approversOf({ environment, approvals }).length > 0;
  return proven
    ? { event, actor, approvals }
    : { event, actor, approvals, protection: await hosting.protection(environment.name) };
};

const gatherAll = async <C extends Asking>(
  context: Context,
  command: C,
  readGate: typeof gateFacts
): Promise<Asked<C>> => {
  const environment = environmentNamed(context, command.environment);
  const { candidate, question, hosted } = await choose(context, command, environment);
  const facts: DeployFacts = {
    candidate,
    environment,
    form: formOf(context),
    ...hosted,
    gate: await readGate(context, environment),
    command: command.name === 'rollback' ? 'rollback' : 'deploy',
    chosen: command.name === 'rollback' || context.surroundings.event === 'workflow_dispatch',
    override: command.override
  };
  return { command, environment, candidate, question, facts };
};

/** `readGate` reads what the gate's part of the decision needs. */
export const gatherWith = <C extends Asking>(
  context: Context,
  command: C,
  readGate: typeof gateFacts
): Promise<Asked<C>> => context.ports.phases.during('facts', () => gatherAll(context, command, readGate));

export const gather = (context: Context, command: DeliverCommand): Promise<Asked> =>
  gatherWith(context, command, gateFacts);

/** What every outcome says about a delivery asked for, or proposed. */
export const aboutDelivery = ({ candidate, environment, command, facts }: Asked<Asking>) => {
  const previous = replaced(recordsOf(facts, environment.name), candidate);
  return {
    command: command.name,
    version: candidate.version,
    tag: candidate.release.tag,
    commit: candidate.release.commit,
    digest: candidate.digest,
    releaseUrl: candidate.release.url,
    environment: environment.name,
    ...addressOf(environment, candidate.version),
    ...(previous === undefined ? {} : { previous })
  };
};

/** The same question with what GitHub says now; gate and choice stand. */
export const withFresh = (asked: Asked, hosted: HostingFacts): Asked => ({
  ...asked,
  facts: { ...asked.facts, ...hosted }
});
