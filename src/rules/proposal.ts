import type { Change } from '../domain/change.ts';
import type { Environment, Protection } from '../domain/environment.ts';
import type { Note } from '../domain/outcome.ts';
import type { Offer, Waiting, WaitingRun } from '../domain/proposal.ts';
import { reason } from '../domain/refusal.ts';
import type { Reason } from '../domain/refusal.ts';
import type { PublishedRelease } from '../domain/release.ts';
import { compareVersions } from '../domain/version.ts';
import type { TagForm } from '../domain/version.ts';
import { candidates } from './choose-version.ts';
import type { Candidate } from './choose-version.ts';
import { refusalsOf } from './may-deploy.ts';
import type { Decision, DeployFacts } from './may-deploy.ts';
import { isWithin } from './promotion.ts';
import type { Span } from './promotion.ts';

const SECOND_MS = 1000;
const DAY_MS = 24 * 3600 * SECOND_MS;
const WEEK_MS = 7 * DAY_MS;

/** GitHub fails a job whose gate nobody opened within 30 days (its documented limit for environments). */
const LONGEST_WAIT_MS = 30 * DAY_MS;

export type ProposalDecision =
  | {
      readonly kind: 'offer';
      readonly offer: Offer;
      readonly overridden: readonly Reason[];
      /** What still says no and stops doing so while the proposal waits. */
      readonly passing: readonly Reason[];
    }
  | Extract<Decision, { kind: 'stop' }>;

export const offerOf = ({ gate }: Pick<Environment, 'gate'>, event: string): Offer => {
  switch (gate) {
    case 'approval':
      return 'button';
    case 'dispatch':
      return event === 'workflow_dispatch' ? 'straight' : 'by-hand';
    case 'none':
      return 'straight';
  }
};

/** Ends by itself, and before GitHub gives the waiting job up. */
const passes = (why: Reason, now: Date): boolean =>
  (why.code === 'freeze' || why.code === 'soak') && Date.parse(why.details.until) - now.getTime() < LONGEST_WAIT_MS;

/** Whether a proposal can be made in spite of it: what waits anyway may wait for it, too. */
const isBearable = (why: Reason, offer: Offer, now: Date): boolean => {
  if (offer === 'straight') return false;
  return passes(why, now) || (offer === 'by-hand' && why.code === 'dispatch-required');
};

/** GitHub would ask somebody, or wait, where `gate: none` promises that nothing does. */
const hanging = ({ environment, gate }: DeployFacts): Reason | undefined => {
  const { protection } = gate;
  if (environment.gate !== 'none' || protection?.kind !== 'present') return undefined;
  const rules = [
    ...(protection.reviewers.length > 0 ? ['Required reviewers'] : []),
    ...(protection.waitMinutes > 0 ? ['Wait timer'] : [])
  ];
  return rules.length === 0
    ? undefined
    : reason('gate-unexpected', { environment: environment.name, rules: rules.join(', ') });
};

/**
 * Is a button worth pressing? By the rules of the delivery itself, except that a proposal waits for a person anyway:
 *
 * - What ends by itself within the 30 days a job may wait (`freeze`, `soak`) does not stop a proposal; the card says
 *   until when, and the delivery asks again. With `gate: none` nothing waits, so there it stops.
 * - `gate: dispatch` needs no waiting job: the card says how a person starts the delivery.
 * - Everything else needs a person to change something first (`line-stopped`, `veto`, `not-proven`, `best-before`,
 *   `max-changes`, the gate): a button would only lead to the refusal, so it is refused now. `already-live` and
 *   `superseded` leave nothing to press and are green, as in a delivery.
 * - `gate: none` with a rule at GitHub that would make the job wait is refused: nobody would know whom it waits for.
 */
export const mayPropose = (facts: DeployFacts, now: Date): ProposalDecision => {
  const offer = offerOf(facts.environment, facts.gate.event);
  const { standing, overridden } = refusalsOf(facts, now);
  const against = standing.find((why) => !isBearable(why, offer, now)) ?? hanging(facts);
  if (against !== undefined) {
    return { kind: 'stop', verdict: against.code === 'already-live' ? 'nothing-to-do' : 'refused', reason: against };
  }
  return { kind: 'offer', offer, overridden, passing: standing.filter((why) => passes(why, now)) };
};

/** In a private repository an absent rule may be one that the plan does not have (promise R10): say so. */
export const explainedGate = (why: Reason, visibility: 'public' | 'private'): Reason =>
  (why.code === 'gate-missing' || why.code === 'gate-unprotected') && visibility === 'private'
    ? reason('gate-unenforced', { environment: why.details.environment })
    : why;

interface Listed {
  readonly releases: readonly PublishedRelease[];
  readonly form: TagForm;
}

/** The releases whose changes a delivery brings, newest first. */
export const shipped = (listed: Listed, span: Span): readonly Candidate[] =>
  candidates(listed).filter(({ version }) => isWithin(span, version));

/** How many releases one answer lists; fewer are all there are. */
const LISTED = 30;

/** Whether the list reaches back to what is live, so that nothing shipped is missing from it. */
export const isComplete = (listed: Listed, { from }: Span): boolean =>
  listed.releases.length < LISTED ||
  (from !== undefined && candidates(listed).some(({ version }) => compareVersions(version, from) <= 0));

/** At most so many: the newest ones, and the oldest one for the change that waits longest. */
export const worthReading = (releases: readonly Candidate[], most: number): readonly Candidate[] =>
  releases.length <= most ? releases : [...releases.slice(0, most - 1), ...releases.slice(-1)];

/** Two versions of different lines may hold the same commit. */
export const distinct = (changes: readonly Change[]): readonly Change[] => [
  ...new Map(changes.map((change) => [change.commit, change])).values()
];

/** ISO 8601; undefined without a change whose date can be read. */
export const oldestOf = (changes: readonly Change[]): string | undefined => {
  const times = changes.map(({ date }) => Date.parse(date)).filter((time) => !Number.isNaN(time));
  return times.length === 0 ? undefined : new Date(times.reduce((a, b) => Math.min(a, b))).toISOString();
};

export interface Stock {
  readonly environment: Environment;
  /** Released changes that are not live there, newer ones than those proposed included. */
  readonly changes: number;
  readonly oldest: string | undefined;
}

/** What piles up before an environment; nothing while it flows. */
export const stockNotes = ({ environment, changes, oldest }: Stock, now: Date): readonly Note[] => {
  const { name, maxChanges } = environment;
  const waited = oldest === undefined ? 0 : now.getTime() - Date.parse(oldest);
  const many: Note[] =
    maxChanges !== undefined && changes > maxChanges
      ? [{ kind: 'stock', changes, limit: maxChanges, environment: name }]
      : [];
  const old: Note[] =
    waited > WEEK_MS ? [{ kind: 'stock-old', seconds: Math.floor(waited / SECOND_MS), environment: name }] : [];
  return [...many, ...old];
};

/** What people should know about the gate before they use it. */
export const protectionNotes = (environment: Environment, protection: Protection | undefined): readonly Note[] => {
  if (protection?.kind !== 'present') return [];
  const { adminsCanBypass = false, waitMinutes } = protection;
  return [
    ...(adminsCanBypass ? [{ kind: 'admins-can-bypass', environment: environment.name } as const] : []),
    ...(waitMinutes > 0 ? [{ kind: 'wait-timer', minutes: waitMinutes, environment: environment.name } as const] : [])
  ];
};

const byHand = (event: string): boolean => event === 'workflow_dispatch';

/**
 * The runs a new proposal may replace: older ones of the same workflow. What a person started by hand is replaced only
 * by what a person started by hand.
 */
export const replaceable = ({ ours, runs }: Waiting, event: string): readonly WaitingRun[] =>
  runs.filter((run) => run.number < ours && (byHand(event) || !byHand(run.event)));

export const newerThan = ({ ours, runs }: Waiting): readonly WaitingRun[] => runs.filter(({ number }) => number > ours);

/** Whether a run waits for this very gate and does nothing else meanwhile. */
export const waitsAt = (environments: readonly string[], environment: Pick<Environment, 'name'>): boolean =>
  environments.some((name) => name.toLowerCase() === environment.name.toLowerCase());
