import { basename } from 'node:path';
import { aborted } from './admission.ts';
import type { JobView, Result, RunView } from './board.ts';
import { checkWorkflow } from './check.ts';
import { groupRequestOf } from './concurrency.ts';
import type { RunFacts } from './contexts.ts';
import { RehearsalError } from './errors.ts';
import { resolveText } from './expressions.ts';
import { runLevel } from './jobs.ts';
import { outerScope, worst } from './level.ts';
import type { Level } from './level.ts';
import type { Workflow } from './model.ts';
import type { Site, Trigger } from './site.ts';
import type { Source } from './sources.ts';

export interface NewRun {
  readonly trigger: Trigger;
  readonly workflow: Workflow;
  readonly source: Source;
  /** The title when the file has no `run-name`. */
  readonly title: string;
}

interface Kept extends NewRun {
  facts: RunFacts;
  stop: AbortController;
  finished: Promise<void>;
  /** What broke the rehearsal in this run. */
  error: unknown;
}

export interface Rerun {
  readonly failedOnly?: boolean;
  readonly actor?: string;
}

export interface Runs {
  start(run: NewRun): Promise<RunView>;
  rerun(id: number, how: Rerun): RunView;
  cancel(id: number): void;
  /** What started the run, and what of. */
  origin(id: number): NewRun;
  /** Throws what broke the run. */
  check(id: number): void;
  /** Resolves when nothing runs any more. */
  settled(): Promise<void>;
}

const levelOf = (site: Site, run: Kept, previous: ReadonlyMap<string, JobView>): Level => ({
  run: { site, facts: run.facts, previous },
  workflow: run.workflow,
  source: run.source,
  stop: run.stop,
  path: [],
  inputs: run.trigger.inputs,
  secrets: site.secrets,
  allowed: undefined,
  environmentSecrets: true,
  groups: [],
  again: previous.size === 0
});

const note = ({ board }: Site, { id, attempt }: RunFacts, what: string): void =>
  board.note({ run: id, attempt, job: undefined, what });

const change = ({ board }: Site, id: number, to: Partial<RunView>): void => {
  const view = board.run(id);
  if (view !== undefined) board.setRun({ ...view, ...to });
};

const jobsOf = async (site: Site, level: Level): Promise<Result> => {
  const { facts } = level.run;
  change(site, facts.id, { status: 'in_progress' });
  note(site, facts, 'started');
  const outcomes = await runLevel(level);
  if (level.stop.signal.aborted) return 'cancelled';
  return worst([...outcomes.values()].map(({ result }) => result));
};

/** The whole run in its concurrency group; a run that never gets its turn has no jobs. */
const inTurn = async (site: Site, level: Level): Promise<Result> => {
  const { facts } = level.run;
  const group = groupRequestOf(level.workflow.concurrency, outerScope(level));
  if (group === undefined) return jobsOf(site, level);
  const place = site.groups.arrive(group, {
    name: String(facts.id),
    cancel: (reason) => {
      note(site, facts, reason);
      level.stop.abort();
    }
  });
  try {
    place.ready();
    if (site.groups.waiting(group.group).includes(String(facts.id))) {
      change(site, facts.id, { status: 'pending' });
      note(site, facts, 'pending');
    }
    if ((await aborted(level.stop.signal, place.turn)) === 'aborted') return 'cancelled';
    return await jobsOf(site, { ...level, groups: [group.group.toLowerCase()] });
  } finally {
    place.leave();
  }
};

const attempt = async (site: Site, run: Kept, previous: ReadonlyMap<string, JobView>): Promise<void> => {
  const { facts } = run;
  let conclusion: Result = 'failure';
  try {
    conclusion = await inTurn(site, levelOf(site, run, previous));
  } catch (error) {
    run.error = error;
    run.stop.abort();
  }
  site.hub.finishRun(facts.id, conclusion);
  note(site, facts, conclusion);
  change(site, facts.id, { status: 'completed', conclusion });
};

const titleOf = (site: Site, { workflow, trigger, title }: NewRun, facts: RunFacts): string => {
  if (workflow.runName === undefined) return title;
  const run = { site, facts, previous: new Map<string, JobView>() };
  return resolveText(workflow.runName, outerScope({ ...EMPTY_LEVEL, run, workflow, inputs: trigger.inputs }));
};

const EMPTY_LEVEL: Omit<Level, 'run' | 'workflow' | 'inputs'> = {
  source: { name: '', owner: '', commit: undefined, read: () => Promise.resolve(undefined) },
  stop: new AbortController(),
  path: [],
  secrets: {},
  allowed: undefined,
  environmentSecrets: false,
  groups: [],
  again: true
};

const viewOf = (site: Site, given: NewRun, facts: RunFacts): RunView => ({
  id: facts.id,
  attempt: facts.attempt,
  workflow: basename(given.workflow.path),
  event: given.trigger.event,
  actor: given.trigger.actor,
  title: titleOf(site, given, facts),
  sha: given.trigger.sha,
  status: 'in_progress',
  conclusion: undefined,
  follows: given.trigger.follows?.run
});

const admitRun = (site: Site, given: NewRun, number: number): RunFacts => {
  const { trigger, workflow } = given;
  const { event, actor, sha, ref } = trigger;
  const started = site.hub.startRun({ event, actor, sha, ref, workflow: basename(workflow.path) });
  return {
    id: started.id,
    attempt: 1,
    number,
    triggeringActor: actor,
    trigger,
    workflowName: workflow.name,
    workflowPath: workflow.path
  };
};

const begin = async (site: Site, given: NewRun, number: number): Promise<Kept> => {
  const { workflow, source } = given;
  await checkWorkflow({ site, source, workflow, allowed: undefined, depth: 1 });
  const facts = admitRun(site, given, number);
  site.board.setRun(viewOf(site, given, facts));
  const run: Kept = { ...given, facts, stop: new AbortController(), finished: Promise.resolve(), error: undefined };
  run.finished = attempt(site, run, new Map());
  return run;
};

/** Everything anew, or only what failed and what depends on it. */
const again = (site: Site, run: Kept, { failedOnly = false, actor }: Rerun): RunView => {
  const { id } = run.facts;
  const before = site.board.jobs(id);
  const { attempt: number } = site.hub.rerun(id);
  run.facts = { ...run.facts, attempt: number, triggeringActor: actor ?? run.facts.trigger.actor };
  run.stop = new AbortController();
  site.board.clearJobs(id);
  change(site, id, { attempt: number, status: 'in_progress', conclusion: undefined });
  run.finished = attempt(site, run, new Map(failedOnly ? before.map((view) => [view.key, view]) : []));
  return site.board.run(id) ?? viewOf(site, run, run.facts);
};

export const createRuns = (site: Site): Runs => {
  const all = new Map<number, Kept>();
  const numbers = new Map<string, number>();
  const find = (id: number): Kept => {
    const run = all.get(id);
    if (run === undefined) throw new RehearsalError(`there is no run ${id}`);
    return run;
  };
  return {
    start: async (given) => {
      const number = (numbers.get(given.workflow.path) ?? 0) + 1;
      numbers.set(given.workflow.path, number);
      const run = await begin(site, given, number);
      all.set(run.facts.id, run);
      return site.board.run(run.facts.id) ?? viewOf(site, run, run.facts);
    },
    rerun: (id, how) => again(site, find(id), how),
    cancel: (id) => find(id).stop.abort(),
    origin: find,
    check: (id) => {
      const { error } = find(id);
      if (error !== undefined) throw error;
    },
    settled: async () => {
      for (const run of all.values()) run.stop.abort();
      await Promise.all([...all.values()].map(({ finished }) => finished));
    }
  };
};
