import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { gitEnvironment } from '../hub/git.ts';
import type { Permissions } from '../hub/index.ts';
import { surroundingsOf } from '../runner/surroundings.ts';
import type { Annotation } from '../runner/transcript.ts';
import type { Result } from './board.ts';
import { githubContext, hashFiles, statusFunctions } from './contexts.ts';
import type { RunFacts } from './contexts.ts';
import { asText } from './expressions.ts';
import type { Scope, Value, Values } from './expressions.ts';
import type { Site, Texts } from './site.ts';
import type { Source } from './sources.ts';

export interface StepState {
  readonly outputs: Texts;
  readonly outcome: Result;
  readonly conclusion: Result;
}

export interface MachineRequest {
  readonly site: Site;
  readonly run: RunFacts;
  /** The job's id in its own file. */
  readonly job: string;
  /** A folder name of its own. */
  readonly folder: string;
  readonly token: string;
  readonly permissions: Permissions;
  /** inputs, vars, secrets, needs, matrix, strategy */
  readonly contexts: Values;
  /** The file the job stands in, a called one for a job of that: what `job.workflow_...` tells. */
  readonly file: { readonly path: string; readonly source: Source };
}

/** What one job finds and changes while its steps run. */
export interface Machine {
  readonly site: Site;
  readonly run: RunFacts;
  readonly job: string;
  readonly root: string;
  readonly workspace: string;
  readonly temporary: string;
  readonly token: string;
  /** What the token may. */
  readonly permissions: Permissions;
  /** `env:` of workflow and job, then what `GITHUB_ENV` added. */
  environment: Texts;
  /** What `GITHUB_PATH` added, newest first. */
  path: readonly string[];
  readonly masks: Set<string>;
  readonly steps: Map<string, StepState>;
  status: 'success' | 'failure' | 'cancelled';
  readonly log: string[];
  readonly annotations: Annotation[];
  /** Numbers the steps' own folders. */
  nextFolder(): string;
  /** All contexts and functions of a step; `env` is what the step adds itself. */
  scope(env?: Texts): Scope;
  /** Environment variables of a step, its command files apart. */
  variables(env: Texts, action: string): Texts;
}

const RUNNER = { arch: 'X64', debug: '', environment: 'self-hosted', name: 'rehearsal', os: 'Linux' };

const stepsContext = (steps: Machine['steps']): Values =>
  Object.fromEntries(
    [...steps].map(([id, { outputs, outcome, conclusion }]) => [id, { outputs, outcome, conclusion }])
  );

const aboutFile = ({ file: { path, source } }: MachineRequest): Values => ({
  workflow_file_path: path,
  workflow_repository: source.name,
  ...(source.commit === undefined ? {} : { workflow_sha: source.commit })
});

const baseContexts = (request: MachineRequest, workspace: string, temporary: string): Values => ({
  ...request.contexts,
  github: {
    ...githubContext(request.site, request.run),
    action: '__run',
    event_path: join(temporary, 'event.json'),
    job: request.job,
    token: request.token,
    workspace
  },
  runner: { ...RUNNER, temp: temporary, tool_cache: `${temporary}/tools` }
});

const surroundings = ({ site, run, job }: MachineRequest, workspace: string, temporary: string): Texts => ({
  ...surroundingsOf({
    server: { serverUrl: site.hub.url, apiUrl: site.hub.apiUrl, graphqlUrl: site.hub.graphqlUrl },
    repository: `${site.hub.owner}/${site.hub.name}`,
    runId: run.id,
    runAttempt: run.attempt,
    runNumber: run.number,
    workflow: run.workflowName,
    job,
    actor: run.trigger.actor,
    triggeringActor: run.triggeringActor,
    event: run.trigger.event,
    eventPath: join(temporary, 'event.json'),
    sha: run.trigger.sha,
    ref: run.trigger.ref,
    workspace,
    temporary
  })
});

const field = (context: Value | undefined, name: string): string =>
  asText(Object.entries(context ?? {}).find(([key]) => key === name)?.[1] ?? '');

/** Variables the shared runner leaves to its caller. */
const moreVariables = (github: Value | undefined): Texts => ({
  GITHUB_HEAD_REF: field(github, 'head_ref'),
  GITHUB_BASE_REF: field(github, 'base_ref'),
  GITHUB_WORKFLOW_REF: field(github, 'workflow_ref'),
  GITHUB_WORKFLOW_SHA: field(github, 'workflow_sha'),
  GITHUB_RETENTION_DAYS: '90'
});

const pathOf = (machine: Machine): string =>
  [...machine.path, dirname(machine.site.node), gitEnvironment()['PATH'] ?? ''].join(':');

interface Places {
  readonly root: string;
  readonly workspace: string;
  readonly temporary: string;
}

const freshState = ({
  site,
  run,
  job,
  token,
  permissions
}: MachineRequest): Omit<Machine, 'scope' | 'variables' | 'nextFolder' | keyof Places> => ({
  site,
  run,
  job,
  token,
  permissions,
  environment: {},
  path: [],
  masks: new Set([token]),
  steps: new Map(),
  status: 'success',
  log: [],
  annotations: []
});

interface Known {
  readonly base: Values;
  readonly about: Values;
}

const scopeOf = (machine: Machine, { base, about }: Known, env: Texts): Scope => {
  const { status, steps, environment, workspace } = machine;
  return {
    contexts: {
      ...base,
      env: { ...environment, ...env },
      job: { ...about, status },
      steps: stepsContext(steps)
    },
    functions: {
      ...statusFunctions({
        success: status === 'success',
        failure: status === 'failure',
        cancelled: status === 'cancelled'
      }),
      hashFiles: hashFiles(workspace)
    }
  };
};

const assemble = (request: MachineRequest, places: Places): Machine => {
  const { root, workspace, temporary } = places;
  const base = baseContexts(request, workspace, temporary);
  const outer = { ...surroundings(request, workspace, temporary), ...moreVariables(base['github']) };
  let folders = 0;
  const machine: Machine = {
    ...freshState(request),
    ...places,
    nextFolder: () => {
      folders += 1;
      return join(root, 'steps', String(folders));
    },
    scope: (env = {}) => scopeOf(machine, { base, about: aboutFile(request) }, env),
    variables: (env, action) => ({
      ...request.site.machineEnvironment,
      HOME: join(root, 'home'),
      ...machine.environment,
      ...env,
      ...outer,
      GITHUB_ACTION: action,
      PATH: pathOf(machine)
    })
  };
  return machine;
};

/** A fresh machine: an empty workspace, an event file, a home of its own. */
export const prepareMachine = async (request: MachineRequest): Promise<Machine> => {
  const root = join(request.site.directory, 'machines', request.folder);
  const [workspace, temporary] = [join(root, 'work', request.site.hub.name), join(root, 'temp')];
  await Promise.all([workspace, temporary, join(root, 'home')].map((folder) => mkdir(folder, { recursive: true })));
  await writeFile(join(temporary, 'event.json'), JSON.stringify(request.run.trigger.payload));
  return assemble(request, { root, workspace, temporary });
};
