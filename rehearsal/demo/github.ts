import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { PERMISSIONS } from '../../src/contract.ts';
import type { CommandName } from '../../src/contract.ts';
import { startHub } from '../hub/index.ts';
import type { Hub, Permissions } from '../hub/index.ts';
import { countCalls } from '../hub/log.ts';
import { runAction } from '../runner/run-action.ts';
import type { ActionStep, StepRun } from '../runner/run-action.ts';
import { surroundingsOf } from '../runner/surroundings.ts';
import type { Folder } from './folder.ts';
import type { Job, JobEnd, OpenStop, Platform, Run } from './platform.ts';
import type { EnvironmentName } from './town.ts';
import { checkOut, putArtifact, takeArtifact } from './workspace.ts';

export interface PlatformOptions {
  readonly folder: Folder;
  /** Who pushes and closes issues. */
  readonly author: string;
  /** Who may press the button for production. */
  readonly reviewer: string;
  readonly signal: AbortSignal;
}

const ACTION = join(import.meta.dirname, '..', '..', 'dist', 'index.js');

const Scopes = v.record(
  v.picklist(['contents', 'deployments', 'issues', 'actions', 'packages']),
  v.picklist(['read', 'write'])
);

/** The scopes the README tells people to grant, and no more. */
const permissionsOf = (command: CommandName): Permissions =>
  v.parse(Scopes, Object.fromEntries(Object.keys(PERMISSIONS[command]).map((each) => each.split(': '))));

interface Site extends PlatformOptions {
  readonly hub: Hub;
}

interface Place {
  readonly workspace: string;
  readonly temporary: string;
  readonly token: string;
}

const eventFile = (temporary: string): string => {
  const file = join(temporary, 'event.json');
  writeFileSync(file, '{}');
  return file;
};

const surroundings = (
  { hub, author }: Site,
  run: Run,
  { job, place }: { job: Job; place: Place }
): Record<string, string> =>
  surroundingsOf({
    server: { serverUrl: hub.url, apiUrl: hub.apiUrl, graphqlUrl: hub.graphqlUrl },
    repository: `${hub.owner}/${hub.name}`,
    runId: run.id,
    runAttempt: 1,
    runNumber: run.number,
    workflow: 'delivery',
    job: job.name,
    actor: author,
    triggeringActor: author,
    event: 'push',
    eventPath: eventFile(place.temporary),
    sha: run.commit,
    ref: 'refs/heads/main',
    workspace: place.workspace,
    temporary: place.temporary
  });

/** A machine of its own for one job: an empty folder, the commit, what an earlier job handed on. */
const prepare = async ({ folder, hub }: Site, run: Run, job: Job): Promise<Place> => {
  const [workspace, temporary] = [folder.fresh(job.name), folder.fresh('temporary')];
  const token = hub.token({ permissions: permissionsOf(job.command), run: run.id });
  await checkOut({ directory: workspace, url: hub.gitUrl, commit: run.commit, token });
  if (job.artifact !== undefined) putArtifact(job.artifact, workspace);
  return { workspace, temporary, token };
};

const stepOf = (site: Site, run: Run, { job, place }: { job: Job; place: Place }): ActionStep => ({
  action: ACTION,
  inputs: { command: job.command, token: place.token, ...job.inputs },
  // what a self-hosted runner of the shop would have set
  environment: { ...surroundings(site, run, { job, place }), SHOP_STATE: site.folder.state },
  workspace: place.workspace,
  temporary: place.temporary,
  secrets: [place.token],
  signal: site.signal
});

const keepLog = ({ folder }: Site, name: string, step: StepRun): void =>
  folder.log(name, [...step.printed, '', step.summary, ''].join('\n'));

const runJob = async (site: Site, run: Run, job: Job): Promise<JobEnd> => {
  const { folder, hub } = site;
  const place = await prepare(site, run, job);
  const before = hub.log.length;
  const step = await runAction(stepOf(site, run, { job, place }));
  keepLog(site, `${run.number}-${job.name}`, step);
  const artifact = folder.fresh('artifact');
  takeArtifact(place.workspace, artifact);
  return {
    exitCode: step.exitCode,
    outputs: step.outputs,
    seconds: step.durationMs / 1000,
    apiCalls: countCalls(hub.log.slice(before)).api,
    artifact
  };
};

const Payload = v.object({ version: v.string() });

const versionIn = (payload: unknown): string =>
  v.parse(Payload, typeof payload === 'string' ? JSON.parse(payload) : payload).version;

const recorded = async (hub: Hub, environment: EnvironmentName): Promise<string | undefined> => {
  const { deployments } = await hub.snapshot();
  const live = deployments.findLast(
    (each) => each.environment === environment && each.statuses.at(-1)?.state === 'success'
  );
  return live === undefined ? undefined : versionIn(live.payload);
};

const stops = async (hub: Hub): Promise<readonly OpenStop[]> => {
  const { issues } = await hub.snapshot();
  return issues
    .filter(({ state, labels }) => state === 'open' && labels.includes('line-stopped'))
    .map(({ number, title }) => ({ number, title, url: `${hub.url}/${hub.owner}/${hub.name}/issues/${number}` }));
};

/** What the button "Close issue" does. */
const closeIssue = async ({ hub, author }: Site, number: number): Promise<void> => {
  const reply = await fetch(`${hub.apiUrl}/repos/${hub.owner}/${hub.name}/issues/${number}`, {
    method: 'PATCH',
    headers: { authorization: `Bearer ${hub.personToken(author)}`, 'content-type': 'application/json' },
    body: JSON.stringify({ state: 'closed' })
  });
  if (!reply.ok) throw new Error(`closing issue ${number} was answered by ${reply.status}: ${await reply.text()}`);
};

const platformOf = (site: Site): Platform => {
  const { hub, author, reviewer } = site;
  let runs = 0;
  return {
    address: hub.url,
    remote: (person) => hub.gitUrl.replace('://', `://${person}:${hub.personToken(person)}@`),
    start: (commit) => {
      runs += 1;
      const { id } = hub.startRun({ event: 'push', actor: author, sha: commit, ref: 'refs/heads/main' });
      return { id, number: runs, commit };
    },
    run: (run, job) => runJob(site, run, job),
    waits: async (run, environment) => hub.gate(run, { environment, job: environment }) === 'waiting',
    review: async (run, environment, state) => hub.review(run, { environment, user: reviewer, state }),
    stops: () => stops(hub),
    closeIssue: (number) => closeIssue(site, number),
    end: (run, conclusion) => hub.finishRun(run, conclusion),
    recorded: (environment) => recorded(hub, environment),
    problems: () => hub.problems,
    close: () => hub.stop()
  };
};

/** A GitHub on this machine: `staging` is free, `production` has a required reviewer who may not be the author. */
export const openPlatform = async (options: PlatformOptions): Promise<Platform> => {
  const hub = await startHub({ directory: options.folder.fresh('hub') });
  hub.defineEnvironment('staging');
  hub.defineEnvironment('production', { reviewers: [options.reviewer], preventSelfReview: true });
  return platformOf({ ...options, hub });
};
