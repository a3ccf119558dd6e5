import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { Refusal } from '../domain/refusal.ts';
import type {
  Concurrency,
  TemplateOrigin,
  Workflow,
  WorkflowFile,
  WorkflowJob,
  WorkflowStep
} from '../domain/workflow.ts';
import { readYaml } from './yaml-document.ts';

const FOLDER = '.github/workflows';
const MOST_FILES = 100;

const HEADER = /^# esteira: ([a-z][a-z-]{0,60})@(\d{1,9}\.\d{1,9}\.\d{1,9}) sha256:([0-9a-f]{64})$/;

/** The header of a copied template. Line ends that git changed on the way do not count as a change. */
export const templateOrigin = (text: string): TemplateOrigin | undefined => {
  const [first = '', ...rest] = text.replaceAll('\r\n', '\n').split('\n');
  const [, template, version, sha256] = HEADER.exec(first) ?? [];
  if (template === undefined || version === undefined) return undefined;
  const actual = createHash('sha256').update(rest.join('\n')).digest('hex');
  return { template, version, intact: actual === sha256 };
};

/** Whatever has another form than GitHub documents counts as absent: the audit reads, GitHub judges. */
const text = v.fallback(v.optional(v.string()), undefined);

const environmentShape = v.fallback(
  v.optional(
    v.union([
      v.string(),
      v.pipe(
        v.object({ name: v.string() }),
        v.transform(({ name }) => name)
      )
    ])
  ),
  undefined
);

const concurrencyShape = v.fallback(
  v.optional(
    v.union([
      v.pipe(
        v.string(),
        v.transform((): { queue?: string | undefined; 'cancel-in-progress'?: boolean | string | undefined } => ({}))
      ),
      v.object({ queue: text, 'cancel-in-progress': v.optional(v.union([v.boolean(), v.string()])) })
    ])
  ),
  undefined
);

const stepShape = v.object({
  uses: text,
  with: v.fallback(v.optional(v.object({ command: text, environment: text }), {}), {})
});

const jobShape = v.object({
  uses: text,
  environment: environmentShape,
  concurrency: concurrencyShape,
  steps: v.fallback(v.optional(v.array(stepShape), []), [])
});

const workflowShape = v.object({
  permissions: v.optional(v.unknown()),
  concurrency: concurrencyShape,
  jobs: v.record(v.string(), jobShape)
});

type Path = readonly (string | number)[];
type LineOf = (path: Path) => number;
type WrittenJob = v.InferOutput<typeof jobShape>;

const concurrencyOf = (
  written: v.InferOutput<typeof concurrencyShape>,
  line: number
): { readonly concurrency?: Concurrency } => {
  if (written === undefined) return {};
  const cancels = written['cancel-in-progress'] ?? false;
  return {
    concurrency: { line, keepsAll: written.queue === 'max', cancels: cancels !== false && cancels !== 'false' }
  };
};

const stepOf = ({ uses, with: given }: v.InferOutput<typeof stepShape>, line: number): WorkflowStep => ({
  line,
  ...(uses === undefined ? {} : { uses }),
  ...(given.command === undefined ? {} : { command: given.command }),
  ...(given.environment === undefined ? {} : { environment: given.environment })
});

const jobOf = (name: string, job: WrittenJob, lineOf: LineOf): WorkflowJob => {
  const path = ['jobs', name];
  const { uses, environment } = job;
  const called = uses === undefined ? [] : [{ line: lineOf([...path, 'uses']), uses }];
  const steps = job.steps.map((step, index) => stepOf(step, lineOf([...path, 'steps', index, 'uses'])));
  return {
    name,
    line: lineOf(path),
    ...(environment === undefined ? {} : { environment }),
    ...concurrencyOf(job.concurrency, lineOf([...path, 'concurrency'])),
    steps: [...called, ...steps]
  };
};

const isEmptyMapping = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length === 0;

const workflowOf = (content: string, path: string): Workflow => {
  const document = readYaml(content, path);
  const lineOf: LineOf = (at) => content.slice(0, document.find(at).key).split('\n').length;
  const written = v.parse(workflowShape, document.value);
  return {
    kind: 'read',
    permissions: { empty: isEmptyMapping(written.permissions), line: lineOf(['permissions']) },
    ...concurrencyOf(written.concurrency, lineOf(['concurrency'])),
    jobs: Object.entries(written.jobs).map(([name, job]) => jobOf(name, job, lineOf))
  };
};

const problemOf = (error: unknown): string | undefined => {
  if (error instanceof v.ValiError) return 'it is no workflow';
  return error instanceof Refusal && error.reason.code === 'config-invalid'
    ? `${error.reason.details.line}: ${error.reason.details.problem}`
    : undefined;
};

const contentOf = (content: string, path: string): WorkflowFile['content'] => {
  try {
    return workflowOf(content, path);
  } catch (error) {
    const problem = problemOf(error);
    if (problem === undefined) throw error;
    return { kind: 'unreadable', problem };
  }
};

/** One workflow file as data. */
export const readWorkflow = (content: string, path: string): WorkflowFile => {
  const origin = templateOrigin(content);
  return { path, ...(origin === undefined ? {} : { origin }), content: contentOf(content, path) };
};

const isAbsent = (error: unknown): boolean =>
  typeof error === 'object' &&
  error !== null &&
  'code' in error &&
  (error.code === 'ENOENT' || error.code === 'ENOTDIR');

const namesIn = async (folder: string): Promise<readonly string[]> => {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.filter((entry) => entry.isFile() && /\.ya?ml$/.test(entry.name)).map(({ name }) => name);
  } catch (error) {
    if (isAbsent(error)) return [];
    throw error;
  }
};

/** The workflow files of the checkout, by name, at most 100; none without the folder. */
export const readWorkflows = async (workspace: string): Promise<readonly WorkflowFile[]> => {
  const names = (await namesIn(join(workspace, FOLDER))).toSorted().slice(0, MOST_FILES);
  return Promise.all(
    names.map(async (name) => {
      const path = `${FOLDER}/${name}`;
      return readWorkflow(await readFile(join(workspace, path), 'utf8'), path);
    })
  );
};
