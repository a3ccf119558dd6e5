import { Problem, byId, newestFirst, paged, reads, replaced, writes } from '../call.ts';
import type { Call, Operations, Reply } from '../call.ts';
import { reviewGates, waitingGates } from '../gates.ts';
import type { Environment, Run } from '../records.ts';
import type { World } from '../world.ts';
import { nodeId, nowStamp, repositoryApi, repositoryPage } from '../world.ts';
import { environmentLinks, findEnvironment, reviewersView } from './environments.ts';
import { minimalRepository } from './repository.ts';
import { userView } from './users.ts';

const workflowId = (path: string): number => Buffer.from(path).reduce((sum, byte) => (sum * 31 + byte) % 9_000_000, 7);

const runLinks = (api: string, page: string, run: Run): Readonly<Record<string, unknown>> => {
  const url = `${api}/actions/runs/${run.id}`;
  return {
    url,
    html_url: `${page}/actions/runs/${run.id}`,
    jobs_url: `${url}/jobs`,
    logs_url: `${url}/logs`,
    check_suite_url: `${api}/check-suites/${run.id}`,
    artifacts_url: `${url}/artifacts`,
    cancel_url: `${url}/cancel`,
    rerun_url: `${url}/rerun`,
    previous_attempt_url: run.attempt > 1 ? `${url}/attempts/${run.attempt - 1}` : null,
    workflow_url: `${api}/actions/workflows/${workflowId(run.workflow)}`
  };
};

const runView = (world: World, run: Run): unknown => ({
  id: run.id,
  node_id: nodeId('WFR', run.id),
  name: run.workflow,
  head_branch: run.ref.replace(/^refs\/(heads|tags)\//, ''),
  head_sha: run.sha,
  path: `.github/workflows/${run.workflow}`,
  display_title: run.workflow,
  run_number: run.number,
  run_attempt: run.attempt,
  event: run.event,
  status: run.status,
  conclusion: run.conclusion,
  workflow_id: workflowId(run.workflow),
  ...runLinks(repositoryApi(world), repositoryPage(world), run),
  pull_requests: [],
  created_at: run.createdAt,
  updated_at: run.updatedAt,
  run_started_at: run.updatedAt,
  actor: userView(world, run.actor),
  triggering_actor: userView(world, run.actor),
  head_commit: null,
  repository: minimalRepository(world),
  head_repository: minimalRepository(world)
});

const list = (call: Call, among: (run: Run) => boolean = () => true): Reply => {
  const { query, view, world } = call;
  const wants = (name: string, ...values: readonly (string | null)[]): boolean =>
    !query.has(name) || values.includes(query.text(name));
  const chosen = view.data.runs.filter(
    (run) =>
      among(run) &&
      wants('status', run.status, run.conclusion) &&
      wants('event', run.event) &&
      wants('head_sha', run.sha) &&
      wants('actor', run.actor) &&
      wants('branch', run.ref.replace(/^refs\/heads\//, ''))
  );
  const { items, headers } = paged(call, newestFirst(chosen));
  return {
    status: 200,
    headers,
    body: { total_count: chosen.length, workflow_runs: items.map((run) => runView(world, run)) }
  };
};

/** Of one workflow, named by its id or by its file. */
const listOfWorkflow = (call: Call): Reply => {
  const wanted = String(call.params.raw('workflow_id'));
  return list(call, ({ workflow }) => wanted === workflow || wanted === String(workflowId(workflow)));
};

const chosenRun = ({ view, params }: Call): Run => byId(view.data.runs, params.number('run_id'));

/** No time and no attempt: the platform gives neither. */
const approvals = (call: Call): Reply => {
  const run = chosenRun(call);
  const { world, view } = call;
  const body = view.data.reviews
    .filter((review) => review.run === run.id)
    .map((review) => ({
      environments: review.environments
        .map((name) => findEnvironment(view.data, name))
        .filter((each): each is Environment => each !== undefined)
        .map((each) => ({ ...environmentLinks(world, each), created_at: each.createdAt, updated_at: each.createdAt })),
      state: review.state,
      user: userView(world, review.user),
      comment: review.comment
    }));
  return { status: 200, body };
};

const pending = (call: Call): Reply => {
  const run = chosenRun(call);
  const { world, view, caller } = call;
  const gates = waitingGates(world, view.data, run);
  const names = [...new Set(gates.map((gate) => gate.environment))];
  const body = names.flatMap((name) => {
    const environment = findEnvironment(view.data, name);
    const since = gates.find((gate) => gate.environment === name)?.since ?? null;
    if (environment === undefined) return [];
    const mayApprove = caller.person && environment.reviewers.includes(caller.login);
    return {
      environment: environmentLinks(world, environment),
      wait_timer: environment.waitMinutes,
      wait_timer_started_at: environment.waitMinutes > 0 ? since : null,
      current_user_can_approve: mayApprove && !(environment.preventSelfReview && caller.login === run.actor),
      reviewers: reviewersView(world, environment)
    };
  });
  return { status: 200, body };
};

const review = (call: Call): Reply => {
  const { world, params, body, caller } = call;
  const { data } = world.state.now();
  const run = byId(data.runs, params.number('run_id'));
  const names = (body.list('environment_ids') ?? []).map((id) => byId(data.environments, Number(id)).name);
  const state = body.text('state') === 'approved' ? 'approved' : 'rejected';
  reviewGates(world, run, { environments: names, state, user: caller.login, comment: body.text('comment') });
  // jobs with `deployment: false` have no deployment to show
  return { status: 200, body: [] };
};

const cancel = ({ world, params }: Call): Reply => {
  const run = byId(world.state.now().data.runs, params.number('run_id'));
  if (run.status === 'completed') throw new Problem(409, 'Cannot cancel a workflow run that is completed.');
  endRun(world, run, 'cancelled');
  return { status: 202, body: {} };
};

export const endRun = (world: World, run: Run, conclusion: string): void => {
  const ended: Run = { ...run, status: 'completed', conclusion, updatedAt: nowStamp(world) };
  world.state.write((data) => ({ ...data, runs: replaced(data.runs, ended) }));
};

export const runs: Operations = {
  'actions/list-workflow-runs-for-repo': { needs: reads('actions'), run: (call) => list(call) },
  'actions/list-workflow-runs': { needs: reads('actions'), run: listOfWorkflow },
  'actions/get-workflow-run': {
    needs: reads('actions'),
    run: (call) => ({ status: 200, body: runView(call.world, chosenRun(call)) })
  },
  'actions/cancel-workflow-run': { needs: writes('actions'), run: cancel },
  'actions/get-reviews-for-run': { needs: reads('actions'), run: approvals },
  'actions/get-pending-deployments-for-run': { needs: reads('actions'), run: pending },
  'actions/review-pending-deployments-for-run': { needs: { scope: 'review' }, run: review }
};
