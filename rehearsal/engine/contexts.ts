import { globSync, readFileSync, statSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Result } from './board.ts';
import { RehearsalError } from './errors.ts';
import { asText } from './expressions.ts';
import type { Scope, Value, Values } from './expressions.ts';
import type { Site, Trigger } from './site.ts';

export interface RunFacts {
  readonly id: number;
  readonly attempt: number;
  readonly number: number;
  readonly triggeringActor: string;
  readonly trigger: Trigger;
  readonly workflowName: string;
  readonly workflowPath: string;
}

/** What `github` holds before there is a job. */
export const githubContext = ({ hub }: Site, run: RunFacts): Values => {
  const { trigger } = run;
  const repository = `${hub.owner}/${hub.name}`;
  return {
    actor: trigger.actor,
    api_url: hub.apiUrl,
    base_ref: trigger.baseRef,
    event: trigger.payload,
    event_name: trigger.event,
    graphql_url: hub.graphqlUrl,
    head_ref: trigger.headRef,
    ref: trigger.ref,
    ref_name: trigger.ref.replace(/^refs\/(heads|tags|pull)\//, ''),
    ref_type: trigger.ref.startsWith('refs/tags/') ? 'tag' : 'branch',
    repository,
    repository_owner: hub.owner,
    repositoryUrl: `git://${new URL(hub.url).host}/${repository}.git`,
    retention_days: '90',
    run_attempt: String(run.attempt),
    run_id: String(run.id),
    run_number: String(run.number),
    secret_source: 'Actions',
    server_url: hub.url,
    sha: trigger.sha,
    triggering_actor: run.triggeringActor,
    workflow: run.workflowName,
    workflow_ref: `${repository}/${run.workflowPath}@${trigger.ref}`,
    workflow_sha: trigger.sha
  };
};

export interface Status {
  readonly success: boolean;
  readonly failure: boolean;
  readonly cancelled: boolean;
}

const plain =
  (name: string, value: boolean) =>
  (...given: readonly Value[]): boolean => {
    if (given.length > 0) throw new RehearsalError(`the engine does not know ${name}() with arguments`);
    return value;
  };

/** The status functions. GitHub's schema lets `success` and `failure` take names of jobs; nobody documents what they do. */
export const statusFunctions = (status: Status): Scope['functions'] => ({
  success: plain('success', status.success),
  failure: plain('failure', status.failure),
  cancelled: plain('cancelled', status.cancelled),
  always: plain('always', true)
});

/** At job level all ancestors count, not only the jobs in `needs`. */
export const jobStatus = (ancestors: Iterable<Result>, isCancelled: boolean): Status => {
  const all = [...ancestors];
  return {
    success: !isCancelled && all.every((result) => result === 'success'),
    failure: all.includes('failure'),
    cancelled: isCancelled
  };
};

const sha256 = (content: Buffer): Buffer => createHash('sha256').update(content).digest();

/** sha256 over the sha256 of every file that matches, in the order of the patterns; empty when none does. */
export const hashFiles =
  (workspace: string) =>
  (...patterns: readonly Value[]): string => {
    const texts = patterns.map(asText);
    const exclude = texts.filter((text) => text.startsWith('!')).map((text) => text.slice(1));
    const found = texts
      .filter((text) => !text.startsWith('!'))
      .flatMap((text) => globSync(text, { cwd: workspace, exclude }).toSorted());
    const files = [...new Set(found)].map((file) => join(workspace, file)).filter((file) => statSync(file).isFile());
    if (files.length === 0) return '';
    return sha256(Buffer.concat(files.map((file) => sha256(readFileSync(file))))).toString('hex');
  };
