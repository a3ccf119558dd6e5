import type { Permissions } from '../hub/index.ts';
import { checkUses } from './actions.ts';
import type { Tree } from './document.ts';
import { RehearsalError } from './errors.ts';
import type { Value } from './expressions.ts';
import type { CallJob, Job, StepsJob, Workflow } from './model.ts';
import { lowered } from './permissions.ts';
import type { Site } from './site.ts';
import { findWorkflow } from './sources.ts';
import type { Source } from './sources.ts';

const MACHINES = ['ubuntu-latest', 'ubuntu-24.04'];

/** `runs-on:` after its expressions; only what we stand in for. */
export const checkMachine = (value: Value, job: string): void => {
  const labels: readonly Value[] = Array.isArray(value) ? value : [value];
  const unknown = labels.find((label) => typeof label !== 'string' || !MACHINES.includes(label));
  if (unknown !== undefined || labels.length !== 1) {
    throw new RehearsalError(`job ${job}: the engine does not know the machine ${JSON.stringify(value)}`);
  }
};

const literals = (tree: Tree): Value | undefined => {
  if (tree.kind === 'literal') return tree.value;
  if (tree.kind === 'list' && tree.items.every(({ kind }) => kind === 'literal')) {
    return tree.items.map((item) => (item.kind === 'literal' ? item.value : null));
  }
  return tree.kind === 'map' ? 'a runner group' : undefined;
};

const checkSteps = ({ map, job }: { readonly map: Site['actions']; readonly job: StepsJob }): void => {
  const machine = literals(job.runsOn);
  if (machine !== undefined) checkMachine(machine, job.id);
  for (const step of job.steps) if (step.kind === 'uses') checkUses(step.uses, map);
};

interface Visit {
  readonly site: Site;
  readonly source: Source;
  readonly workflow: Workflow;
  readonly allowed: Permissions | undefined;
  readonly depth: number;
}

export const permissionsFor = (
  workflow: Workflow,
  job: Job,
  outer: { readonly allowed: Permissions | undefined; readonly fallback: Permissions }
): Permissions => {
  const asked = job.permissions ?? workflow.permissions;
  if (outer.allowed === undefined) return asked ?? outer.fallback;
  return asked === undefined ? outer.allowed : lowered(outer.allowed, asked, job.id);
};

/** The docs' limit since late 2025: ten levels. */
const DEEPEST = 10;

const checkCall = async (visit: Visit, job: CallJob, allowed: Permissions): Promise<void> => {
  if (visit.depth >= DEEPEST)
    throw new RehearsalError(`${job.uses}: workflows call each other more than ${DEEPEST} deep`);
  const called = await findWorkflow(visit.site, visit.source, job.uses);
  await checkWorkflow({ ...visit, ...called, allowed, depth: visit.depth + 1 });
};

/** Everything that can be known before a run starts: actions, machines, called workflows, and what their tokens may. */
export const checkWorkflow = async (visit: Visit): Promise<void> => {
  const { site, workflow, allowed } = visit;
  for (const job of workflow.jobs) {
    const permissions = permissionsFor(workflow, job, { allowed, fallback: site.defaultPermissions });
    if (job.kind === 'steps') checkSteps({ map: site.actions, job });
    else await checkCall(visit, job, permissions);
  }
};
