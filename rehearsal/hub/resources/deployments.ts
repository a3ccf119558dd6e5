import { Problem, byId, newestFirst, paged, reads, writes } from '../call.ts';
import type { Call, Operations, Reply } from '../call.ts';
import { resolveCommit } from '../git-objects.ts';
import type { ResolvedCommit } from '../git-objects.ts';
import type { Deployment } from '../records.ts';
import type { World } from '../world.ts';
import { nodeId, nowStamp, repositoryApi } from '../world.ts';
import { currentStatuses } from './commits.ts';
import { bringUpToDate } from './auto-merge.ts';
import { ensureEnvironment } from './environments.ts';
import { userView } from './users.ts';

export const deploymentView = (world: World, deployment: Deployment): Readonly<Record<string, unknown>> => {
  const url = `${repositoryApi(world)}/deployments/${deployment.id}`;
  return {
    url,
    id: deployment.id,
    node_id: nodeId('DE', deployment.id),
    sha: deployment.sha,
    ref: deployment.ref,
    task: deployment.task,
    payload: deployment.payload,
    original_environment: deployment.originalEnvironment,
    environment: deployment.environment,
    description: deployment.description,
    creator: userView(world, deployment.creator),
    created_at: deployment.createdAt,
    updated_at: deployment.updatedAt,
    statuses_url: `${url}/statuses`,
    repository_url: repositoryApi(world),
    transient_environment: deployment.transient,
    production_environment: deployment.production,
    performed_via_github_app: null
  };
};

const target = async ({ world, body }: Call): Promise<ResolvedCommit> => {
  const ref = body.text('ref');
  const resolved = await resolveCommit(world.git, ref, new Map());
  if (resolved === undefined) throw new Problem(422, `No ref found for: ${ref}`);
  return resolved;
};

/** Contexts on the commit: commit statuses, and the checks of runs still under way, our own included. */
const contexts = ({ world }: Call, sha: string): ReadonlyMap<string, boolean> => {
  const { data } = world.state.now();
  const statuses = currentStatuses(data, sha).map((status) => [status.context, status.state === 'success'] as const);
  const checks = data.runs
    .filter((run) => run.sha === sha)
    .map((run) => [run.workflow, run.status === 'completed' && run.conclusion === 'success'] as const);
  return new Map([...statuses, ...checks]);
};

const checkContexts = (call: Call, sha: string): void => {
  const known = contexts(call, sha);
  const required = call.body.list('required_contexts')?.map(String) ?? [...known.keys()];
  const unmet = required.filter((context) => known.get(context) !== true);
  if (unmet.length === 0) return;
  throw new Problem(409, `Conflict: Commit status checks failed for ${call.body.text('ref')}.`, [
    { resource: 'Deployment', code: 'invalid', field: 'required_contexts', message: unmet.join(', ') }
  ]);
};

const create = async (call: Call): Promise<Reply> => {
  const { world, body, caller } = call;
  const { commit, ref } = await target(call);
  if (body.flagOr('auto_merge', true)) {
    const message = await bringUpToDate(world, { commit, ref, text: body.text('ref') });
    if (message !== undefined) return { status: 202, body: { message } };
  }
  checkContexts(call, commit.sha);
  const environment = body.textOr('environment', 'production');
  ensureEnvironment(world, environment);
  const now = nowStamp(world);
  const deployment: Deployment = {
    id: world.state.nextId(),
    sha: commit.sha,
    ref: body.text('ref'),
    task: body.textOr('task', 'deploy'),
    payload: body.raw('payload') ?? '',
    originalEnvironment: environment,
    environment,
    description: body.textOr('description', null),
    transient: body.flagOr('transient_environment', false),
    production: body.flagOr('production_environment', environment === 'production'),
    creator: caller.login,
    createdAt: now,
    updatedAt: now
  };
  world.state.write((data) => ({ ...data, deployments: [...data.deployments, deployment] }));
  return { status: 201, body: deploymentView(world, deployment) };
};

const list = (call: Call): Reply => {
  const { query, view, world } = call;
  const matches = (name: string, value: string): boolean => {
    const wanted = query.textOr(name, 'none');
    return wanted === 'none' || wanted === value;
  };
  const chosen = view.data.deployments.filter(
    (deployment) =>
      matches('sha', deployment.sha) &&
      matches('ref', deployment.ref) &&
      matches('task', deployment.task) &&
      matches('environment', deployment.environment)
  );
  const { items, headers } = paged(call, newestFirst(chosen));
  return { status: 200, headers, body: items.map((deployment) => deploymentView(world, deployment)) };
};

const get = ({ world, view, params }: Call): Reply => ({
  status: 200,
  body: deploymentView(world, byId(view.data.deployments, params.number('deployment_id')))
});

/** Only what is not active may go, unless it is the only one. */
const remove = ({ world, params }: Call): Reply => {
  const { data } = world.state.now();
  const deployment = byId(data.deployments, params.number('deployment_id'));
  const last = data.deploymentStatuses.findLast((status) => status.deployment === deployment.id);
  const active = last === undefined || last.state === 'success';
  if (active && data.deployments.length > 1) {
    throw new Problem(
      422,
      'We cannot delete an active deployment unless it is the only deployment in a given environment.'
    );
  }
  world.state.write((before) => ({
    ...before,
    deployments: before.deployments.filter((other) => other.id !== deployment.id),
    deploymentStatuses: before.deploymentStatuses.filter((status) => status.deployment !== deployment.id)
  }));
  return { status: 204 };
};

export const deployments: Operations = {
  'repos/create-deployment': { needs: writes('deployments'), run: create },
  'repos/list-deployments': { needs: reads('deployments'), run: list },
  'repos/get-deployment': { needs: reads('deployments'), run: get },
  'repos/delete-deployment': { needs: writes('deployments'), run: remove }
};
