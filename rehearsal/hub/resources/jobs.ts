import { byId, paged, reads, replaced } from '../call.ts';
import type { Call, Operations, Reply } from '../call.ts';
import { gateState } from '../gates.ts';
import type { Data, Gate, Job, Run } from '../records.ts';
import type { World } from '../world.ts';
import { nodeId, nowStamp, repositoryApi, repositoryPage } from '../world.ts';

/** Where nobody reports jobs, those at a gate are known: they wait, or work until their run ends. */
const statusOf = (world: World, run: Run, gate: Gate): 'waiting' | 'in_progress' | 'completed' => {
  if (run.status === 'completed') return 'completed';
  const state = gateState(world, gate);
  if (state === 'rejected') return 'completed';
  return state === 'waiting' ? 'waiting' : 'in_progress';
};

const atGate = (world: World, run: Run, gate: Gate): Job => {
  const status = statusOf(world, run, gate);
  const over = status === 'completed';
  return {
    id: gate.id,
    run: run.id,
    attempt: run.attempt,
    name: gate.job,
    status,
    conclusion: over ? (run.conclusion ?? 'failure') : null,
    since: gate.since,
    completedAt: over ? run.updatedAt : null
  };
};

const jobsOf = (world: World, data: Data, run: Run): readonly Job[] => {
  const here = (each: Job | Gate): boolean => each.run === run.id && each.attempt === run.attempt;
  const reported = data.jobs.filter(here);
  return reported.length > 0 ? reported : data.gates.filter(here).map((gate) => atGate(world, run, gate));
};

export type JobReport = Pick<Job, 'name' | 'status' | 'conclusion'>;

/** Says how far a job of the run's present attempt has come. */
export const reportJob = (world: World, run: Run, { name, status, conclusion }: JobReport): void => {
  const { jobs } = world.state.now().data;
  const known = jobs.find((job) => job.run === run.id && job.attempt === run.attempt && job.name === name);
  const completedAt = status === 'completed' ? nowStamp(world) : null;
  const base = known ?? { id: world.state.nextId(), run: run.id, attempt: run.attempt, name, since: nowStamp(world) };
  const job: Job = { ...base, status, conclusion, completedAt };
  world.state.write((data) => ({ ...data, jobs: known ? replaced(data.jobs, job) : [...data.jobs, job] }));
};

const jobView = (world: World, run: Run, job: Job): unknown => {
  const [api, page] = [repositoryApi(world), repositoryPage(world)];
  return {
    id: job.id,
    run_id: run.id,
    run_attempt: run.attempt,
    run_url: `${api}/actions/runs/${run.id}`,
    node_id: nodeId('CR', job.id),
    head_sha: run.sha,
    head_branch: run.ref.replace(/^refs\/(heads|tags)\//, ''),
    url: `${api}/actions/jobs/${job.id}`,
    html_url: `${page}/actions/runs/${run.id}/job/${job.id}`,
    check_run_url: `${api}/check-runs/${job.id}`,
    status: job.status,
    conclusion: job.conclusion,
    created_at: job.since,
    started_at: job.since,
    completed_at: job.completedAt,
    name: job.name,
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
  const jobs = jobsOf(world, view.data, run);
  const { items, headers } = paged(call, jobs);
  const body = { total_count: jobs.length, jobs: items.map((job) => jobView(world, run, job)) };
  return { status: 200, headers, body };
};

export const jobs: Operations = {
  'actions/list-jobs-for-workflow-run': { needs: reads('actions'), run: list }
};
