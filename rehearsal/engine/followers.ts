import type { Git } from '../hub/git.ts';
import type { RunView } from './board.ts';
import { RehearsalError } from './errors.ts';
import { repositoryPayload, workflowsOf } from './events.ts';
import { passes } from './filters.ts';
import type { Workflow } from './model.ts';
import type { NewRun, Runs } from './runs.ts';
import type { Site, Trigger } from './site.ts';
import { commitSource } from './sources.ts';

interface Parts {
  readonly site: Site;
  readonly runs: Runs;
  readonly git: Git;
}

/** GitHub's limit (docs: "Events that trigger workflows", workflow_run). */
const LONGEST_CHAIN = 3;
const MAIN = 'refs/heads/main';

const branchOf = ({ trigger }: NewRun): string => trigger.headRef || trigger.ref.replace(/^refs\/heads\//, '');

const concerns = ({ events: { workflowRun } }: Workflow, origin: NewRun): boolean =>
  workflowRun !== undefined &&
  workflowRun.workflows.includes(origin.workflow.name) &&
  passes(workflowRun.branches, branchOf(origin));

const triggerOf = ({ hub }: Site, run: RunView, { origin, sha }: { origin: NewRun; sha: string }): Trigger => {
  const { trigger, workflow } = origin;
  const told = {
    id: run.id,
    name: workflow.name,
    path: workflow.path,
    event: trigger.event,
    status: 'completed',
    conclusion: run.conclusion ?? '',
    head_sha: trigger.sha,
    head_branch: branchOf(origin),
    run_attempt: run.attempt,
    actor: { login: trigger.actor },
    html_url: `${hub.url}/${hub.owner}/${hub.name}/actions/runs/${run.id}`
  };
  const payload = { ...repositoryPayload(hub, trigger.actor), action: 'completed', workflow_run: told };
  const follows = { run: run.id, steps: (trigger.follows?.steps ?? 0) + 1 };
  return {
    event: 'workflow_run',
    actor: trigger.actor,
    sha,
    ref: MAIN,
    headRef: '',
    baseRef: '',
    inputs: {},
    payload,
    follows
  };
};

/** They run from the default branch, whatever branch the run before them was of. */
const startFollowers = async ({ site, runs, git }: Parts, run: RunView): Promise<void> => {
  const origin = runs.origin(run.id);
  const sha = (await git.read(`${MAIN}^{commit}`))?.oid ?? '';
  const source = commitSource(site.hub, git, sha);
  const trigger = triggerOf(site, run, { origin, sha });
  if ((trigger.follows?.steps ?? 0) > LONGEST_CHAIN) return;
  for (const workflow of (await workflowsOf(git, source, sha)).filter((each) => concerns(each, origin))) {
    await runs.start({ trigger, workflow, source, title: workflow.name });
  }
};

const nameOf = ({ id, attempt }: RunView): string => `${id} ${attempt}`;

const followAll = async (parts: Parts): Promise<void> => {
  const { board, closing } = parts.site;
  const seen = new Set<string>();
  const next = (): RunView | 'closing' | undefined =>
    closing.aborted ? 'closing' : board.runs().find((run) => run.status === 'completed' && !seen.has(nameOf(run)));
  for (;;) {
    const run = await board.until(next);
    if (run === 'closing') return;
    seen.add(nameOf(run));
    await startFollowers(parts, run);
  }
};

export interface Following {
  /** The run of this workflow that the end of another one started, once there is one. */
  follower(run: RunView, workflow: string): Promise<RunView>;
  /** Once the site is closing; throws what broke a start. */
  end(): Promise<void>;
}

/** Starts what `on: workflow_run` asks for, after every run and every attempt of one, until the rehearsal closes. */
export const followRuns = (parts: Parts): Following => {
  const { board } = parts.site;
  const all = followAll(parts);
  // Whoever waits is told what breaks it, not the process.
  all.catch(() => undefined);
  return {
    follower: (run, workflow) =>
      Promise.race([
        board.until(() => board.runs().find((each) => each.follows === run.id && each.workflow === workflow)),
        all.then(() => Promise.reject(new RehearsalError(`${workflow} did not start after run ${run.id}`)))
      ]),
    end: () => {
      board.note({ run: 0, attempt: 0, job: undefined, what: 'closing' });
      return all;
    }
  };
};
