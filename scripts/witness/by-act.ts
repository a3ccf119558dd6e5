import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { pushPayload, repositoryPayload } from '../../rehearsal/engine/events.ts';
import { openGit } from '../../rehearsal/engine/sources.ts';
import { mergeForTrial } from '../../rehearsal/engine/trial-merge.ts';
import { startHub } from '../../rehearsal/hub/index.ts';
import type { Git } from '../../rehearsal/hub/git.ts';
import type { Hub, StartedRun } from '../../rehearsal/hub/index.ts';
import { readLog, readNeeds, stepsOf } from './act-log.ts';
import { resultOf, runAct } from './act.ts';
import type { ActEnd } from './act.ts';
import type { Places } from './by-engine.ts';
import { plainJobs } from './names.ts';
import type { Names } from './names.ts';
import { COLLECTOR, forAct, permissionsOf, secretOf } from './rewrite.ts';
import type { Made, Move, Scenario, Texts } from './scenario.ts';
import { callsOf, noProblems, ownNames, plain, stateOf } from './seen.ts';
import type { Seen } from './seen.ts';

const ACTOR = 'ana';
const WORKFLOWS = '.github/workflows';

export interface ActPlaces extends Places {
  readonly program: string;
  /** Everything act leaves behind. */
  readonly root: string;
}

interface Started {
  readonly event: string;
  readonly sha: string;
  readonly ref: string;
  readonly payload: unknown;
  readonly more: Texts;
}

interface Table {
  readonly hub: Hub;
  readonly git: Git;
  readonly scenario: Scenario;
  readonly places: ActPlaces;
}

const same = (made: Made, commit: string): string => {
  if (commit !== made.commit) throw new Error(`act's repository has ${commit} where the engine's has ${made.commit}`);
  return commit;
};

/** The event as GitHub tells it; which workflows it starts is the scenario's to say, act does not ask the filters. */
const start = async ({ hub, git }: Table, move: Move, made: Made): Promise<Started> => {
  const ref = 'refs/heads/main';
  switch (move.kind) {
    case 'push': {
      const before = (await git.read(ref))?.oid;
      const sha = same(made, await hub.commit({ ...move, author: ACTOR, date: made.date }));
      const payload = pushPayload(hub, { actor: ACTOR, ref, before, after: sha, message: move.message });
      return { event: 'push', sha, ref, payload, more: {} };
    }
    case 'dispatch': {
      const payload = { ...repositoryPayload(hub, ACTOR), inputs: move.inputs, ref };
      return { event: 'workflow_dispatch', sha: made.commit, ref, payload, more: {} };
    }
    case 'pull-request': {
      const base = (await git.read(ref))?.oid ?? '';
      const head = same(made, await hub.commit({ ...move, author: ACTOR, date: made.date }));
      const sha = await mergeForTrial(git, move.number, { base, head });
      if (sha === undefined) throw new Error(`${move.branch} is in conflict with main`);
      const pull_request = {
        number: move.number,
        head: { ref: move.branch, sha: head },
        base: { ref: 'main', sha: base }
      };
      const payload = { ...repositoryPayload(hub, ACTOR), action: 'opened', number: move.number, pull_request };
      const more = { GITHUB_HEAD_REF: move.branch, GITHUB_BASE_REF: 'main' };
      return { event: 'pull_request', sha, ref: `refs/pull/${move.number}/merge`, payload, more };
    }
  }
};

/** A work tree of the commit in which every workflow is rewritten. */
const prepareTree = async ({ git }: Table, move: Move, at: { folder: string; sha: string }): Promise<string> => {
  const { folder, sha } = at;
  await git.run(['clone', '--quiet', '--no-checkout', git.directory, folder]);
  await git.run(['-C', folder, 'checkout', '--quiet', '--detach', sha]);
  const path = join(folder, WORKFLOWS, move.workflow);
  const verbatim = await readFile(path, 'utf8');
  await writeFile(path, forAct(verbatim, move.approve?.environment));
  return verbatim;
};

const surroundings = ({ hub, places }: Table, run: StartedRun, folder: string): Texts => ({
  GITHUB_SERVER_URL: hub.url,
  GITHUB_API_URL: hub.apiUrl,
  GITHUB_GRAPHQL_URL: hub.graphqlUrl,
  GITHUB_REPOSITORY: `${hub.owner}/${hub.name}`,
  GITHUB_REPOSITORY_OWNER: hub.owner,
  GITHUB_RUN_ID: String(run.id),
  GITHUB_RUN_ATTEMPT: String(run.attempt),
  GITHUB_TRIGGERING_ACTOR: ACTOR,
  TARGET: places.target,
  WITNESS_ARTIFACTS: join(places.root, 'artifacts'),
  WITNESS_GATES: join(folder, 'gates'),
  WITNESS_NEEDS: join(folder, 'needs.json')
});

const secretsFor = ({ hub, scenario }: Table, run: StartedRun, verbatim: string): Texts => ({
  GITHUB_TOKEN: hub.token({ permissions: {}, run, job: 'any' }),
  ...scenario.secrets,
  ...Object.fromEntries(
    [...permissionsOf(verbatim)].map(([job, permissions]) => [secretOf(job), hub.token({ permissions, run, job })])
  )
});

/** Presses the button when the injected step says that its job has come so far. */
const approveWhenWaiting = async (
  { hub }: Table,
  run: StartedRun,
  call: { move: Move; gates: string; over: () => boolean }
): Promise<void> => {
  const { approve } = call.move;
  if (approve === undefined) return;
  const file = (state: string): string => join(call.gates, `${approve.environment}.${state}`);
  while (!existsSync(file('waiting'))) {
    if (call.over()) return;
    await pause(20);
  }
  hub.gate(run, { environment: approve.environment, job: approve.environment });
  hub.review(run, { environment: approve.environment, user: approve.by, state: 'approved' });
  await writeFile(file('open'), '');
};

const seenOf = async (
  table: Table,
  end: ActEnd,
  at: { run: StartedRun; folder: string; names: Names; sha: string }
): Promise<Seen> => {
  const { hub } = table;
  const needs = join(at.folder, 'needs.json');
  if (!existsSync(needs)) throw new Error(`act did not come to its end:\n${end.err}\n${end.out.slice(-2000)}`);
  const jobs = Object.entries(readNeeds(await readFile(needs, 'utf8')));
  const { [COLLECTOR]: _collector, ...steps } = stepsOf(readLog(end.out));
  const snapshot = await hub.snapshot();
  noProblems(hub);
  return plain(
    {
      result: resultOf(end),
      jobs: plainJobs(at.names, jobs),
      steps,
      calls: callsOf(hub.log, at.run.id, (job) => job),
      state: stateOf(snapshot)
    },
    ownNames(hub, at.sha, snapshot)
  );
};

export interface ActPlayer {
  play(move: Move, made: Made, names: Names): Promise<Seen>;
  close(): Promise<void>;
}

const play = async (
  table: Table,
  move: Move,
  { made, names, number }: { made: Made; names: Names; number: number }
): Promise<Seen> => {
  const { hub, places, scenario } = table;
  const folder = join(places.root, `run-${number}`);
  await mkdir(join(folder, 'gates'), { recursive: true });
  const started = await start(table, move, made);
  const run = hub.startRun({ ...started, actor: ACTOR, workflow: move.workflow });
  const verbatim = await prepareTree(table, move, { folder: join(folder, 'tree'), sha: started.sha });
  let over = false;
  const approval = approveWhenWaiting(table, run, { move, gates: join(folder, 'gates'), over: () => over });
  const end = await runAct({
    program: places.program,
    folder,
    event: started.event,
    actor: ACTOR,
    workflow: join(WORKFLOWS, move.workflow),
    payload: started.payload,
    repositories: { ...places.repositories, ...localActions(verbatim, places), ...scenario.actions },
    environment: { ...surroundings(table, run, folder), ...started.more },
    secrets: secretsFor(table, run, verbatim),
    vars: scenario.vars ?? {}
  });
  over = true;
  await approval;
  hub.finishRun(run, resultOf(end));
  return seenOf(table, end, { run, folder, names, sha: started.sha });
};

const STAND_INS = join(import.meta.dirname, 'stand-ins');

/** Every action of the workflow, at the ref it is pinned to. */
export const localActions = (text: string, { action }: Pick<Places, 'action'>): Texts => {
  const uses = [...text.matchAll(/uses: ([^\s,}]+@[^\s,}]+)/g)].map(([, name = '']) => name);
  const places = uses.flatMap((name): [string, string][] => {
    if (name.startsWith('OWNER/esteira@')) return [[name, action]];
    const [, known] = /^actions\/([\w-]+)@/.exec(name) ?? [];
    return known === undefined ? [] : [[name, join(STAND_INS, known)]];
  });
  return Object.fromEntries(places);
};

/** The same repository on a fresh hub of its own, its runs by act. */
export const openOnAct = async (scenario: Scenario, places: ActPlaces, first: Made): Promise<ActPlayer> => {
  const hub = await startHub();
  for (const [name, { reviewers = [] }] of Object.entries(scenario.environments ?? {})) {
    hub.defineEnvironment(name, { reviewers });
  }
  const { files, executable = [] } = scenario;
  same(first, await hub.commit({ message: 'chore: first commit', files, executable, date: first.date }));
  const git = openGit(hub);
  let number = 0;
  return {
    play: (move, made, names) => {
      number += 1;
      return play({ hub, git, scenario, places }, move, { made, names, number });
    },
    close: async () => {
      git.stop();
      await hub.stop();
      await rm(places.root, { recursive: true, force: true });
    }
  };
};
