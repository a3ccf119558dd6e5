import { invalid, newestFirst, notFound, paged, reads, replaced, writes } from '../call.ts';
import type { Call, Operations, Reply } from '../call.ts';
import { isObject } from '../fields.ts';
import type { Data, Issue } from '../records.ts';
import type { World } from '../world.ts';
import { nodeId, nowStamp, repositoryApi, repositoryPage } from '../world.ts';
import { ensureLabels, findLabel, labelView } from './labels.ts';
import { userView } from './users.ts';

const issueLinks = (world: World, issue: Issue): Readonly<Record<string, string>> => {
  const url = `${repositoryApi(world)}/issues/${issue.number}`;
  return {
    url,
    html_url: `${repositoryPage(world)}/issues/${issue.number}`,
    repository_url: repositoryApi(world),
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`
  };
};

/** What tells a pull request in a list of issues. */
const pullLinks = (world: World, { pull, number, closedAt }: Issue): object => {
  if (pull === undefined) return {};
  const [url, page] = [`${repositoryApi(world)}/pulls/${number}`, `${repositoryPage(world)}/pull/${number}`];
  const mergedAt = pull.mergeCommit === null ? null : closedAt;
  return {
    pull_request: { url, html_url: page, diff_url: `${page}.diff`, patch_url: `${page}.patch`, merged_at: mergedAt }
  };
};

const issueView = (world: World, data: Data, issue: Issue): unknown => ({
  ...issueLinks(world, issue),
  id: issue.id,
  node_id: nodeId('I', issue.id),
  number: issue.number,
  title: issue.title,
  body: issue.body,
  state: issue.state,
  state_reason: issue.stateReason,
  labels: issue.labels.flatMap((name) => {
    const label = findLabel(data, name);
    return label === undefined ? [] : [labelView(world, label)];
  }),
  user: userView(world, issue.author),
  assignee: null,
  assignees: [],
  milestone: null,
  locked: false,
  comments: data.comments.filter((comment) => comment.issue === issue.number).length,
  created_at: issue.createdAt,
  updated_at: issue.updatedAt,
  closed_at: issue.closedAt,
  ...pullLinks(world, issue)
});

const show = ({ world }: Call, status: number, issue: Issue): Reply => ({
  status,
  body: issueView(world, world.state.now().data, issue)
});

export const findIssue = (data: Data, number: number): Issue => {
  const issue = data.issues.find((each) => each.number === number);
  if (issue === undefined) throw notFound();
  return issue;
};

const labelNames = (given: readonly unknown[]): readonly string[] =>
  given.map((label) => (isObject(label) ? String(label['name']) : String(label)));

const create = (call: Call): Reply => {
  const { world, body, caller } = call;
  const title = String(body.raw('title')).trim();
  if (title === '') throw invalid({ resource: 'Issue', code: 'missing_field', field: 'title' });
  const labels = ensureLabels(world, labelNames(body.list('labels') ?? []));
  const now = nowStamp(world);
  const issue: Issue = {
    id: world.state.nextId(),
    number: world.state.now().data.issues.length + 1,
    title,
    body: body.textOr('body', null),
    state: 'open',
    stateReason: null,
    labels,
    author: caller.login,
    createdAt: now,
    updatedAt: now,
    closedAt: null
  };
  world.state.write((data) => ({ ...data, issues: [...data.issues, issue] }));
  return show(call, 201, issue);
};

const update = (call: Call): Reply => {
  const { world, body, params } = call;
  const issue = findIssue(world.state.now().data, params.number('issue_number'));
  const state = body.textOr('state', issue.state) === 'closed' ? 'closed' : 'open';
  const labels = body.list('labels');
  const now = nowStamp(world);
  const closing = state === 'closed' && issue.state === 'open';
  const edited: Issue = {
    ...issue,
    title: body.has('title') ? String(body.raw('title')) : issue.title,
    body: body.textOr('body', issue.body),
    state,
    stateReason: body.textOr('state_reason', closing ? 'completed' : state === 'open' ? null : issue.stateReason),
    labels: labels === undefined ? issue.labels : ensureLabels(world, labelNames(labels)),
    updatedAt: now,
    closedAt: state === 'open' ? null : (issue.closedAt ?? now)
  };
  world.state.write((data) => ({ ...data, issues: replaced(data.issues, edited) }));
  return show(call, 200, edited);
};

export const hasLabels = (issue: Issue, labels: readonly string[]): boolean =>
  labels.every((label) => issue.labels.some((own) => own.toLowerCase() === label.toLowerCase()));

const list = (call: Call): Reply => {
  const { query, view, world } = call;
  const state = query.textOr('state', 'open');
  const labels = query
    .textOr('labels', '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  const creator = query.textOr('creator', '');
  const chosen = view.data.issues.filter(
    (issue) =>
      (state === 'all' || issue.state === state) &&
      hasLabels(issue, labels) &&
      (creator === '' || issue.author === creator)
  );
  const { items, headers } = paged(call, newestFirst(chosen));
  return { status: 200, headers, body: items.map((issue) => issueView(world, view.data, issue)) };
};

const get = ({ world, view, params }: Call): Reply => ({
  status: 200,
  body: issueView(world, view.data, findIssue(view.data, params.number('issue_number')))
});

const addLabels = ({ world, params, body }: Call): Reply => {
  const names = ensureLabels(world, labelNames(body.list('labels') ?? []));
  const { data } = world.state.now();
  const issue = findIssue(data, params.number('issue_number'));
  const labels = [...new Set([...issue.labels, ...names])];
  const edited = { ...issue, labels, updatedAt: nowStamp(world) };
  world.state.write((before) => ({ ...before, issues: replaced(before.issues, edited) }));
  return {
    status: 200,
    body: data.labels.filter((each) => labels.includes(each.name)).map((each) => labelView(world, each))
  };
};

export const issues: Operations = {
  'issues/create': { needs: writes('issues'), run: create },
  'issues/get': { needs: reads('issues'), run: get },
  'issues/update': { needs: writes('issues'), run: update },
  'issues/list-for-repo': { needs: reads('issues'), run: list },
  'issues/add-labels': { needs: writes('issues'), run: addLabels }
};
