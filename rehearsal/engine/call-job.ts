import { permissionsFor } from './check.ts';
import { groupRequestOf } from './concurrency.ts';
import { admit } from './admission.ts';
import { RehearsalError } from './errors.ts';
import { resolve, resolveText, resolveTexts } from './expressions.ts';
import type { Scope, Value } from './expressions.ts';
import { callInputs } from './inputs.ts';
import { needsContext, outerScope, worst } from './level.ts';
import type { Level, Outcome } from './level.ts';
import type { JobEnd } from './machine-job.ts';
import type { Leg } from './matrix.ts';
import type { CallEvent, CallJob } from './model.ts';
import { findWorkflow } from './sources.ts';
import type { Texts } from './site.ts';

export interface WorkflowCall {
  readonly level: Level;
  readonly job: CallJob;
  readonly needs: readonly Outcome[];
  readonly leg: Leg;
  readonly name: string;
  readonly key: string;
  readonly stop: AbortController;
  readonly again: boolean;
  /** Carries out the called file. */
  readonly descend: (level: Level) => Promise<ReadonlyMap<string, Outcome>>;
  readonly say: (message: string) => void;
}

export interface CallEnd extends JobEnd {
  readonly fresh: boolean;
}

const handedSecrets = ({ level, job }: WorkflowCall, event: CallEvent, scope: Scope): Texts => {
  if (job.secrets === 'inherit') return level.secrets;
  const given = resolveTexts({ kind: 'map', entries: job.secrets }, scope);
  const unknown = Object.keys(given).find((name) => !event.secrets.has(name));
  if (unknown !== undefined) throw new RehearsalError(`Secret ${unknown} is not defined in ${job.uses}`);
  const missing = [...event.secrets].find(([name, { required }]) => required && !Object.hasOwn(given, name));
  if (missing !== undefined)
    throw new RehearsalError(`Secret ${missing[0]} is required, but not provided while calling`);
  return given;
};

const innerLevel = async (call: WorkflowCall): Promise<{ inner: Level; event: CallEvent }> => {
  const { level, job, needs, leg, stop, again, name } = call;
  const { workflow, source } = await findWorkflow(level.run.site, level.source, job.uses);
  const event = workflow.events.call;
  if (event === undefined) throw new RehearsalError(`${job.uses} has no workflow_call`);
  const more: Readonly<Record<string, Value>> = {
    needs: needsContext(needs),
    matrix: leg.values,
    strategy: leg.strategy,
    secrets: level.secrets
  };
  const scope = outerScope(level, more);
  const given = Object.fromEntries([...job.with].map(([key, tree]) => [key, resolve(tree, scope)]));
  const outer = groupRequestOf(job.concurrency, scope);
  const inner: Level = {
    run: level.run,
    workflow,
    source,
    stop,
    path: [...level.path, name],
    inputs: callInputs(event.inputs, given, scope),
    secrets: handedSecrets(call, event, scope),
    allowed: permissionsFor(level.workflow, job, {
      allowed: level.allowed,
      fallback: level.run.site.defaultPermissions
    }),
    environmentSecrets: level.environmentSecrets && source.owner === level.source.owner,
    groups: outer === undefined ? level.groups : [...level.groups, outer.group.toLowerCase()],
    again
  };
  return { inner, event };
};

/** The file's own `concurrency` counts for the time of the call. */
const inItsGroup = async (
  call: WorkflowCall,
  inner: Level,
  work: (level: Level) => Promise<CallEnd>
): Promise<CallEnd> => {
  const group = groupRequestOf(inner.workflow.concurrency, outerScope(inner));
  const { key, stop, say } = call;
  const admission = await admit({ level: inner, key, environment: undefined, group, stop, say });
  if (admission.answer !== 'go') {
    return { conclusion: admission.answer, result: admission.answer, outputs: {}, fresh: true };
  }
  const groups = group === undefined ? inner.groups : [...inner.groups, group.group.toLowerCase()];
  return work({ ...inner, groups }).finally(() => admission.leave());
};

/** Carries out a called workflow; its result is the worst of its jobs'. */
export const runCall = async (call: WorkflowCall): Promise<CallEnd> => {
  const { inner, event } = await innerLevel(call);
  return inItsGroup(call, inner, async (level) => {
    const outcomes = await call.descend(level);
    const jobs = Object.fromEntries([...outcomes].map(([id, { result, outputs }]) => [id, { result, outputs }]));
    const scope = outerScope(level, { jobs });
    const outputs = [...event.outputs].map(([name, tree]): [string, string] => [name, resolveText(tree, scope)]);
    const all = [...outcomes.values()];
    const result = worst(all.map((each) => each.result));
    return {
      conclusion: result,
      result,
      outputs: Object.fromEntries(outputs),
      fresh: all.some(({ fresh }) => fresh)
    };
  });
};
