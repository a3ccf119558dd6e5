import type { Comment, Issue, Pull } from '../records.ts';
import { nodeId, repositoryPage } from '../world.ts';
import { hasLabels } from '../resources/issues.ts';
import { actorNode } from './actors.ts';
import { mapConnection } from './deployments.ts';
import { commitNodeOf } from './git-objects.ts';
import { connection, forbiddenConnection, typedError } from './paging.ts';
import type { Connection, PageArguments } from './paging.ts';
import { demandRead, mayRead } from './scope.ts';
import type { GraphScope } from './scope.ts';

const labelNode = (name: string): object => ({ __typename: 'Label', id: nodeId('LA', name), name });

const commentNode = ({ world, caller }: GraphScope, comment: Comment): object => ({
  __typename: 'IssueComment',
  id: nodeId('IC', comment.id),
  databaseId: comment.id,
  fullDatabaseId: String(comment.id),
  body: comment.body,
  author: actorNode(world, comment.author),
  viewerDidAuthor: comment.author === caller.login,
  createdAt: comment.createdAt,
  updatedAt: comment.updatedAt
});

const commentsOf = (scope: GraphScope, issue: Issue, page: PageArguments): Connection<object> => {
  const items = scope.view.data.comments.filter((comment) => comment.issue === issue.number);
  return mapConnection(connection({ name: 'comments', items, key: (each) => String(each.id) }, page), (each) =>
    commentNode(scope, each)
  );
};

/** GitHub shows the commits of a pull request to whoever may read pull requests. */
const commitsOf = (scope: GraphScope, pull: Pull, page: PageArguments): Connection<object> => {
  const listing = { name: 'commits', items: pull.commits, key: (sha: string) => sha };
  return mapConnection(connection(listing, page), (sha) => ({
    __typename: 'PullRequestCommit',
    id: nodeId('PURC', sha),
    commit: () => commitNodeOf(scope, sha)
  }));
};

/** What a pull request has beyond an issue. */
const pullFields = (scope: GraphScope, { number, state, pull, closedAt }: Issue & { readonly pull: Pull }): object => {
  const url = `${repositoryPage(scope.world)}/pull/${number}`;
  return {
    __typename: 'PullRequest',
    url,
    resourcePath: new URL(url).pathname,
    state: pull.mergeCommit === null ? state.toUpperCase() : 'MERGED',
    headRefOid: pull.head,
    isCrossRepository: pull.fork ?? false,
    merged: pull.mergeCommit !== null,
    mergedAt: pull.mergeCommit === null ? null : closedAt,
    mergeCommit: () => (pull.mergeCommit === null ? null : commitNodeOf(scope, pull.mergeCommit)),
    commits: (page: PageArguments) => commitsOf(scope, pull, page),
    closingIssuesReferences: (page: PageArguments) => {
      const items = scope.view.data.issues.filter((issue) => pull.closes.includes(issue.number));
      return mapConnection(
        connection({ name: 'closingIssuesReferences', items, key: (each) => String(each.number) }, page),
        (each) => issueNode(scope, each)
      );
    }
  };
};

const isPull = (issue: Issue): issue is Issue & { readonly pull: Pull } => issue.pull !== undefined;

export const conversationNode = (scope: GraphScope, number: number): object => {
  const issue = scope.view.data.issues.find((each) => each.number === number);
  if (issue === undefined)
    throw typedError('NOT_FOUND', `Could not resolve to an issue or pull request with the number of ${number}.`);
  demandRead(scope, isPull(issue) ? 'pull-requests' : 'issues');
  return isPull(issue) ? { ...issueNode(scope, issue), ...pullFields(scope, issue) } : issueNode(scope, issue);
};

/** The number of an issue is the number of no pull request. */
export const pullNode = (scope: GraphScope, number: number): object => {
  demandRead(scope, 'pull-requests');
  const issue = scope.view.data.issues.find((each) => each.number === number);
  if (issue === undefined || !isPull(issue))
    throw typedError('NOT_FOUND', `Could not resolve to a PullRequest with the number of ${number}.`);
  return { ...issueNode(scope, issue), ...pullFields(scope, issue) };
};

const issueNode = (scope: GraphScope, issue: Issue): object => {
  const { world } = scope;
  const { settings } = world;
  const url = `${repositoryPage(world)}/issues/${issue.number}`;
  return {
    __typename: 'Issue',
    repository: { __typename: 'Repository', nameWithOwner: `${settings.owner}/${settings.name}` },
    comments: (page: PageArguments) => commentsOf(scope, issue, page),
    id: nodeId('I', issue.id),
    databaseId: issue.id,
    number: issue.number,
    title: issue.title,
    body: issue.body ?? '',
    bodyText: issue.body ?? '',
    state: issue.state.toUpperCase(),
    closed: issue.state === 'closed',
    locked: false,
    url,
    resourcePath: new URL(url).pathname,
    author: actorNode(world, issue.author),
    createdAt: issue.createdAt,
    updatedAt: issue.updatedAt,
    closedAt: issue.closedAt,
    labels: (page: PageArguments) =>
      mapConnection(connection({ name: 'labels', items: issue.labels, key: (name) => name }, page), labelNode)
  };
};

interface IssueArguments extends PageArguments {
  readonly labels?: readonly string[] | null;
  readonly states?: readonly string[] | null;
  readonly orderBy?: { readonly field: string; readonly direction: 'ASC' | 'DESC' } | null;
}

const instant = (issue: Issue, field: string | undefined): string =>
  field === 'UPDATED_AT' ? issue.updatedAt : issue.createdAt;

export const issuesConnection = (scope: GraphScope, asked: IssueArguments): Connection<object> => {
  if (!mayRead(scope, 'issues')) return forbiddenConnection();
  const { labels, states, orderBy } = asked;
  const chosen = scope.view.data.issues.filter(
    (issue) =>
      issue.pull === undefined &&
      // any of the labels will do, unlike in REST
      (labels === undefined || labels === null || labels.some((label) => hasLabels(issue, [label]))) &&
      (states === undefined || states === null || states.includes(issue.state.toUpperCase()))
  );
  const ascending = chosen.toSorted(
    (a, b) => instant(a, orderBy?.field).localeCompare(instant(b, orderBy?.field)) || a.number - b.number
  );
  const items = orderBy?.direction === 'DESC' ? ascending.toReversed() : ascending;
  const page = connection({ name: 'issues', items, key: (issue) => String(issue.number) }, asked);
  return mapConnection(page, (issue) => issueNode(scope, issue));
};
