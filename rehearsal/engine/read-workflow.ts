import { basename } from 'node:path';
import * as v from 'valibot';
import type { Permissions } from '../hub/index.ts';
import { SCOPES } from '../hub/access.ts';
import type { Tree } from './document.ts';
import { readWorkflowTree } from './document.ts';
import { RehearsalError } from './errors.ts';
import type { CallJob, Environment, Job, RunDefaults, Step, StepsJob, Workflow } from './model.ts';
import { readEvents } from './read-events.ts';
import { fieldsOf, itemsOf, knownFields, textAt, textsAt } from './tree.ts';
import type { Fields } from './tree.ts';

const Scopes = v.record(v.picklist(SCOPES), v.picklist(['read', 'write', 'none']));

const permissionsOf = (tree: Tree | undefined, where: string): Permissions | undefined => {
  if (tree === undefined) return undefined;
  if (tree.kind === 'literal' && (tree.value === 'read-all' || tree.value === 'write-all')) return tree.value;
  const fields = knownFields(tree, `${where}: permissions`, SCOPES);
  return v.parse(Scopes, Object.fromEntries([...fields].map(([scope, level]) => [scope, textAt(level, scope)])));
};

const defaultsOf = (tree: Tree | undefined, where: string): RunDefaults => {
  const run = knownFields(tree, `${where}: defaults`, ['run']).get('run');
  const fields = knownFields(run, `${where}: defaults.run`, ['shell', 'working-directory']);
  return { shell: fields.get('shell'), directory: fields.get('working-directory') };
};

const conditionOf = (tree: Tree | undefined): string => {
  if (tree === undefined) return 'success()';
  if (tree.kind !== 'expression') throw new RehearsalError('if: only an expression is known here');
  return tree.text;
};

const ANY_STEP = ['id', 'name', 'if', 'env', 'continue-on-error', 'timeout-minutes'];

const stepOf = (tree: Tree, where: string): Step => {
  const kind = fieldsOf(tree, where).has('run') ? 'run' : 'uses';
  const own = kind === 'run' ? ['run', 'shell', 'working-directory'] : ['uses', 'with'];
  const fields = knownFields(tree, where, [...ANY_STEP, ...own]);
  const any = {
    id: textAt(fields.get('id'), where),
    name: fields.get('name'),
    condition: conditionOf(fields.get('if')),
    env: fields.get('env'),
    continueOnError: fields.get('continue-on-error'),
    timeout: fields.get('timeout-minutes')
  };
  const run = fields.get('run');
  if (run !== undefined) {
    return { ...any, kind: 'run', run, shell: fields.get('shell'), directory: fields.get('working-directory') };
  }
  return { ...any, kind: 'uses', uses: textAt(fields.get('uses'), where) ?? '', with: fields.get('with') };
};

const environmentOf = (tree: Tree | undefined, where: string): Environment | undefined => {
  if (tree === undefined) return undefined;
  if (tree.kind !== 'map') return { name: tree, url: undefined, deployment: undefined };
  const fields = knownFields(tree, `${where}: environment`, ['name', 'url', 'deployment']);
  const name = fields.get('name');
  if (name === undefined) throw new RehearsalError(`${where}: the environment has no name`);
  return { name, url: fields.get('url'), deployment: fields.get('deployment') };
};

const anyJob = (id: string, fields: Fields): Omit<CallJob, 'kind' | 'uses' | 'with' | 'secrets'> => ({
  id,
  name: fields.get('name'),
  needs: textsAt(fields.get('needs'), `${id}.needs`),
  condition: conditionOf(fields.get('if')),
  permissions: permissionsOf(fields.get('permissions'), id),
  concurrency: fields.get('concurrency'),
  strategy: fields.get('strategy')
});

const ANY_JOB = ['name', 'needs', 'if', 'permissions', 'concurrency', 'strategy'];
const CALL_JOB = [...ANY_JOB, 'uses', 'with', 'secrets'];
const STEPS_JOB = [
  ...ANY_JOB,
  'runs-on',
  'env',
  'environment',
  'defaults',
  'outputs',
  'timeout-minutes',
  'continue-on-error',
  'steps'
];

const callJob = (id: string, tree: Tree): CallJob => {
  const fields = knownFields(tree, `job ${id}`, CALL_JOB);
  const secrets = fields.get('secrets');
  return {
    ...anyJob(id, fields),
    kind: 'call',
    uses: textAt(fields.get('uses'), id) ?? '',
    with: fieldsOf(fields.get('with'), `${id}.with`),
    secrets: secrets?.kind === 'literal' && secrets.value === 'inherit' ? 'inherit' : fieldsOf(secrets, `${id}.secrets`)
  };
};

const stepsJob = (id: string, tree: Tree): StepsJob => {
  const where = `job ${id}`;
  const fields = knownFields(tree, where, STEPS_JOB);
  const runsOn = fields.get('runs-on');
  if (runsOn === undefined) throw new RehearsalError(`${where} has no runs-on`);
  return {
    ...anyJob(id, fields),
    kind: 'steps',
    runsOn,
    env: fields.get('env'),
    environment: environmentOf(fields.get('environment'), where),
    defaults: defaultsOf(fields.get('defaults'), where),
    outputs: fieldsOf(fields.get('outputs'), `${where}: outputs`),
    timeout: fields.get('timeout-minutes'),
    continueOnError: fields.get('continue-on-error'),
    steps: itemsOf(fields.get('steps'), where).map((step, at) => stepOf(step, `${where}, step ${at + 1}`))
  };
};

const jobOf = ([id, tree]: readonly [string, Tree]): Job =>
  fieldsOf(tree, `job ${id}`).has('uses') ? callJob(id, tree) : stepsJob(id, tree);

const ROOT = ['name', 'description', 'run-name', 'on', 'permissions', 'env', 'defaults', 'concurrency', 'jobs'];

/** Reads a workflow by GitHub's parser into the engine's model. Throws for everything the engine cannot carry out. */
export const readWorkflow = async (path: string, content: string): Promise<Workflow> => {
  const fields = knownFields(await readWorkflowTree(path, content), path, ROOT);
  try {
    return {
      path,
      name: textAt(fields.get('name'), 'name') ?? path,
      runName: fields.get('run-name'),
      events: readEvents(fields.get('on')),
      permissions: permissionsOf(fields.get('permissions'), 'workflow'),
      env: fields.get('env'),
      defaults: defaultsOf(fields.get('defaults'), 'workflow'),
      concurrency: fields.get('concurrency'),
      jobs: [...fieldsOf(fields.get('jobs'), 'jobs')].map(jobOf)
    };
  } catch (error) {
    if (error instanceof RehearsalError) throw new RehearsalError(`${basename(path)}: ${error.message}`);
    throw error;
  }
};
