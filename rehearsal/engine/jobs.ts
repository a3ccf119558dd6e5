import type { Result } from './board.ts';
import { jobStatus, statusFunctions } from './contexts.ts';
import { RehearsalError, messageOf } from './errors.ts';
import { holds, resolveText } from './expressions.ts';
import type { Scope } from './expressions.ts';
import { finishJob, runLeg } from './leg.ts';
import type { LegCall, LegEnd } from './leg.ts';
import { chainOf, keyOf, legName, needsContext, outerContexts, outerScope, worst } from './level.ts';
import type { Level, Outcome } from './level.ts';
import { planStrategy } from './matrix.ts';
import type { Strategy } from './matrix.ts';
import type { Job } from './model.ts';

const outcomeOf = (job: Job, needs: readonly Outcome[], end: Omit<LegEnd, 'conclusion'>): Outcome => ({
  id: job.id,
  result: end.result,
  outputs: end.outputs,
  fresh: end.fresh,
  chain: chainOf(needs).set(job.id, end.result)
});

/** Lets so many work at a time, in order. */
const limited = (most: number): (<T>(work: () => Promise<T>) => Promise<T>) => {
  let free = most;
  const queue: (() => void)[] = [];
  return async (work) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => void queue.push(resolve));
    try {
      return await work();
    } finally {
      const next = queue.shift();
      if (next === undefined) free += 1;
      else next();
    }
  };
};

interface JobCall {
  readonly level: Level;
  readonly job: Job;
  readonly needs: readonly Outcome[];
}

const legCalls = ({ level, job, needs }: JobCall, { legs }: Strategy): readonly LegCall[] =>
  legs.map((leg) => {
    const scope = outerScope(level, { needs: needsContext(needs), matrix: leg.values, strategy: leg.strategy });
    const name = legName(job, job.name && resolveText(job.name, scope), leg.label);
    return {
      level,
      job,
      needs,
      leg,
      name,
      key: keyOf(level, name),
      stop: new AbortController(),
      again: level.again || needs.some(({ fresh }) => fresh),
      descend: runLevel
    };
  });

/** The last leg that gives an output a value wins (docs: "jobs.<job_id>.outputs"). */
const merged = (ends: readonly LegEnd[]): Record<string, string> =>
  Object.fromEntries(ends.flatMap(({ outputs }) => Object.entries(outputs).filter(([, value]) => value !== '')));

const runLegs = async (call: JobCall, strategy: Strategy): Promise<LegEnd> => {
  const calls = legCalls(call, strategy);
  const limit = limited(Math.max(1, strategy.maxParallel));
  const ends = await Promise.all(
    calls.map((leg) =>
      limit(async () => {
        const end = await runLeg(leg);
        const spread = end.result === 'failure' && strategy.failFast;
        if (spread) for (const other of calls) if (other !== leg) other.stop.abort();
        return end;
      })
    )
  );
  const single = ends.length === 1 ? ends[0] : undefined;
  if (single !== undefined) return single;
  const result = worst(ends.map((end) => end.result));
  return { result, conclusion: result, outputs: merged(ends), fresh: ends.some(({ fresh }) => fresh) };
};

const plainEnd = (result: Result, fresh: boolean): LegEnd => ({ result, conclusion: result, outputs: {}, fresh });

const carryOut = async (call: JobCall): Promise<LegEnd> => {
  const { level, job, needs } = call;
  const scope: Scope = {
    contexts: outerContexts(level, { needs: needsContext(needs) }),
    functions: statusFunctions(jobStatus(chainOf(needs).values(), level.stop.signal.aborted))
  };
  if (holds(job.condition, scope)) return runLegs(call, planStrategy(job.strategy, scope));
  const end = plainEnd(
    'skipped',
    needs.some(({ fresh }) => fresh)
  );
  finishJob({ level, key: keyOf(level, job.id) }, end);
  return end;
};

const runJob = async (level: Level, job: Job, before: readonly Promise<Outcome>[]): Promise<Outcome> => {
  const needs = await Promise.all(before);
  try {
    return outcomeOf(job, needs, await carryOut({ level, job, needs }));
  } catch (error) {
    if (error instanceof RehearsalError) throw error;
    const key = keyOf(level, job.id);
    const { site, facts } = level.run;
    site.board.setJob(facts.id, key, { annotations: [{ level: 'error', message: messageOf(error) }] });
    finishJob({ level, key }, plainEnd('failure', true));
    return outcomeOf(job, needs, plainEnd('failure', true));
  }
};

/** Runs the jobs of a file, each as soon as all it needs have ended. Throws what the engine does not know, when all has stopped. */
export const runLevel = async (level: Level): Promise<ReadonlyMap<string, Outcome>> => {
  const started = new Map<string, Promise<Outcome>>();
  const start = (id: string): Promise<Outcome> => {
    const known = started.get(id);
    if (known !== undefined) return known;
    const job = level.workflow.jobs.find((each) => each.id === id);
    if (job === undefined) throw new RehearsalError(`there is no job ${id}`);
    const running = runJob(level, job, job.needs.map(start));
    started.set(id, running);
    running.catch(() => level.stop.abort());
    return running;
  };
  const all = level.workflow.jobs.map(({ id }) => start(id));
  const settled = await Promise.allSettled(all);
  const broken = settled.find((each) => each.status === 'rejected');
  if (broken !== undefined) throw broken.reason;
  const outcomes = settled.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  return new Map(outcomes.map((outcome) => [outcome.id, outcome]));
};
