// A small project on a GitHub of its own, delivered by the real dist; its target is a directory.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startHub } from '../../rehearsal/hub/index.ts';
import type { CallCount, Hub, StartedRun } from '../../rehearsal/hub/index.ts';
import { countCalls } from '../../rehearsal/hub/log.ts';
import { checkOut, putArtifact, takeArtifact } from './workspace.ts';
import { permissionsOf } from '../../rehearsal/runner/job-permissions.ts';
import { runAction } from '../../rehearsal/runner/run-action.ts';
import { surroundingsOf } from '../../rehearsal/runner/surroundings.ts';
import type { CommandName } from '../../src/contract.ts';

const ACTION = join(import.meta.dirname, '..', '..', 'dist', 'index.js');

const PROJECT: Readonly<Record<string, string>> = {
  '.github/delivery.yml': `build:
  run: mkdir -p out && echo "app $DELIVERY_VERSION" > out/app.txt
  files: [out/**, deploy.sh, smoke.sh]
deploy:
  run: ./deploy.sh
verify:
  run: ./smoke.sh
  within: 10s
environments:
  staging: {}
  production: { needs: [staging], gate: approval }
`,
  'deploy.sh': '#!/bin/sh\nset -e\nmkdir -p "$TARGET"\ncp out/app.txt "$TARGET/$DELIVERY_ENVIRONMENT"\n',
  'smoke.sh': '#!/bin/sh\ngrep -q "app $DELIVERY_VERSION" "$TARGET/$DELIVERY_ENVIRONMENT"\n'
};

export interface JobRequest {
  readonly command: CommandName;
  readonly run: StartedRun;
  readonly commit: string;
  readonly inputs?: Readonly<Record<string, string>>;
  /** The folder an earlier job handed on. */
  readonly artifact?: string;
}

export interface JobEnd {
  readonly seconds: number;
  readonly calls: CallCount;
  /** The API calls by GitHub's names, in order. */
  readonly operations: readonly string[];
  readonly version: string;
  /** What this job hands on, if anything. */
  readonly artifact: string;
}

export interface Shop {
  commit(message: string): Promise<string>;
  start(commit: string): StartedRun;
  approve(run: StartedRun): void;
  finish(run: StartedRun): void;
  /** Throws when the job does not end well, and when GitHub would have answered otherwise than the hub did. */
  job(request: JobRequest): Promise<JobEnd>;
  close(): Promise<void>;
}

interface Place {
  readonly workspace: string;
  readonly temporary: string;
  readonly artifact: string;
}

const placeIn = (folder: string): Place => {
  const place = {
    workspace: join(folder, 'workspace'),
    temporary: join(folder, 'temporary'),
    artifact: join(folder, 'artifact')
  };
  for (const each of [place.workspace, place.temporary]) mkdirSync(each, { recursive: true });
  writeFileSync(join(place.temporary, 'event.json'), '{}');
  return place;
};

const environmentOf = (hub: Hub, { command, run, commit }: JobRequest, place: Place): Record<string, string> =>
  surroundingsOf({
    server: { serverUrl: hub.url, apiUrl: hub.apiUrl, graphqlUrl: hub.graphqlUrl },
    repository: `${hub.owner}/${hub.name}`,
    runId: run.id,
    runAttempt: run.attempt,
    runNumber: 1,
    workflow: 'delivery',
    job: command,
    actor: 'ana',
    triggeringActor: 'ana',
    event: 'push',
    eventPath: join(place.temporary, 'event.json'),
    sha: commit,
    ref: 'refs/heads/main',
    workspace: place.workspace,
    temporary: place.temporary
  });

const runJob = async (hub: Hub, request: JobRequest, folder: string): Promise<JobEnd> => {
  const { command, run, commit, inputs = {} } = request;
  const place = placeIn(folder);
  const token = hub.token({ permissions: permissionsOf(command), run });
  await checkOut({ directory: place.workspace, url: hub.gitUrl, commit, token });
  if (request.artifact !== undefined) putArtifact(request.artifact, place.workspace);
  const before = hub.log.length;
  const step = await runAction({
    action: ACTION,
    inputs: { command, token, ...inputs },
    environment: { ...environmentOf(hub, request, place), TARGET: join(folder, '..', 'target') },
    workspace: place.workspace,
    temporary: place.temporary,
    secrets: [token]
  });
  const log = hub.log.slice(before);
  if (step.exitCode !== 0 || hub.problems.length > 0)
    throw new Error(`${command} ended with ${step.exitCode}: ${[...step.printed, ...hub.problems].join('\n')}`);
  takeArtifact(place.workspace, place.artifact);
  return {
    seconds: step.durationMs / 1000,
    calls: countCalls(log),
    operations: log.filter(({ kind }) => kind === 'api').map(({ operation }) => operation),
    version: step.outputs['version'] ?? '',
    artifact: place.artifact
  };
};

export const openShop = async (folder: string): Promise<Shop> => {
  if (!existsSync(ACTION)) throw new Error('there is no dist/index.js: npm run package');
  const hub = await startHub({ directory: join(folder, 'hub') });
  hub.defineEnvironment('staging');
  hub.defineEnvironment('production', { reviewers: ['bruno'], preventSelfReview: true });
  let jobs = 0;
  return {
    commit: (message) =>
      hub.commit({ message, files: { ...PROJECT, 'note.txt': message }, executable: ['deploy.sh', 'smoke.sh'] }),
    start: (sha) => hub.startRun({ event: 'push', actor: 'ana', sha, ref: 'refs/heads/main' }),
    approve: (run) => hub.review(run, { environment: 'production', user: 'bruno', state: 'approved' }),
    finish: (run) => hub.finishRun(run, 'success'),
    job: (request) => {
      jobs += 1;
      return runJob(hub, request, join(folder, `job-${jobs}`));
    },
    close: () => hub.stop()
  };
};
