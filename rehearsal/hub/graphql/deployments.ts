import type { Deployment, DeploymentStatus } from '../records.ts';
import { statusesOf } from '../resources/deployment-statuses.ts';
import type { World } from '../world.ts';
import { nodeId } from '../world.ts';
import { actorNode } from './actors.ts';
import { commitNodeOf, findRef } from './git-objects.ts';
import { connection, forbiddenConnection, typedError } from './paging.ts';
import type { Connection, PageArguments } from './paging.ts';
import { demandRead, mayRead } from './scope.ts';
import type { GraphScope } from './scope.ts';

const ABANDONED_MINUTES = 30;

/** `DeploymentState`, computed from the latest status. */
export const deploymentState = (world: World, deployment: Deployment, latest: DeploymentStatus | undefined): string => {
  switch (latest?.state) {
    case undefined:
    case 'pending': {
      const idle = world.now().getTime() - Date.parse(deployment.updatedAt);
      return idle > ABANDONED_MINUTES * 60_000 ? 'ABANDONED' : 'PENDING';
    }
    case 'success':
      return 'ACTIVE';
    case 'inactive':
      return deployment.transient ? 'DESTROYED' : 'INACTIVE';
    case 'error':
    case 'failure':
    case 'in_progress':
    case 'queued':
      return latest.state.toUpperCase();
  }
};

/** The text GraphQL gives for a payload: JSON, and by default that JSON as a JSON string once more. */
const payloadText = (world: World, payload: unknown): string => {
  const text = typeof payload === 'string' ? payload : JSON.stringify(payload);
  return world.settings.payloadEncoding === 'double' ? JSON.stringify(text) : text;
};

const statusNode = (scope: GraphScope, status: DeploymentStatus): object => ({
  __typename: 'DeploymentStatus',
  id: nodeId('DES', status.id),
  state: status.state.toUpperCase(),
  description: status.description,
  environment: status.environment,
  environmentUrl: status.environmentUrl === '' ? null : status.environmentUrl,
  logUrl: status.logUrl === '' ? null : status.logUrl,
  createdAt: status.createdAt,
  updatedAt: status.createdAt,
  creator: actorNode(scope.world, status.creator)
});

const deploymentNode = (scope: GraphScope, deployment: Deployment): object => {
  const { world, view } = scope;
  // newest first, as REST has them
  const statuses = statusesOf(view.data, deployment).toReversed();
  const [latest] = statuses;
  return {
    __typename: 'Deployment',
    id: nodeId('DE', deployment.id),
    databaseId: deployment.id,
    commitOid: deployment.sha,
    commit: () => commitNodeOf(scope, deployment.sha),
    ref: () => findRef(scope, deployment.ref),
    task: deployment.task,
    payload: payloadText(world, deployment.payload),
    description: deployment.description,
    environment: deployment.environment,
    latestEnvironment: deployment.environment,
    originalEnvironment: deployment.originalEnvironment,
    creator: actorNode(world, deployment.creator),
    createdAt: deployment.createdAt,
    updatedAt: deployment.updatedAt,
    state: deploymentState(world, deployment, latest),
    latestStatus: latest === undefined ? null : statusNode(scope, latest),
    statuses: (page: PageArguments) =>
      mapConnection(connection({ name: 'statuses', items: statuses, key: (each) => String(each.id) }, page), (each) =>
        statusNode(scope, each)
      )
  };
};

interface DeploymentArguments extends PageArguments {
  readonly environments?: readonly string[] | null;
  readonly orderBy?: { readonly direction: 'ASC' | 'DESC' } | null;
}

export const deploymentsConnection = (scope: GraphScope, asked: DeploymentArguments): Connection<object> => {
  if (!mayRead(scope, 'deployments')) return forbiddenConnection();
  const wanted = asked.environments;
  const chosen = scope.view.data.deployments.filter(
    (each) => wanted === undefined || wanted === null || wanted.includes(each.environment)
  );
  // oldest first unless asked otherwise: the schema's own default
  const sorted = chosen.toSorted((a, b) => a.id - b.id);
  const items = asked.orderBy?.direction === 'DESC' ? sorted.toReversed() : sorted;
  const page = connection({ name: 'deployments', items, key: (each) => String(each.id) }, asked);
  return mapConnection(page, (each) => deploymentNode(scope, each));
};

/** Of all nodes only deployments are known here; an id of anything else, or of what is gone, leads to an error and null. */
export const deploymentWith = (scope: GraphScope, id: string): object => {
  demandRead(scope, 'deployments');
  const found = scope.view.data.deployments.find((each) => nodeId('DE', each.id) === id);
  if (found !== undefined) return deploymentNode(scope, found);
  throw typedError('NOT_FOUND', `Could not resolve to a node with the global id of '${id}'.`);
};

/** The same page with its items turned into nodes: only what is shown is built. */
export const mapConnection = <T, U>(page: Connection<T>, map: (item: T) => U): Connection<U> => {
  const { nodes, edges, ...rest } = page;
  if (typeof nodes === 'function' || typeof edges === 'function') return forbiddenConnection();
  const mapped = nodes.map(map);
  return {
    ...rest,
    nodes: mapped,
    edges: edges.flatMap(({ cursor }, at) => mapped.slice(at, at + 1).map((node) => ({ cursor, node })))
  };
};
