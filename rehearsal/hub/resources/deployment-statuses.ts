import { byId, invalid, newestFirst, paged, reads, replaced, writes } from '../call.ts';
import type { Call, Operations, Reply } from '../call.ts';
import type { Data, Deployment, DeploymentStatus, StatusState } from '../records.ts';
import type { World } from '../world.ts';
import { nodeId, nowStamp, repositoryApi } from '../world.ts';
import { userView } from './users.ts';

const STATES: readonly string[] = ['error', 'failure', 'inactive', 'in_progress', 'queued', 'pending', 'success'];

const isState = (text: string): text is StatusState => STATES.includes(text);

const MOST_CHARACTERS = 140;

export const statusesOf = (data: Data, deployment: Deployment): readonly DeploymentStatus[] =>
  data.deploymentStatuses.filter((status) => status.deployment === deployment.id);

const statusView = (world: World, status: DeploymentStatus): unknown => {
  const deployment = `${repositoryApi(world)}/deployments/${status.deployment}`;
  return {
    url: `${deployment}/statuses/${status.id}`,
    id: status.id,
    node_id: nodeId('DES', status.id),
    state: status.state,
    creator: userView(world, status.creator),
    description: status.description,
    environment: status.environment,
    target_url: status.logUrl,
    created_at: status.createdAt,
    updated_at: status.createdAt,
    deployment_url: deployment,
    repository_url: repositoryApi(world),
    environment_url: status.environmentUrl,
    log_url: status.logUrl,
    performed_via_github_app: null
  };
};

const newStatus = ({ world, body, caller }: Call, deployment: Deployment): DeploymentStatus => {
  const state = body.text('state');
  if (!isState(state)) throw new TypeError(`state ${state}`);
  const description = body.textOr('description', '');
  if (description.length > MOST_CHARACTERS) {
    const message = `description is too long (maximum is ${MOST_CHARACTERS} characters)`;
    throw invalid({ resource: 'DeploymentStatus', code: 'custom', field: 'description', message });
  }
  return {
    id: world.state.nextId(),
    deployment: deployment.id,
    state,
    description,
    environment: body.textOr('environment', deployment.environment),
    environmentUrl: body.textOr('environment_url', ''),
    logUrl: body.textOr('log_url', body.textOr('target_url', '')),
    creator: caller.login,
    createdAt: nowStamp(world)
  };
};

/**
 * Prior deployments of the same environment that the new success retires. As documented only those that are neither
 * transient nor production, and only those whose state is `success`.
 */
const retiredBy = (data: Data, deployment: Deployment): readonly Deployment[] =>
  data.deployments.filter(
    (other) =>
      other.id < deployment.id &&
      other.environment === deployment.environment &&
      !other.transient &&
      !other.production &&
      statusesOf(data, other).at(-1)?.state === 'success'
  );

const retirements = (world: World, deployment: Deployment, status: DeploymentStatus): readonly DeploymentStatus[] =>
  retiredBy(world.state.now().data, deployment).map((other) => ({
    ...status,
    id: world.state.nextId(),
    deployment: other.id,
    state: 'inactive',
    description: '',
    environmentUrl: '',
    logUrl: ''
  }));

const create = (call: Call): Reply => {
  const { world, params, body } = call;
  const before = byId(world.state.now().data.deployments, params.number('deployment_id'));
  const status = newStatus(call, before);
  const deployment = { ...before, environment: status.environment, updatedAt: status.createdAt };
  const retires = status.state === 'success' && body.flagOr('auto_inactive', true);
  const others = retires ? retirements(world, deployment, status) : [];
  world.state.write((data) => ({
    ...data,
    deployments: replaced(data.deployments, deployment),
    deploymentStatuses: [...data.deploymentStatuses, status, ...others]
  }));
  return { status: 201, body: statusView(world, status) };
};

const list = (call: Call): Reply => {
  const deployment = byId(call.view.data.deployments, call.params.number('deployment_id'));
  const { items, headers } = paged(call, newestFirst(statusesOf(call.view.data, deployment)));
  return { status: 200, headers, body: items.map((status) => statusView(call.world, status)) };
};

const get = ({ world, view, params }: Call): Reply => {
  const deployment = byId(view.data.deployments, params.number('deployment_id'));
  return { status: 200, body: statusView(world, byId(statusesOf(view.data, deployment), params.number('status_id'))) };
};

export const deploymentStatuses: Operations = {
  'repos/create-deployment-status': { needs: writes('deployments'), run: create },
  'repos/list-deployment-statuses': { needs: reads('deployments'), run: list },
  'repos/get-deployment-status': { needs: reads('deployments'), run: get }
};
