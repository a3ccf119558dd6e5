import { setTimeout as pause } from 'node:timers/promises';
import { REASONS } from '../../src/contract.ts';
import { differences, look } from './ending.ts';
import type { Ending } from './ending.ts';
import type { Blow, Follower, Scenario } from './matrix.ts';
import { openGate } from './story.ts';
import type { Played } from './story.ts';
import type { Job, Scene, Stage, Step } from './stage.ts';
import { strike, survivors } from './strike.ts';
import type { Struck } from './strike.ts';

export interface Verdict {
  readonly name: string;
  /** `refused`: the struck job itself said no by a documented reason and changed nothing; finishing it converged, too. */
  readonly kind: 'converged' | 'refused' | 'diverged';
  readonly problems: readonly string[];
  /** Milliseconds from the cancellation to the exit; 0 when nothing was cancelled. */
  readonly cancelMs: number;
  /** What the jobs printed, of a scenario that diverged. */
  readonly log: string;
}

/** GitHub's patience after SIGINT is 7.5 s. */
export const CANCELLED_WITHIN_MS = 7000;
const TRIES = 3;

const isDocumented = (code: string): boolean => code in REASONS && code !== 'internal';

const wasKilled = ({ kind }: Blow): boolean => kind.startsWith('kill');

/** A job that has said everything and is about to be gone listens to no signal any more. */
const wasOver = (blow: Blow, { exitCode, reason }: Job): boolean =>
  blow.kind === 'cancel-write' && exitCode === 130 && isDocumented(reason);

/** Promise R5: a stop that the job could still see holds it back; one that came later does not. */
export const unheeded = (blow: Blow, { reason }: Pick<Job, 'reason'>): readonly string[] =>
  blow.kind === 'stop' && blow.heeded !== (reason === 'line-stopped')
    ? [`R5: a stop ${blow.heeded ? 'before' : 'after'} the last look ended in "${reason}"`]
    : [];

/** What is wrong with how the struck job ended. */
const complaints = (stage: Stage, blow: Blow, { job, cancelMs = 0, faults }: Struck): readonly string[] => {
  const problems = [...unheeded(blow, job)];
  const left = survivors(stage);
  if (left.length > 0) problems.push(`${left.length} processes survived`);
  if (cancelMs > CANCELLED_WITHIN_MS) problems.push(`over ${cancelMs.toFixed(0)} ms after SIGINT`);
  if (!wasKilled(blow) && !isDocumented(job.reason)) problems.push(`ended with ${job.exitCode} and "${job.reason}"`);
  if (faults === 0) problems.push('the fault met no request');
  // how many writes there are depends on the pieces in which bytes arrive
  if (wasKilled(blow) && blow.kind !== 'kill-write' && job.exitCode !== 137)
    problems.push(`was to be killed and ended with ${job.exitCode}`);
  if (!wasKilled(blow) && job.exitCode > 1 && !wasOver(blow, job)) problems.push(`exit code ${job.exitCode}`);
  return problems;
};

/** The platform notices that a run is over only after a while. */
const NOTICED_MS = 1500;

interface Next {
  readonly scene: Scene;
  /** Resolves when the platform counts the run before as over. */
  readonly noticed: Promise<void>;
}

const followUp = (stage: Stage, follower: Follower, scene: Scene): Next => {
  const { hub } = stage;
  const { sha, event, run } = scene;
  const finishBefore = (): void => hub.finishRun(run, 'failure');
  if (follower === 'attempt') {
    finishBefore();
    return { scene: { ...scene, run: hub.rerun(run) }, noticed: Promise.resolve() };
  }
  const noticed = follower === 'early-run' ? pause(NOTICED_MS).then(finishBefore) : Promise.resolve(finishBefore());
  return { scene: { ...scene, run: hub.startRun({ event, actor: 'ana', sha, ref: 'refs/heads/main' }) }, noticed };
};

/** Endings of a repeated job that are as good as the calm one's: what it wanted is there already. */
const AS_GOOD: Readonly<Record<string, readonly string[]>> = {
  released: ['already-released'],
  delivered: ['already-live'],
  'rolled-back-by-request': ['already-live', 'no-good-version'],
  'preview-up': ['preview-there'],
  'preview-down': ['preview-absent'],
  'previews-down': ['previews-wanted'],
  'rolled-back': ['veto', 'line-stopped', 'deploy-failed']
};

const isDone = (calm: Job, reason: string): boolean =>
  reason === calm.reason || (AS_GOOD[calm.reason] ?? []).includes(reason);

interface Course {
  readonly problems: string[];
  readonly log: string[];
  scene: Scene;
  /** How things stand after the last job, and the reason it gave. */
  ending: Ending;
  reason: string;
}

const lookAgain = async (stage: Stage, step: Step, course: Course): Promise<void> => {
  const { ending, problems } = await look(stage, step);
  course.ending = ending;
  course.problems.push(...problems);
};

const told = (what: string, job: Job): string => `--- ${what}: exit ${job.exitCode}, ${job.reason}\n${job.log}`;

/** The job says so, and nothing is left open. */
const isSettled = (calm: Job, course: Course): boolean =>
  isDone(calm, course.reason) && !course.ending.records.some((text) => /(PENDING|QUEUED|IN_PROGRESS)$/.test(text));

/** Runs the step again until it says it is done. */
const finish = async (stage: Stage, { step, job: calm }: Played, given: { course: Course; follower: Follower }) => {
  const { course } = given;
  for (let n = 1; n <= TRIES; n += 1) {
    const { scene, noticed } = followUp(stage, n === 1 ? given.follower : 'attempt', course.scene);
    course.scene = scene;
    openGate(stage, step, course.scene);
    const dirty = step.command === 'build' && given.follower === 'attempt';
    const job = await stage.job(step, course.scene, { dirty });
    course.log.push(told(`again (${n})`, job));
    await noticed;
    course.reason = job.reason;
    await lookAgain(stage, step, course);
    if (isSettled(calm, course)) return;
    if (!isDocumented(job.reason)) course.problems.push(`again: "${job.reason}"`);
  }
  course.problems.push(`not done after ${TRIES} more jobs`);
};

const goOn = async (stage: Stage, { rest }: Played, course: Course): Promise<void> => {
  for (const step of rest) {
    openGate(stage, step, course.scene);
    const job = await stage.job(step, course.scene);
    course.log.push(told(step.name, job));
    await lookAgain(stage, step, course);
  }
};

const same = (one: Ending, other: Ending): boolean => JSON.stringify(one) === JSON.stringify(other);

/** The state decides what follows: where it equals the calm one the rest of the line is the calm one, too. */
const judge = async (stage: Stage, played: Played, course: Course): Promise<void> => {
  if (same(played.ending, course.ending) || played.rest.length === 0) {
    course.problems.push(...differences(played.ending, course.ending));
    return;
  }
  await goOn(stage, played, course);
  course.problems.push(...differences(played.end, course.ending));
};

const verdictOf = ({ problems, log }: Course, refused: boolean): Pick<Verdict, 'kind' | 'problems' | 'log'> => {
  if (problems.length > 0) return { kind: 'diverged', problems, log: log.join('\n') };
  return { kind: refused ? 'refused' : 'converged', problems, log: '' };
};

/** Strikes one job, lets it be finished, and compares the end with the calm one. */
export const play = async (stage: Stage, played: Played, { name, blow, follower }: Scenario): Promise<Verdict> => {
  const { step, before, start } = played;
  await stage.load(before);
  const course: Course = { problems: [], log: [], scene: before.scene, ending: start, reason: '' };
  openGate(stage, step, course.scene);
  const struck = await strike(stage, step, { scene: course.scene, blow });
  course.log.push(told('struck', struck.job));
  course.problems.push(...complaints(stage, blow, struck));
  course.reason = struck.job.reason;
  await lookAgain(stage, step, course);
  const unchanged = same(start, course.ending);
  if (struck.job.decision === 'refused' && !unchanged) course.problems.push('refused, but something changed');
  const done = !wasKilled(blow) && isDone(played.job, course.reason) && same(played.ending, course.ending);
  if (!done) await finish(stage, played, { course, follower });
  await judge(stage, played, course);
  course.problems.push(...stage.hub.problems.slice(0, 3));
  const refused = !done && !wasKilled(blow) && unchanged;
  return { name, cancelMs: struck.cancelMs ?? 0, ...verdictOf(course, refused) };
};
