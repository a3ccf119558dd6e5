import { byId, paged, reads, replaced, writes } from '../call.ts';
import type { Call, Operations, Reply } from '../call.ts';
import type { Comment } from '../records.ts';
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

const create = ({ world, params, body, caller }: Call): Reply => {
  const { number } = findIssue(world.state.now().data, params.number('issue_number'));
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

const update = ({ world, params, body }: Call): Reply => {
  const comment = byId(world.state.now().data.comments, params.number('comment_id'));
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

export const comments: Operations = {
  'issues/create-comment': { needs: writes('issues'), run: create },
  'issues/update-comment': { needs: writes('issues'), run: update },
  'issues/list-comments': { needs: reads('issues'), run: list }
};
