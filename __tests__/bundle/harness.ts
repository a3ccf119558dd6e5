import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { jest } from '@jest/globals';
import type { CommandName } from '../../src/contract.ts';
import { startHub } from '../../rehearsal/hub/index.ts';
import type { Hub, HubOptions, StartedRun } from '../../rehearsal/hub/index.ts';
import { permissionsOf } from '../../rehearsal/runner/job-permissions.ts';
import { runAction } from '../../rehearsal/runner/run-action.ts';
import type { ActionStep, StepRun } from '../../rehearsal/runner/run-action.ts';
import { surroundingsOf } from '../../rehearsal/runner/surroundings.ts';
import { CANARIES, leaksIn, saidBy } from './leaks.ts';

// real processes, real git, real HTTP: slower than a unit
jest.setTimeout(60_000);

const git = promisify(execFile).bind(undefined, 'git');

export const ACTION = join(process.cwd(), 'dist', 'index.js');

/** An application whose target is a directory: deploying writes a file, its smoke test reads it. */
export const PROJECT: Readonly<Record<string, string>> = {
  '.github/delivery.yml': `build:
  run: mkdir -p out && echo "app $DELIVERY_VERSION" > out/app.txt && cp health.txt out/
  files: [out/**, deploy.sh, smoke.sh]
deploy:
  run: ./deploy.sh
  timeout: 30s
verify:
  run: ./smoke.sh
  within: 2s
environments:
  staging: { url: 'https://staging.example.com' }
  production: { needs: [staging], gate: approval, url: 'https://example.com' }
`,
  'deploy.sh': `#!/bin/bash
set -e
mkdir -p "$TARGET"
cp out/app.txt "$TARGET/$DELIVERY_ENVIRONMENT"
echo "note=put $DELIVERY_VERSION there" >> "$DELIVERY_OUTPUT"
`,
  'smoke.sh': `#!/bin/bash
grep -q "app $DELIVERY_VERSION" "$TARGET/$DELIVERY_ENVIRONMENT" || exit 4
! grep -q "sick in $DELIVERY_ENVIRONMENT" out/health.txt
`,
  'health.txt': 'well\n'
};

export interface JobRequest {
  readonly run: StartedRun;
  readonly inputs?: Readonly<Record<string, string>>;
  /** Folder with the `.delivery` of an earlier job. */
  readonly artifact?: string;
  /** Instead of the permissions the command documents. */
  readonly permissions?: Readonly<Record<string, 'read' | 'write'>>;
  readonly environment?: Readonly<Record<string, string>>;
  readonly step?: Partial<Pick<ActionStep, 'signal' | 'kill' | 'patience'>>;
  /** Commits checked out; 1 as actions/checkout does. */
  readonly depth?: number;
  /** The checkout of an earlier job, taken as it is. */
  readonly workspace?: string;
  /** Started instead of the action: a program that sets something up and then imports it. */
  readonly action?: string;
}

export interface JobResult extends StepRun {
  readonly result: Record<string, unknown>;
  /** API calls of this job; downloads of assets apart. */
  readonly calls: readonly string[];
  readonly artifact: string;
  readonly workspace: string;
  /** What the job signed in with; it must show up nowhere. */
  readonly token: string;
}

export interface Workshop {
  readonly hub: Hub;
  readonly directory: string;
  readonly target: string;
  /** A run of a push of the commit; `event` for runs started by hand. */
  start(sha: string, event?: string): StartedRun;
  job(command: CommandName, request: JobRequest): Promise<JobResult>;
  /** Build, release and staging in one run, as the line does; the run is still open. */
  stage(sha: string): Promise<{ readonly run: StartedRun; readonly version: string }>;
  /** The whole line: stage, approve, production. */
  line(sha: string): Promise<{ readonly run: StartedRun; readonly version: string; readonly production: JobResult }>;
  /** What runs in an environment. */
  running(environment: string): Promise<string>;
  close(): Promise<void>;
}

/** As actions/checkout signs in; a public repository would not ask for it. */
const signedIn = (hub: Hub): string[] => {
  const login = Buffer.from(`x-access-token:${hub.personToken('ana')}`).toString('base64');
  return ['-c', `http.extraheader=AUTHORIZATION: basic ${login}`];
};

/** What actions/checkout leaves by default: one commit, no tags, no credentials. */
const checkout = async (hub: Hub, workspace: string, { sha, depth }: { sha: string; depth: number }): Promise<void> => {
  await mkdir(workspace, { recursive: true });
  const options = { cwd: workspace };
  await git(['init', '--quiet', '.'], options);
  await git(['remote', 'add', 'origin', hub.gitUrl], options);
  const refspec = `+${sha}:refs/remotes/origin/main`;
  await git([...signedIn(hub), 'fetch', '--quiet', '--no-tags', `--depth=${depth}`, 'origin', refspec], options);
  await git(['checkout', '--quiet', '-B', 'main', 'refs/remotes/origin/main'], options);
};

const shaOf = async (hub: Hub, run: StartedRun): Promise<{ sha: string; event: string; actor: string }> => {
  const found = (await hub.snapshot()).runs.find(({ id }) => id === run.id);
  if (found === undefined) throw new Error(`no run ${run.id}`);
  return found;
};

export const openWorkshop = async (options: HubOptions = {}): Promise<Workshop> => {
  const hub = await startHub(options);
  const directory = await mkdtemp(join(tmpdir(), 'workshop-'));
  const target = join(directory, 'target');
  const secrets = new Set(CANARIES);
  const problems: string[] = [];
  let jobs = 0;

  /** Whatever a test is about, no job of it may say a secret. */
  const look = (command: CommandName, step: StepRun): void => {
    const leaks = leaksIn(saidBy(step, [...secrets]), [...secrets]);
    if (leaks.length > 0) problems.push(`${command} (${step.outputs['reason-code']}) said ${leaks.join(', ')}`);
  };

  const job = async (command: CommandName, request: JobRequest): Promise<JobResult> => {
    jobs += 1;
    const workspace = request.workspace ?? join(directory, `job-${jobs}`);
    const temporary = join(directory, `temp-${jobs}`);
    const { sha, event, actor } = await shaOf(hub, request.run);
    if (request.workspace === undefined) await checkout(hub, workspace, { sha, depth: request.depth ?? 1 });
    if (request.artifact !== undefined) await cp(request.artifact, join(workspace, '.delivery'), { recursive: true });
    await mkdir(temporary, { recursive: true });
    await writeFile(join(temporary, 'event.json'), '{}');
    const token = hub.token({ permissions: request.permissions ?? permissionsOf(command), run: request.run });
    for (const secret of [token, request.inputs?.['token'] ?? token]) if (secret !== '') secrets.add(secret);
    const seen = hub.log.length;
    const step = await runAction({
      action: request.action ?? ACTION,
      inputs: { command, token, ...request.inputs },
      environment: {
        ...surroundingsOf({
          server: { serverUrl: hub.url, apiUrl: hub.apiUrl, graphqlUrl: hub.graphqlUrl },
          repository: `${hub.owner}/${hub.name}`,
          runId: request.run.id,
          runAttempt: request.run.attempt,
          runNumber: 1,
          workflow: 'delivery',
          job: command,
          actor,
          triggeringActor: actor,
          event,
          eventPath: join(temporary, 'event.json'),
          sha,
          ref: 'refs/heads/main',
          workspace,
          temporary
        }),
        TARGET: target,
        ...request.environment
      },
      workspace,
      temporary,
      secrets: [token],
      ...request.step
    });
    look(command, step);
    const calls = hub.log
      .slice(seen)
      .filter(({ kind }) => kind === 'api')
      .map(({ operation }) => operation);
    const parsed: unknown = JSON.parse(step.outputs['result'] ?? '{}');
    const result = typeof parsed === 'object' && parsed !== null ? { ...parsed } : {};
    return { ...step, calls, result, artifact: join(workspace, '.delivery'), workspace, token };
  };

  const start = (sha: string, event = 'push'): StartedRun =>
    hub.startRun({ event, actor: 'ana', sha, ref: 'refs/heads/main' });

  const mustPass = (command: string, { exitCode, log }: JobResult): void => {
    if (exitCode !== 0) throw new Error(`${command} ended with ${exitCode}:\n${log}`);
  };

  const stage: Workshop['stage'] = async (sha) => {
    const run = start(sha);
    const built = await job('build', { run });
    mustPass('build', built);
    mustPass('release', await job('release', { run, artifact: built.artifact }));
    const version = built.outputs['version'] ?? '';
    mustPass('staging', await job('deploy', { run, inputs: { environment: 'staging', version } }));
    return { run, version };
  };

  const line: Workshop['line'] = async (sha) => {
    const { run, version } = await stage(sha);
    hub.review(run, { environment: 'production', user: 'bruno', state: 'approved' });
    const production = await job('deploy', { run, inputs: { environment: 'production', version } });
    hub.finishRun(run, production.exitCode === 0 ? 'success' : 'failure');
    return { run, version, production };
  };

  return {
    hub,
    directory,
    target,
    start,
    job,
    stage,
    line,
    running: async (environment) => (await readFile(join(target, environment), 'utf8').catch(() => '')).trim(),
    close: async () => {
      const held = leaksIn(JSON.stringify(await hub.snapshot()), [...secrets]);
      if (held.length > 0) problems.push(`GitHub holds ${held.join(', ')}`);
      await hub.stop();
      await rm(directory, { recursive: true, force: true });
      const all = [...hub.problems, ...problems];
      if (all.length > 0) throw new Error(`what must not happen did:\n${all.join('\n')}`);
    }
  };
};

/** A workshop with the project committed and its environments defined; production has a reviewer. */
export const openProject = async (options: HubOptions = {}): Promise<Workshop & { readonly first: string }> => {
  const workshop = await openWorkshop(options);
  workshop.hub.defineEnvironment('staging');
  workshop.hub.defineEnvironment('production', { reviewers: ['bruno'], preventSelfReview: true });
  const first = await workshop.hub.commit({
    message: 'feat: open the shop',
    files: PROJECT,
    executable: ['deploy.sh', 'smoke.sh']
  });
  return { ...workshop, first };
};
