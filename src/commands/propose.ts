import type { ProposeCommand } from '../domain/command.ts';
import type { Change } from '../domain/change.ts';
import type { Environment } from '../domain/environment.ts';
import type { Note, Outcome } from '../domain/outcome.ts';
import type { Offer, Proposal } from '../domain/proposal.ts';
import { reason } from '../domain/refusal.ts';
import type { Reason } from '../domain/refusal.ts';
import type { GateFacts } from '../rules/gate.ts';
import { standing } from '../rules/live.ts';
import { changesShipped, kindOf } from '../rules/may-deploy.ts';
import { batchSize, proofsOf, recordsOf } from '../rules/promotion.ts';
import { explainedGate, isComplete, mayPropose, protectionNotes, stockNotes } from '../rules/proposal.ts';
import type { ProposalDecision } from '../rules/proposal.ts';
import { candidates } from '../rules/choose-version.ts';
import type { Context } from './context.ts';
import { aboutDelivery, gatherWith } from './gather.ts';
import type { Asked } from './gather.ts';
import { replaceOlder } from './replace-older.ts';
import { readShipped } from './shipped-changes.ts';
import type { Shipped } from './shipped-changes.ts';

type Asking = Asked<ProposeCommand>;
type Offered = Extract<ProposalDecision, { kind: 'offer' }>;

/** Nobody has approved yet; approvals of an earlier attempt of this run would prove nothing. */
const gateAhead = async (
  context: Context,
  environment: Environment
): Promise<Omit<GateFacts, 'environment' | 'version'>> => {
  const { event, actor } = context.surroundings;
  const base = { event, actor, approvals: [] };
  return environment.gate === 'dispatch'
    ? base
    : { ...base, protection: await context.ports.hosting.protection(environment.name) };
};

const outcomeOf = (
  asked: Asking,
  ending: Pick<Outcome, 'verdict' | 'reason' | 'changed' | 'changes' | 'proposal' | 'notes'>
): Outcome => ({ ...aboutDelivery(asked), ...ending });

const isGate = ({ code }: Reason): boolean => code === 'gate-missing' || code === 'gate-unprotected';

/** The plan is looked at only where a gate is missing: it costs a call. */
const refused = async (
  context: Context,
  asked: Asking,
  { verdict, reason: why }: Extract<ProposalDecision, { kind: 'stop' }>
): Promise<Outcome> => {
  const { phases, hosting } = context.ports;
  const visibility = (): ReturnType<typeof hosting.visibility> => phases.during('facts', () => hosting.visibility());
  const explained = isGate(why) ? explainedGate(why, await visibility()) : why;
  return outcomeOf(asked, { verdict, reason: explained, changed: false });
};

/** `…/runs/42` of `…/runs/42/attempts/1`: the page that has the button. */
const runPage = ({ surroundings }: Context): string => surroundings.run.url.replace(/\/attempts\/\d+$/, '');

/** What a card is made of. */
interface Material {
  readonly asked: Asking;
  readonly decision: Offered;
  readonly read: Shipped;
}

const cardOf = (context: Context, { asked, decision, read }: Material): Proposal => {
  const { facts, environment, candidate } = asked;
  const { offer } = decision;
  const { protection } = facts.gate;
  const asks = offer === 'button' && protection?.kind === 'present' ? protection : undefined;
  const now = context.ports.clock.now();
  return {
    offer,
    kind: kindOf(facts),
    batch: {
      changes: changesShipped(facts),
      releases: read.releases,
      complete: isComplete(facts, read.span),
      ...(read.oldest === undefined ? {} : { oldest: read.oldest })
    },
    proofs: proofsOf({
      version: candidate.version,
      digest: candidate.digest,
      environment,
      records: facts.records,
      now
    }),
    approvers: asks?.reviewers ?? [],
    preventSelfReview: asks?.preventSelfReview ?? false,
    runUrl: runPage(context)
  };
};

const CODES = { button: 'proposed', 'by-hand': 'proposed-by-hand', straight: 'cleared' } as const;

/** All released changes that are not live there: those of newer releases than the proposed one wait, too. */
const waitingChanges = ({ facts, environment }: Asking): number => {
  const [newest] = candidates(facts);
  const from = standing(recordsOf(facts, environment.name));
  return newest === undefined ? 0 : batchSize(facts.releases, facts.form, { from, to: newest.version });
};

const notesOf = (context: Context, { asked, decision, read }: Material): readonly Note[] => {
  const { environment } = asked;
  const stock = { environment, changes: waitingChanges(asked), oldest: read.oldest };
  return [
    ...decision.passing.map((why): Note => ({ kind: 'not-before', why })),
    ...decision.overridden.map(({ code }): Note => ({ kind: 'overridden', code, by: context.surroundings.actor })),
    ...protectionNotes(environment, asked.facts.gate.protection),
    ...read.notes,
    ...stockNotes(stock, context.ports.clock.now())
  ];
};

interface Ending {
  readonly offer: Offer;
  readonly changes: readonly Change[];
  readonly proposal: Proposal;
  readonly notes: readonly Note[];
}

/** `changed` tells the workflow whether the next job has anything to do. */
const offered = (asked: Asking, { offer, ...card }: Ending): Outcome => {
  const details = { version: asked.candidate.version, environment: asked.environment.name };
  return outcomeOf(asked, {
    verdict: 'done',
    reason: asked.command.dryRun ? reason('dry-run', { command: 'propose' }) : reason(CODES[offer], details),
    changed: offer !== 'by-hand' && !asked.command.dryRun,
    ...card
  });
};

/**
 * Before the gate: is there anything to approve, and what would it ship? Writes the card and cancels older runs of this
 * workflow that still wait for the same gate. Changes nothing else.
 */
export const propose = async (context: Context, command: ProposeCommand): Promise<Outcome> => {
  const { phases } = context.ports;
  const asked = await gatherWith(context, command, gateAhead);
  const { candidate, environment } = asked;
  context.say({ kind: 'deciding', version: candidate.version, environment: environment.name });
  const decision = mayPropose(asked.facts, context.ports.clock.now());
  if (decision.kind === 'stop') return refused(context, asked, decision);
  const read = await phases.during('fetch', () => readShipped(context, asked));
  const material = { asked, decision, read };
  const notes = notesOf(context, material);
  const older =
    decision.offer === 'button' && !command.dryRun
      ? await phases.during('replace', () => replaceOlder(context, environment))
      : [];
  return offered(asked, {
    offer: decision.offer,
    changes: read.changes,
    proposal: cardOf(context, material),
    notes: [...notes, ...older]
  });
};
