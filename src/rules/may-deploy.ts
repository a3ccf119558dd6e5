import type { Overridable, Verdict } from '../contract.ts';
import { OVERRIDABLE } from '../contract.ts';
import type { DeploymentRecord, Kind } from '../domain/deployment.ts';
import type { Environment, Stop } from '../domain/environment.ts';
import { reason } from '../domain/refusal.ts';
import type { Reason } from '../domain/refusal.ts';
import type { PublishedRelease } from '../domain/release.ts';
import { compareVersions } from '../domain/version.ts';
import type { TagForm, Version } from '../domain/version.ts';
import type { Candidate } from './choose-version.ts';
import { frozenUntil } from './freeze.ts';
import { gateRefusal } from './gate.ts';
import type { GateFacts } from './gate.ts';
import { isLive, replaced, vetoOf } from './live.ts';
import { batchSize, pastBestBefore, recordsOf, stillSoaking, unproven } from './promotion.ts';

/** Everything the decision looks at; plain data, so that a decision can be printed, stored and taken again. */
export interface DeployFacts {
  readonly candidate: Candidate;
  readonly environment: Environment;
  readonly form: TagForm;
  readonly records: ReadonlyMap<string, readonly DeploymentRecord[]>;
  readonly releases: readonly PublishedRelease[];
  readonly stops: readonly Stop[];
  readonly gate: Omit<GateFacts, 'environment' | 'version'>;
  readonly command: 'deploy' | 'rollback';
  /** A person chose this version: `rollback`, or a run started by hand. */
  readonly chosen: boolean;
  readonly override: readonly Overridable[];
}

export type Decision =
  | {
      readonly kind: 'proceed';
      readonly deliveryKind: Kind;
      readonly changes: number;
      /** Refusals a person answered for; they go into the record. */
      readonly overridden: readonly Reason[];
    }
  | { readonly kind: 'stop'; readonly verdict: Extract<Verdict, 'refused' | 'nothing-to-do'>; readonly reason: Reason };

type Check = (facts: DeployFacts, now: Date) => Reason | undefined;

const here = (facts: DeployFacts): readonly DeploymentRecord[] => recordsOf(facts, facts.environment.name);

const before = (facts: DeployFacts): Version | undefined => replaced(here(facts), facts.candidate);

/** An older version than the one standing there makes the delivery a rollback, whichever command asks for it. */
export const kindOf = (facts: DeployFacts): Extract<Kind, 'deploy' | 'rollback'> => {
  if (facts.command === 'rollback') return 'rollback';
  const now = before(facts);
  return now !== undefined && compareVersions(facts.candidate.version, now) < 0 ? 'rollback' : 'deploy';
};

const alreadyLive: Check = (facts) =>
  isLive(here(facts), facts.candidate)
    ? reason('already-live', { version: facts.candidate.version, environment: facts.environment.name })
    : undefined;

/** Promise R4: an older version never replaces a newer one unless a person chose it. */
const superseded: Check = (facts) => {
  const live = before(facts);
  if (facts.chosen || live === undefined || compareVersions(facts.candidate.version, live) >= 0) return undefined;
  return reason('superseded', { version: facts.candidate.version, environment: facts.environment.name, live });
};

/** A stopped line or a freeze holds back new versions, never the way back to a good one. */
const goingBack = (facts: DeployFacts): boolean => facts.chosen && kindOf(facts) === 'rollback';

const lineStopped: Check = (facts) => {
  const stop = facts.stops.at(0);
  return stop === undefined || goingBack(facts)
    ? undefined
    : reason('line-stopped', { issue: stop.url, why: stop.title });
};

const frozen: Check = (facts, now) => {
  const found = goingBack(facts) ? undefined : frozenUntil(facts.environment, now);
  if (found === undefined) return undefined;
  const { freeze, until } = found;
  return reason('freeze', { environment: facts.environment.name, until: until.toISOString(), why: freeze.reason });
};

const vetoed: Check = (facts) => {
  const failure = facts.chosen ? undefined : vetoOf(here(facts), facts.candidate);
  if (failure === undefined) return undefined;
  const { version } = facts.candidate;
  return reason('veto', { version, environment: facts.environment.name, since: failure.createdAt });
};

const promotion = (facts: DeployFacts, now: Date): Parameters<typeof unproven>[0] => ({
  version: facts.candidate.version,
  digest: facts.candidate.digest,
  environment: facts.environment,
  records: facts.records,
  now
});

export const changesShipped = (facts: DeployFacts): number =>
  batchSize(facts.releases, facts.form, { from: before(facts), to: facts.candidate.version });

const tooMany: Check = (facts) => {
  const limit = facts.environment.maxChanges;
  const changes = changesShipped(facts);
  return limit === undefined || changes <= limit
    ? undefined
    : reason('max-changes', { changes: String(changes), limit: String(limit), environment: facts.environment.name });
};

const closedGate: Check = (facts) =>
  gateRefusal({ ...facts.gate, environment: facts.environment, version: facts.candidate.version });

/** In the order people should hear about them: what needs no action first, what only a person can change last. */
const CHECKS: readonly Check[] = [
  alreadyLive,
  superseded,
  lineStopped,
  frozen,
  vetoed,
  (facts, now) => unproven(promotion(facts, now)),
  (facts, now) => stillSoaking(promotion(facts, now)),
  (facts, now) => pastBestBefore(promotion(facts, now)),
  tooMany,
  closedGate
];

const isOverridable = (code: string): code is Overridable => OVERRIDABLE.some((each) => each === code);

const overrides = (facts: DeployFacts, why: Reason): boolean =>
  isOverridable(why.code) && facts.override.includes(why.code);

export interface Refusals {
  /** In the order people should hear about them. */
  readonly standing: readonly Reason[];
  readonly overridden: readonly Reason[];
}

/** Everything that speaks against the delivery now. */
export const refusalsOf = (facts: DeployFacts, now: Date): Refusals => {
  const refusals = CHECKS.map((check) => check(facts, now)).filter((why) => why !== undefined);
  return {
    standing: refusals.filter((why) => !overrides(facts, why)),
    overridden: refusals.filter((why) => overrides(facts, why))
  };
};

/** May this version go to this environment now? The whole policy, without side effects. */
export const mayDeploy = (facts: DeployFacts, now: Date): Decision => {
  const { standing: against, overridden } = refusalsOf(facts, now);
  const [first] = against;
  if (first !== undefined) {
    const verdict = first.code === 'already-live' ? 'nothing-to-do' : 'refused';
    return { kind: 'stop', verdict, reason: first };
  }
  return { kind: 'proceed', deliveryKind: kindOf(facts), changes: changesShipped(facts), overridden };
};
