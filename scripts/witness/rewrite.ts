import * as v from 'valibot';
import { parse, stringify } from 'yaml';
import { SCOPES } from '../../rehearsal/hub/access.ts';
import type { Permissions } from '../../rehearsal/hub/index.ts';

const Scopes = v.union([
  v.picklist(['read-all', 'write-all']),
  v.record(v.picklist(SCOPES), v.picklist(['read', 'write', 'none']))
]);
const Step = v.looseObject({ uses: v.optional(v.string()), with: v.optional(v.record(v.string(), v.unknown())) });
const Group = v.union([v.string(), v.looseObject({ queue: v.optional(v.string()) })]);
const Job = v.looseObject({
  name: v.optional(v.string()),
  if: v.optional(v.unknown()),
  permissions: v.optional(Scopes),
  concurrency: v.optional(Group),
  environment: v.optional(
    v.union([v.string(), v.looseObject({ name: v.string(), deployment: v.optional(v.unknown()) })])
  ),
  strategy: v.optional(v.unknown()),
  uses: v.optional(v.string()),
  steps: v.optional(v.array(Step))
});
type Job = v.InferOutput<typeof Job>;
const Workflow = v.looseObject({
  permissions: v.optional(Scopes),
  concurrency: v.optional(Group),
  jobs: v.record(v.string(), Job)
});
type Workflow = v.InferOutput<typeof Workflow>;

export const readJobs = (text: string): Workflow['jobs'] => v.parse(Workflow, parse(text)).jobs;

/** The action under test, whatever it is pinned to. */
const OURS = /^OWNER\/esteira@/;

/** The last job of a rewritten workflow: writes down what the others gave. */
export const COLLECTOR = 'witness-collector';
export const GATE_STEP = 'witness-gate';

const withoutQueue = (group: v.InferOutput<typeof Group> | undefined): v.InferOutput<typeof Group> | undefined => {
  if (typeof group !== 'object') return group;
  const { queue: _queue, ...rest } = group;
  return rest;
};

const withoutDeployment = (environment: Job['environment']): Job['environment'] => {
  if (typeof environment !== 'object') return environment;
  const { deployment: _deployment, ...rest } = environment;
  return rest;
};

export const environmentOf = ({ environment }: Job): string | undefined =>
  typeof environment === 'object' ? environment.name : environment;

export const secretOf = (job: string): string => `WITNESS_TOKEN_${job.toUpperCase().replaceAll('-', '_')}`;

/** act has one token for all jobs; ours come by name, each with the scopes of its job. */
const withToken = (step: v.InferOutput<typeof Step>, job: string): v.InferOutput<typeof Step> =>
  step.uses !== undefined && OURS.test(step.uses)
    ? { ...step, with: { ...step.with, token: `\${{ secrets.${secretOf(job)} }}` } }
    : step;

/** Holds the job as the platform would hold it before its start. */
const gateStep = (environment: string): Record<string, unknown> => ({
  id: GATE_STEP,
  run: [
    `touch "$WITNESS_GATES/${environment}.waiting"`,
    `until [ -e "$WITNESS_GATES/${environment}.open" ]; do sleep 0.05; done`
  ].join('\n')
});

const undefinedLess = (given: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));

/** act takes the text of an expression for the output of a job that was skipped; GitHub has none (see the divergences). */
const withoutSkippedOutputs = (condition: unknown): unknown => {
  if (typeof condition !== 'string') return condition;
  const inner = condition.replace(/^\$\{\{\s*([\s\S]*?)\s*\}\}$/, '$1');
  const asked = new Set([...inner.matchAll(/needs\.([\w-]+)\.outputs\./g)].map(([, id = '']) => id));
  if (asked.size === 0) return condition;
  return `\${{ ${[...asked].map((id) => `needs.${id}.result != 'skipped' && `).join('')}(${inner}) }}`;
};

const rewriteJob = (id: string, job: Job, gated: string | undefined): Record<string, unknown> => {
  const steps = job.steps?.map((step) => withToken(step, id));
  const waits = gated !== undefined && environmentOf(job) === gated;
  return undefinedLess({
    ...job,
    if: withoutSkippedOutputs(job.if),
    concurrency: withoutQueue(job.concurrency),
    environment: withoutDeployment(job.environment),
    steps: waits && steps !== undefined ? [gateStep(gated), ...steps] : steps
  });
};

const collector = (jobs: readonly string[]): Record<string, unknown> => ({
  needs: jobs,
  if: 'always()',
  'runs-on': 'ubuntu-24.04',
  steps: [
    { env: { NEEDS: '${{ toJSON(needs) }}' }, run: 'printf %s "$NEEDS" > "$WITNESS_NEEDS"', 'working-directory': '.' }
  ]
});

/**
 * The same workflow for act, by rule and never by hand: `concurrency.queue` and `environment.deployment` go, which its
 * schema refuses; each use of our action gets its own job's token; jobs of the gated environment wait in a first step;
 * a condition on the outputs of a job also asks that it was not skipped; a last job writes down results and outputs.
 */
export const forAct = (text: string, gated?: string): string => {
  const workflow = v.parse(Workflow, parse(text));
  const jobs = Object.entries(workflow.jobs).map(([id, job]) => [id, rewriteJob(id, job, gated)] as const);
  const names = Object.keys(workflow.jobs);
  return stringify(
    undefinedLess({
      ...workflow,
      concurrency: withoutQueue(workflow.concurrency),
      jobs: { ...Object.fromEntries(jobs), [COLLECTOR]: collector(names) }
    })
  );
};

/** What each job's token may; where the file says nothing, the restricted default. */
export const permissionsOf = (text: string): ReadonlyMap<string, Permissions> => {
  const workflow = v.parse(Workflow, parse(text));
  return new Map(
    Object.entries(workflow.jobs).map(([id, job]) => [
      id,
      job.permissions ?? workflow.permissions ?? { contents: 'read', packages: 'read' }
    ])
  );
};
