import { admit, settle } from './admission.ts';
import type { JobView, Result } from './board.ts';
import { runCall } from './call-job.ts';
import { groupRequestOf } from './concurrency.ts';
import { jobStatus, statusFunctions } from './contexts.ts';
import { RehearsalError, messageOf } from './errors.ts';
import { holds, resolveText } from './expressions.ts';
import type { Scope } from './expressions.ts';
import { chainOf, needsContext, outerContexts } from './level.ts';
import type { Level, Outcome } from './level.ts';
import { runOnMachine } from './machine-job.ts';
import type { JobEnd } from './machine-job.ts';
import type { Leg } from './matrix.ts';
import type { Job } from './model.ts';

export interface LegCall {
  readonly level: Level;
  readonly job: Job;
  readonly needs: readonly Outcome[];
  readonly leg: Leg;
  readonly name: string;
  readonly key: string;
  readonly stop: AbortController;
  /** A job before it ran anew, so it does too. */
  readonly again: boolean;
  readonly descend: (level: Level) => Promise<ReadonlyMap<string, Outcome>>;
}

export interface LegEnd extends JobEnd {
  readonly fresh: boolean;
}

const scopeOf = ({ level, needs, leg }: LegCall): Scope => ({
  contexts: outerContexts(level, { needs: needsContext(needs), matrix: leg.values, strategy: leg.strategy }),
  functions: {}
});

const show = ({ level, key }: LegCall, change: Partial<JobView>): void =>
  level.run.site.board.setJob(level.run.facts.id, key, change);

const note = ({ level, key }: LegCall, what: string): void => {
  const { site, facts } = level.run;
  site.board.note({ run: facts.id, attempt: facts.attempt, job: key, what });
};

const say = (call: LegCall, message: string): void => {
  const { site, facts } = call.level.run;
  const before = site.board.job(facts.id, call.key)?.annotations ?? [];
  show(call, { annotations: [...before, { level: 'error', message }] });
};

const passed = (view: JobView): boolean => view.conclusion === 'success' || view.conclusion === 'skipped';

/** What the attempt before left of this job and of all below it; undefined when it has to run. */
const reusable = ({ level, key, again }: LegCall): readonly JobView[] | undefined => {
  const own = level.run.previous.get(key);
  if (again || own === undefined || !passed(own)) return undefined;
  const inner = [...level.run.previous.values()].filter((view) => view.key.startsWith(`${key} / `));
  return inner.every(passed) ? [own, ...inner] : undefined;
};

const reuse = (call: LegCall, views: readonly JobView[]): LegEnd => {
  const { site, facts } = call.level.run;
  for (const view of views) site.board.setJob(facts.id, view.key, { ...view, reused: true });
  note(call, 'kept from the attempt before');
  const [own] = views;
  return {
    conclusion: own?.conclusion ?? 'success',
    result: own?.result ?? 'success',
    outputs: own?.outputs ?? {},
    fresh: false
  };
};

/** A cancelled run leaves a running job alone when its `if:` still holds; a waiting job it always ends. */
const follow = (call: LegCall, hasStarted: () => boolean): (() => void) => {
  const { level, job, needs, stop } = call;
  if (level.stop.signal.aborted) return () => undefined;
  const onStop = (): void => {
    const status = statusFunctions(jobStatus(chainOf(needs).values(), true));
    const scope = { contexts: outerContexts(level, { needs: needsContext(needs) }), functions: status };
    if (!hasStarted() || !holds(job.condition, scope)) stop.abort();
  };
  level.stop.signal.addEventListener('abort', onStop, { once: true });
  return () => level.stop.signal.removeEventListener('abort', onStop);
};

const begin = (call: LegCall): number => {
  show(call, { status: 'in_progress', startedAt: new Date() });
  note(call, 'started');
  settle(call.level.run);
  return performance.now();
};

const body = async (call: LegCall, environment: string | undefined): Promise<LegEnd> => {
  const { job } = call;
  if (job.kind === 'call') return runCall({ ...call, job, say: (message) => say(call, message) });
  return { ...(await runOnMachine({ ...call, job, environment })), fresh: true };
};

const ended = (result: Result): LegEnd => ({ conclusion: result, result, outputs: {}, fresh: true });

/** What GitHub would refuse while the run goes on fails this job only. */
const saved = async (call: LegCall, work: () => Promise<LegEnd>): Promise<LegEnd> => {
  try {
    return await work();
  } catch (error) {
    if (error instanceof RehearsalError) throw error;
    say(call, messageOf(error));
    return ended('failure');
  }
};

const environmentOf = ({ job }: LegCall, scope: Scope): string | undefined => {
  if (job.kind === 'call' || job.environment === undefined) return undefined;
  const name = resolveText(job.environment.name, scope);
  return name === '' ? undefined : name;
};

const work = async (call: LegCall): Promise<LegEnd> => {
  const { level, job, key, stop } = call;
  const scope = scopeOf(call);
  const environment = environmentOf(call, scope);
  const group = groupRequestOf(job.concurrency, scope);
  show(call, { environment });
  let started: number | undefined;
  const unfollow = follow(call, () => started !== undefined);
  const applicant = { level, key, environment, group, stop, say: (message: string) => say(call, message) };
  try {
    const admission = await admit(applicant);
    if (admission.answer !== 'go') return ended(admission.answer);
    started = begin(call);
    return await body(call, environment).finally(() => admission.leave());
  } finally {
    unfollow();
    if (started !== undefined && job.kind === 'steps') show(call, { machineMs: performance.now() - started });
  }
};

export const finishJob = (call: Pick<LegCall, 'level' | 'key'>, { conclusion, result, outputs }: JobEnd): void => {
  const { site, facts } = call.level.run;
  const change = { status: 'completed', conclusion, result, outputs, completedAt: new Date() } as const;
  site.board.setJob(facts.id, call.key, change);
  site.board.note({ run: facts.id, attempt: facts.attempt, job: call.key, what: conclusion });
  settle(call.level.run);
};

/** One job of the run: a leg of a matrix, or all there is of a job without one. */
export const runLeg = async (call: LegCall): Promise<LegEnd> => {
  const old = reusable(call);
  if (old !== undefined) return reuse(call, old);
  show(call, { name: call.name, status: 'queued', calls: call.job.kind === 'call' });
  const end = await saved(call, () => work(call));
  finishJob(call, end);
  return end;
};
