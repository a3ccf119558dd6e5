import type { Git } from '../hub/git.ts';
import type { RunView } from './board.ts';
import { RehearsalError } from './errors.ts';
import {
  changedFiles,
  concernsPush,
  isSkipped,
  pushPayload,
  repositoryPayload,
  workflowOf,
  workflowsOf
} from './events.ts';
import { asText } from './expressions.ts';
import type { Values } from './expressions.ts';
import { dispatchInputs } from './inputs.ts';
import type { Workflow } from './model.ts';
import type { Runs } from './runs.ts';
import type { Site, Trigger } from './site.ts';
import { commitSource } from './sources.ts';

export interface PushOptions {
  readonly branch?: string;
  /** Default: ana. */
  readonly actor?: string;
  readonly executable?: readonly string[];
}

export interface Pushed {
  readonly sha: string;
  readonly runs: readonly RunView[];
}

/** What starts runs. All throw when GitHub would refuse, and when the engine does not know something in a workflow. */
export interface Triggers {
  push(files: Readonly<Record<string, string | null>>, message: string, options?: PushOptions): Promise<Pushed>;
  /** A lightweight tag on a commit. */
  pushTag(name: string, sha: string, actor?: string): Promise<Pushed>;
  dispatch(
    workflow: string,
    inputs?: Values,
    by?: { readonly actor?: string; readonly ref?: string }
  ): Promise<RunView>;
  /** As if the clock had struck. */
  schedule(workflow: string, cron: string): Promise<RunView>;
}

export interface Parts {
  readonly site: Site;
  readonly runs: Runs;
  readonly git: Git;
}

export const ACTOR = 'ana';

export const plainTrigger = (
  event: Trigger['event'],
  actor: string,
  at: { sha: string; ref: string }
): Omit<Trigger, 'payload'> => ({
  ...at,
  event,
  actor,
  headRef: '',
  baseRef: '',
  inputs: {}
});

export const tip = async ({ git }: Parts, ref: string): Promise<string> => {
  const found = await git.read(`${ref}^{commit}`);
  if (found === undefined) throw new RehearsalError(`there is no ${ref}`);
  return found.oid;
};

interface Start {
  readonly trigger: Trigger;
  readonly title: string;
  readonly concerns: (workflow: Workflow) => boolean;
}

/** One run of each workflow that the event concerns, as the files stand in its commit. */
export const startAll = async (
  { site, runs, git }: Parts,
  { trigger, title, concerns }: Start
): Promise<readonly RunView[]> => {
  const source = commitSource(site.hub, git, trigger.sha);
  const workflows = (await workflowsOf(git, source, trigger.sha)).filter(concerns);
  const started: RunView[] = [];
  for (const workflow of workflows) started.push(await runs.start({ trigger, workflow, source, title }));
  return started;
};

/** What a push that was made starts. */
export const pushed = async (parts: Parts, facts: Parameters<typeof pushPayload>[1]): Promise<Pushed> => {
  const { actor, ref, before, after, message } = facts;
  const at = { sha: after, ref };
  const trigger: Trigger = { ...plainTrigger('push', actor, at), payload: pushPayload(parts.site.hub, facts) };
  const files = ref.startsWith('refs/tags/') ? [] : await changedFiles(parts.git, before, after);
  const concerns = ({ events: { push } }: Workflow): boolean =>
    push !== undefined && !isSkipped(message) && concernsPush(push, ref, files);
  const title = message.split('\n')[0] ?? '';
  return { sha: after, runs: await startAll(parts, { trigger, title, concerns }) };
};

export const push =
  (parts: Parts): Triggers['push'] =>
  async (files, message, { branch = 'main', actor = ACTOR, executable = [] } = {}) => {
    const ref = `refs/heads/${branch}`;
    const before = (await parts.git.read(ref))?.oid;
    const after = await parts.site.hub.commit({ message, files, branch, author: actor, executable });
    return pushed(parts, { actor, ref, before, after, message });
  };

const pushTag =
  (parts: Parts): Triggers['pushTag'] =>
  async (name, sha, actor = ACTOR) => {
    const ref = `refs/tags/${name}`;
    await parts.git.run(['update-ref', ref, sha]);
    return pushed(parts, { actor, ref, before: undefined, after: sha, message: '' });
  };

/** The file must be on the default branch too; what runs is the version of the chosen ref. */
const dispatch =
  (parts: Parts): Triggers['dispatch'] =>
  async (name, inputs = {}, { actor = ACTOR, ref = 'refs/heads/main' } = {}) => {
    const { site, git, runs } = parts;
    const main = await tip(parts, 'refs/heads/main');
    workflowOf(await workflowsOf(git, commitSource(site.hub, git, main), main), name);
    const sha = await tip(parts, ref);
    const source = commitSource(site.hub, git, sha);
    const workflow = workflowOf(await workflowsOf(git, source, sha), name);
    const definitions = workflow.events.dispatch;
    if (definitions === undefined)
      throw new RehearsalError(`Workflow does not have 'workflow_dispatch' trigger: ${name}`);
    const typed = dispatchInputs(definitions, inputs, { contexts: {}, functions: {} });
    const texts = Object.fromEntries(Object.entries(typed).map(([key, value]) => [key, asText(value)]));
    const payload = { ...repositoryPayload(site.hub, actor), inputs: texts, ref, workflow: workflow.path };
    const trigger: Trigger = { ...plainTrigger('workflow_dispatch', actor, { sha, ref }), payload, inputs: typed };
    return runs.start({ trigger, workflow, source, title: workflow.name });
  };

const schedule =
  (parts: Parts): Triggers['schedule'] =>
  async (name, cron) => {
    const { site, git, runs } = parts;
    const ref = 'refs/heads/main';
    const sha = await tip(parts, ref);
    const source = commitSource(site.hub, git, sha);
    const workflow = workflowOf(await workflowsOf(git, source, sha), name);
    if (!workflow.events.schedule.includes(cron)) throw new RehearsalError(`${name} has no schedule "${cron}"`);
    const payload = { ...repositoryPayload(site.hub, ACTOR), schedule: cron, workflow: workflow.path };
    const trigger: Trigger = { ...plainTrigger('schedule', ACTOR, { sha, ref }), payload };
    return runs.start({ trigger, workflow, source, title: workflow.name });
  };

export const createTriggers = (parts: Parts): Triggers => ({
  push: push(parts),
  pushTag: pushTag(parts),
  dispatch: dispatch(parts),
  schedule: schedule(parts)
});
