import { byId, paged, reads } from '../call.ts';
import type { Call, Operations, Reply } from '../call.ts';
import { gateState } from '../gates.ts';
import type { Gate, Run } from '../records.ts';
import type { World } from '../world.ts';
import { nodeId, repositoryApi, repositoryPage } from '../world.ts';

/** Of the jobs only those at a gate are known here: they wait, or work until their run ends. */
const statusOf = (world: World, run: Run, gate: Gate): 'waiting' | 'in_progress' | 'completed' => {
  if (run.status === 'completed') return 'completed';
  const state = gateState(world, gate);
  if (state === 'rejected') return 'completed';
  return state === 'waiting' ? 'waiting' : 'in_progress';
};

const jobView = (world: World, run: Run, gate: Gate): unknown => {
  const [api, page] = [repositoryApi(world), repositoryPage(world)];
  const status = statusOf(world, run, gate);
  return {
    id: gate.id,
    run_id: run.id,
    run_attempt: run.attempt,
    run_url: `${api}/actions/runs/${run.id}`,
    node_id: nodeId('CR', gate.id),
    head_sha: run.sha,
    head_branch: run.ref.replace(/^refs\/(heads|tags)\//, ''),
    url: `${api}/actions/jobs/${gate.id}`,
    html_url: `${page}/actions/runs/${run.id}/job/${gate.id}`,
    check_run_url: `${api}/check-runs/${gate.id}`,
    status,
    conclusion: status === 'completed' ? (run.conclusion ?? 'failure') : null,
    created_at: gate.since,
    started_at: gate.since,
    completed_at: status === 'completed' ? run.updatedAt : null,
    name: gate.job,
    labels: [],
    runner_id: null,
    runner_name: null,
    runner_group_id: null,
    runner_group_name: null,
    workflow_name: run.workflow
  };
};

const list = (call: Call): Reply => {
  const { world, view, params } = call;
  const run = byId(view.data.runs, params.number('run_id'));
  const jobs = view.data.gates.filter((gate) => gate.run === run.id && gate.attempt === run.attempt);
  const { items, headers } = paged(call, jobs);
  const body = { total_count: jobs.length, jobs: items.map((gate) => jobView(world, run, gate)) };
  return { status: 200, headers, body };
};

export const jobs: Operations = {
  'actions/list-jobs-for-workflow-run': { needs: reads('actions'), run: list }
};
