import { byId, paged, Problem, reads, replaced } from '../call.ts';
import type { Need } from '../access.ts';
import type { Call, Operations, Reply } from '../call.ts';
import type { Comment, Issue } from '../records.ts';
import type { World } from '../world.ts';
import { nodeId, nowStamp, repositoryApi, repositoryPage } from '../world.ts';
import { findIssue } from './issues.ts';
import { userView } from './users.ts';

const commentView = (world: World, comment: Comment): unknown => ({
  id: comment.id,
  node_id: nodeId('IC', comment.id),
  url: `${repositoryApi(world)}/issues/comments/${comment.id}`,
  html_url: `${repositoryPage(world)}/issues/${comment.issue}#issuecomment-${comment.id}`,
  issue_url: `${repositoryApi(world)}/issues/${comment.issue}`,
  body: comment.body,
  user: userView(world, comment.author),
  created_at: comment.createdAt,
  updated_at: comment.updatedAt,
  author_association: 'NONE'
});

/** On a pull request it is a pull request's right, on an issue an issue's. */
export const demandWrite = ({ caller }: Call, { pull }: Issue): void => {
  if (!caller.allows(pull === undefined ? 'issues' : 'pull-requests', 'write'))
    throw new Problem(403, 'Resource not accessible by integration');
};

const create = (call: Call): Reply => {
  const { world, params, body, caller } = call;
  const issue = findIssue(world.state.now().data, params.number('issue_number'));
  demandWrite(call, issue);
  const { number } = issue;
  const now = nowStamp(world);
  const id = world.state.nextId();
  const comment: Comment = {
    id,
    issue: number,
    body: body.text('body'),
    author: caller.login,
    createdAt: now,
    updatedAt: now
  };
  world.state.write((data) => ({ ...data, comments: [...data.comments, comment] }));
  return { status: 201, body: commentView(world, comment) };
};

const writable = (call: Call): Comment => {
  const { data } = call.world.state.now();
  const comment = byId(data.comments, call.params.number('comment_id'));
  demandWrite(call, findIssue(data, comment.issue));
  return comment;
};

const update = (call: Call): Reply => {
  const { world, body } = call;
  const comment = writable(call);
  const edited = { ...comment, body: body.text('body'), updatedAt: nowStamp(world) };
  world.state.write((data) => ({ ...data, comments: replaced(data.comments, edited) }));
  return { status: 200, body: commentView(world, edited) };
};

const list = (call: Call): Reply => {
  const { number } = findIssue(call.view.data, call.params.number('issue_number'));
  const { items, headers } = paged(
    call,
    call.view.data.comments.filter((comment) => comment.issue === number)
  );
  return { status: 200, headers, body: items.map((comment) => commentView(call.world, comment)) };
};

const remove = (call: Call): Reply => {
  const { id } = writable(call);
  call.world.state.write((data) => ({ ...data, comments: data.comments.filter((comment) => comment.id !== id) }));
  return { status: 204 };
};

/** Which right it takes is only known with the issue. */
export const LATER: Need = { scope: 'metadata' };

export const comments: Operations = {
  'issues/create-comment': { needs: LATER, run: create },
  'issues/update-comment': { needs: LATER, run: update },
  'issues/delete-comment': { needs: LATER, run: remove },
  'issues/list-comments': { needs: reads('issues'), run: list }
};
