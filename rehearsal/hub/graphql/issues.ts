import type { Issue } from '../records.ts';
import { nodeId, repositoryPage } from '../world.ts';
import { hasLabels } from '../resources/issues.ts';
import { actorNode } from './actors.ts';
import { mapConnection } from './deployments.ts';
import { connection, forbiddenConnection } from './paging.ts';
import type { Connection, PageArguments } from './paging.ts';
import { mayRead } from './scope.ts';
import type { GraphScope } from './scope.ts';

const labelNode = (name: string): object => ({ __typename: 'Label', id: nodeId('LA', name), name });

const issueNode = ({ world }: GraphScope, issue: Issue): object => {
  const url = `${repositoryPage(world)}/issues/${issue.number}`;
  return {
    __typename: 'Issue',
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
