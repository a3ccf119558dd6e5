import type { Permissions } from '../hub/index.ts';
import type { JobView, Result } from './board.ts';
import { githubContext } from './contexts.ts';
import type { RunFacts } from './contexts.ts';
import type { Scope, Value, Values } from './expressions.ts';
import type { Job, Workflow } from './model.ts';
import type { Site, Texts } from './site.ts';
import type { Source } from './sources.ts';

/** One attempt of a run while it is under way. */
export interface ActiveRun {
  readonly site: Site;
  readonly facts: RunFacts;
  /** What the attempt before left, when only failed jobs run again. */
  readonly previous: ReadonlyMap<string, JobView>;
}

/** One workflow file being carried out: the run's own, or one that a job calls. */
export interface Level {
  readonly run: ActiveRun;
  readonly workflow: Workflow;
  readonly source: Source;
  /** Cancels this level and all below it. */
  readonly stop: AbortController;
  /** Names of the calling jobs, outermost first. */
  readonly path: readonly string[];
  readonly inputs: Values;
  readonly secrets: Texts;
  /** What the caller's token may; undefined at the top. */
  readonly allowed: Permissions | undefined;
  /** Secrets of environments do not reach a workflow of another owner's repository. */
  readonly environmentSecrets: boolean;
  /** Groups held around this level, in lower case. */
  readonly groups: readonly string[];
  /** Everything below runs again, whatever it was before. */
  readonly again: boolean;
}

/** What the jobs after it see of a job. */
export interface Outcome {
  readonly id: string;
  readonly result: Result;
  readonly outputs: Texts;
  /** Results of all its ancestors and its own. */
  readonly chain: ReadonlyMap<string, Result>;
  /** It ran in this attempt. */
  readonly fresh: boolean;
}

export const needsContext = (needs: readonly Outcome[]): Values =>
  Object.fromEntries(needs.map(({ id, result, outputs }) => [id, { result, outputs }]));

export const chainOf = (needs: readonly Outcome[]): Map<string, Result> =>
  new Map(needs.flatMap(({ chain }) => [...chain]));

/** Contexts before a job has a machine. */
export const outerContexts = ({ run, inputs }: Level, more: Readonly<Record<string, Value>> = {}): Values => ({
  github: githubContext(run.site, run.facts),
  inputs,
  vars: run.site.vars,
  ...more
});

export const outerScope = (level: Level, more: Readonly<Record<string, Value>> = {}): Scope => ({
  contexts: outerContexts(level, more),
  functions: {}
});

/** Failure outweighs cancellation, and that success; a job of nothing but skipped ones is skipped. */
export const worst = (results: readonly Result[]): Result => {
  const order: readonly Result[] = ['failure', 'cancelled', 'success'];
  return order.find((result) => results.includes(result)) ?? 'skipped';
};

export const keyOf = (level: Level, name: string): string => [...level.path, name].join(' / ');

/** A job of a matrix under its own name: `test (1, a)`. */
export const legName = (job: Job, name: string | undefined, label: string): string => {
  if (name !== undefined && name !== '') return name;
  return label === '' ? job.id : `${job.id} (${label})`;
};
