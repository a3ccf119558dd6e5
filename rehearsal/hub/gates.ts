import { Problem, byId, replaced } from './call.ts';
import type { Data, Environment, Gate, Review, Run } from './records.ts';
import { ensureEnvironment, findEnvironment } from './resources/environments.ts';
import type { World } from './world.ts';
import { nowStamp } from './world.ts';

export type GateState = 'waiting' | 'open' | 'rejected';

/** Both rules must pass: somebody's approval where reviewers are required, and the wait timer. */
export const gateState = (world: World, gate: Gate): GateState => {
  if (gate.review === 'rejected') return 'rejected';
  if (gate.review === 'waiting') return 'waiting';
  if (gate.review === 'bypassed') return 'open';
  const minutes = findEnvironment(world.state.now().data, gate.environment)?.waitMinutes ?? 0;
  return world.now().getTime() < Date.parse(gate.since) + minutes * 60_000 ? 'waiting' : 'open';
};

export const waitingGates = (world: World, data: Data, run: Run): readonly Gate[] =>
  data.gates.filter(
    (gate) => gate.run === run.id && gate.attempt === run.attempt && gateState(world, gate) === 'waiting'
  );

/** A run waits as long as one of its gates does; once it has ended it stays ended. */
const settleRun = (world: World, id: number): void => {
  const { data } = world.state.now();
  const run = byId(data.runs, id);
  if (run.status === 'completed') return;
  const status = waitingGates(world, data, run).length > 0 ? 'waiting' : 'in_progress';
  world.state.write((before) => ({ ...before, runs: replaced(before.runs, { ...run, status }) }));
};

export interface GateRequest {
  readonly environment: string;
  readonly job: string;
}

/** A job that names an environment arrives at its gate. Each job is gated anew; asking twice for one job is one gate. */
export const arriveAtGate = (world: World, run: Run, { environment: name, job }: GateRequest): Gate => {
  const environment = ensureEnvironment(world, name);
  const known = world.state
    .now()
    .data.gates.find(
      (gate) =>
        gate.run === run.id && gate.attempt === run.attempt && gate.job === job && gate.environment === environment.name
    );
  if (known !== undefined) return known;
  const gate: Gate = {
    id: world.state.nextId(),
    run: run.id,
    attempt: run.attempt,
    job,
    environment: environment.name,
    review: environment.reviewers.length > 0 ? 'waiting' : 'not-needed',
    since: nowStamp(world)
  };
  world.state.write((data) => ({ ...data, gates: [...data.gates, gate] }));
  settleRun(world, run.id);
  return gate;
};

const has = (logins: readonly string[], login: string): boolean =>
  logins.some((other) => other.toLowerCase() === login.toLowerCase());

const checkReviewer = (environment: Environment, run: Run, user: string): void => {
  const self = environment.preventSelfReview && has([run.actor], user);
  if (!has(environment.reviewers, user) || self) {
    throw new Problem(422, `${user} is not allowed to review the deployment to ${environment.name}`);
  }
};

/** One review answers for every job of the run that waits for the named environments. */
export const reviewGates = (world: World, run: Run, review: Omit<Review, 'run'>): void => {
  const { data } = world.state.now();
  for (const name of review.environments) {
    const environment = findEnvironment(data, name);
    const waits = data.gates.some(
      (gate) =>
        gate.run === run.id &&
        gate.attempt === run.attempt &&
        gate.environment === environment?.name &&
        gate.review === 'waiting'
    );
    if (environment === undefined || !waits) throw new Problem(422, `No pending deployment to review for ${name}`);
    checkReviewer(environment, run, review.user);
  }
  world.state.write((before) => ({
    ...before,
    reviews: [...before.reviews, { ...review, run: run.id }],
    gates: before.gates.map((gate) =>
      gate.run === run.id &&
      gate.attempt === run.attempt &&
      gate.review === 'waiting' &&
      has(review.environments, gate.environment)
        ? { ...gate, review: review.state }
        : gate
    )
  }));
  settleRun(world, run.id);
};

/** The administrator's button on the run. Whether GitHub lists it among the approvals is unknown; here it does not. */
export const bypassGates = (world: World, run: Run, name: string): void => {
  const environment = findEnvironment(world.state.now().data, name);
  if (environment?.adminsCanBypass !== true) throw new Problem(422, `The rules of ${name} cannot be bypassed`);
  world.state.write((before) => ({
    ...before,
    gates: before.gates.map((gate) =>
      gate.run === run.id && gate.attempt === run.attempt && gate.environment === environment.name
        ? { ...gate, review: 'bypassed' as const }
        : gate
    )
  }));
  settleRun(world, run.id);
};
