import { globSync, readFileSync } from 'node:fs';
import * as v from 'valibot';
import { parse } from 'yaml';

const Scalar = v.union([v.string(), v.number(), v.boolean()]);
const Scopes = v.record(v.string(), v.string());
const Concurrency = v.union([
  v.string(),
  v.strictObject({
    group: v.string(),
    queue: v.optional(v.string()),
    'cancel-in-progress': v.optional(v.union([v.boolean(), v.string()]))
  })
]);

const Step = v.strictObject({
  id: v.optional(v.string()),
  name: v.optional(v.string()),
  if: v.optional(v.string()),
  uses: v.optional(v.string()),
  run: v.optional(v.string()),
  'continue-on-error': v.optional(v.boolean()),
  with: v.optional(v.record(v.string(), Scalar), {})
});

/** Strict: a key that we do not expect in a job of the line is worth a look. */
const Job = v.strictObject({
  name: v.optional(v.string()),
  needs: v.optional(
    v.pipe(
      v.union([v.string(), v.array(v.string())]),
      v.transform((needs) => (typeof needs === 'string' ? [needs] : needs))
    ),
    []
  ),
  if: v.optional(v.string()),
  'runs-on': v.optional(v.string()),
  'timeout-minutes': v.optional(v.union([v.number(), v.string()])),
  'continue-on-error': v.optional(v.boolean()),
  environment: v.optional(
    v.strictObject({ name: v.string(), url: v.optional(v.string()), deployment: v.optional(v.boolean()) })
  ),
  concurrency: v.optional(Concurrency),
  permissions: v.optional(Scopes),
  outputs: v.optional(v.record(v.string(), v.string()), {}),
  steps: v.optional(v.array(Step), []),
  uses: v.optional(v.string()),
  with: v.optional(v.record(v.string(), Scalar), {}),
  secrets: v.optional(v.union([v.literal('inherit'), v.record(v.string(), v.string())]))
});

const Input = v.strictObject({
  description: v.optional(v.string()),
  type: v.optional(v.picklist(['string', 'boolean', 'number', 'choice', 'environment']), 'string'),
  default: v.optional(Scalar),
  required: v.optional(v.boolean(), false),
  options: v.optional(v.array(v.string()))
});
export type Input = v.InferOutput<typeof Input>;

const Called = v.looseObject({
  inputs: v.optional(v.record(v.string(), Input), {}),
  secrets: v.optional(v.record(v.string(), v.looseObject({ required: v.optional(v.boolean(), false) })), {})
});
export type Called = v.InferOutput<typeof Called>;

const Workflow = v.strictObject({
  name: v.optional(v.string()),
  'run-name': v.optional(v.string()),
  on: v.record(v.string(), v.unknown()),
  permissions: v.optional(Scopes),
  concurrency: v.optional(Concurrency),
  jobs: v.record(v.string(), Job)
});

export type Step = v.InferOutput<typeof Step>;
export type Job = v.InferOutput<typeof Job>;
export type Workflow = v.InferOutput<typeof Workflow>;

export const parseWorkflow = (text: string): Workflow => v.parse(Workflow, parse(text));

/** What somebody may give to a workflow by hand or by a call; nothing where neither is possible. */
export const askedFor = ({ on }: Workflow): Called =>
  v.parse(Called, on['workflow_call'] ?? on['workflow_dispatch'] ?? {});

export interface WorkflowFile {
  readonly path: string;
  readonly text: string;
  readonly workflow: Workflow;
}

export const readWorkflow = (path: string): WorkflowFile => {
  const text = readFileSync(path, 'utf8');
  return { path, text, workflow: parseWorkflow(text) };
};

export const TEMPLATES = globSync('workflows-templates/*.yml').toSorted();
export const WORKFLOWS = globSync('.github/workflows/*.yml').toSorted();

export const isOurs = ({ uses }: Step): boolean => uses !== undefined && /^(OWNER\/esteira@|\.\/\.esteira$)/.test(uses);

/** The steps of a job that run a command of ours. */
export const commandsIn = (job: Job): readonly Step[] => job.steps.filter(isOurs);

/** Every `${{ }}` of a text, and every bare `if:`. */
export const expressionsOf = ({ text, workflow }: Pick<WorkflowFile, 'text' | 'workflow'>): readonly string[] => [
  ...[...text.matchAll(/\$\{\{(.*?)\}\}/g)].map(([, inside]) => (inside ?? '').trim()),
  ...Object.values(workflow.jobs).flatMap((job) => [job.if ?? '', ...job.steps.map((step) => step.if ?? '')])
];
