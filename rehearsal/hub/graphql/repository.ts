import { findEnvironment } from '../resources/environments.ts';
import { MADE, nodeId, repositoryPage } from '../world.ts';
import { deploymentWith, deploymentsConnection } from './deployments.ts';
import { findRef, gitNode, refNode } from './git-objects.ts';
import { conversationNode, issuesConnection, pullNode } from './issues.ts';
import { typedError } from './paging.ts';
import { latestReleaseNode, releaseByTag, releasesConnection } from './releases.ts';
import { REPOSITORY, demandRead } from './scope.ts';
import type { GraphScope } from './scope.ts';

const environmentNode = (scope: GraphScope, name: string): object | null => {
  demandRead(scope, 'actions');
  const found = findEnvironment(scope.view.data, name);
  if (found === undefined) return null;
  return { __typename: 'Environment', id: nodeId('EN', found.id), databaseId: found.id, name: found.name };
};

interface ObjectArguments {
  readonly expression?: string | null;
  readonly oid?: string | null;
}

const objectNode = async (scope: GraphScope, { expression, oid }: ObjectArguments): Promise<object | null> => {
  demandRead(scope, 'contents');
  const object = await scope.world.git.read(oid ?? expression ?? '');
  return object === undefined ? null : gitNode(scope, object);
};

const gitFields = (scope: GraphScope): object => ({
  defaultBranchRef: () => {
    demandRead(scope, 'contents');
    return refNode(scope, `refs/heads/${scope.world.settings.defaultBranch}`);
  },
  ref: ({ qualifiedName }: { qualifiedName: string }) => {
    demandRead(scope, 'contents');
    return findRef(scope, qualifiedName);
  },
  object: (asked: ObjectArguments) => objectNode(scope, asked)
});

const repositoryNode = (scope: GraphScope): object => {
  const { world } = scope;
  const { owner, name, visibility } = world.settings;
  return {
    __typename: 'Repository',
    id: REPOSITORY,
    databaseId: 700_001,
    name,
    nameWithOwner: `${owner}/${name}`,
    isPrivate: visibility === 'private',
    visibility: visibility.toUpperCase(),
    url: repositoryPage(world),
    createdAt: MADE,
    ...gitFields(scope),
    deployments: (asked: Parameters<typeof deploymentsConnection>[1]) => deploymentsConnection(scope, asked),
    environment: (asked: { name: string }) => environmentNode(scope, asked.name),
    releases: (asked: Parameters<typeof releasesConnection>[1]) => releasesConnection(scope, asked),
    release: ({ tagName }: { tagName: string }) => releaseByTag(scope, tagName),
    latestRelease: () => latestReleaseNode(scope),
    issues: (asked: Parameters<typeof issuesConnection>[1]) => issuesConnection(scope, asked),
    issueOrPullRequest: ({ number }: { number: number }) => conversationNode(scope, number),
    pullRequest: ({ number }: { number: number }) => pullNode(scope, number)
  };
};

export const rootOf = (scope: GraphScope): object => ({
  repository: (asked: { owner: string; name: string }) => {
    const { owner, name } = scope.world.settings;
    const wanted = `${asked.owner}/${asked.name}`;
    if (wanted.toLowerCase() === `${owner}/${name}`.toLowerCase()) return repositoryNode(scope);
    throw typedError('NOT_FOUND', `Could not resolve to a Repository with the name '${wanted}'.`);
  },
  // each by itself: one that is gone does not take the others with it
  nodes: ({ ids }: { ids: readonly string[] }) => ids.map(async (id) => deploymentWith(scope, id)),
  rateLimit: () => {
    const { limit, used, remaining, reset } = scope.world.quota.look(scope.caller);
    return { cost: 1, limit, used, remaining, nodeCount: 0, resetAt: new Date(reset * 1000).toISOString() };
  }
});
