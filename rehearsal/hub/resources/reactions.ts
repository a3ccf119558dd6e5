import { byId, writes } from '../call.ts';
import type { Call, Operations, Reply } from '../call.ts';
import type { Reaction } from '../records.ts';
import type { World } from '../world.ts';
import { nodeId, nowStamp } from '../world.ts';
import { LATER, demandWrite } from './comments.ts';
import { findIssue } from './issues.ts';
import { userView } from './users.ts';

const reactionView = (world: World, { id, content, user, createdAt }: Reaction): unknown => ({
  id,
  node_id: nodeId('REA', id),
  user: userView(world, user),
  content,
  created_at: createdAt
});

/** The second time it is there already, and 200 says so. */
const create = (call: Call): Reply => {
  const { world, params, body, caller } = call;
  const { data } = world.state.now();
  const issue = findIssue(data, params.number('issue_number'));
  demandWrite(call, issue);
  const wanted = { issue: issue.number, content: body.text('content'), user: caller.login };
  const there = data.reactions.find(
    (each) => each.issue === wanted.issue && each.content === wanted.content && each.user === wanted.user
  );
  if (there !== undefined) return { status: 200, body: reactionView(world, there) };
  const made: Reaction = { ...wanted, id: world.state.nextId(), createdAt: nowStamp(world) };
  world.state.write((past) => ({ ...past, reactions: [...past.reactions, made] }));
  return { status: 201, body: reactionView(world, made) };
};

const remove = ({ world, params }: Call): Reply => {
  const { id } = byId(world.state.now().data.reactions, params.number('reaction_id'));
  world.state.write((data) => ({ ...data, reactions: data.reactions.filter((each) => each.id !== id) }));
  return { status: 204 };
};

export const reactions: Operations = {
  'reactions/create-for-issue': { needs: LATER, run: create },
  'reactions/delete-for-issue': { needs: writes('issues'), run: remove }
};
