import { Problem, newestFirst, notFound, reads, writes } from '../call.ts';
import type { Call, Operations, Reply } from '../call.ts';
import { peel, resolveCommit } from '../git-objects.ts';
import type { Commit } from '../git-objects.ts';
import type { CommitStatus, Data } from '../records.ts';
import type { World } from '../world.ts';
import { nodeId, nowStamp, repositoryApi, repositoryPage } from '../world.ts';
import { minimalRepository } from './repository.ts';
import { userView } from './users.ts';

const commitView = (world: World, commit: Commit): unknown => {
  const api = repositoryApi(world);
  const page = repositoryPage(world);
  const url = `${api}/commits/${commit.sha}`;
  return {
    sha: commit.sha,
    node_id: nodeId('C', commit.sha),
    url,
    html_url: `${page}/commit/${commit.sha}`,
    comments_url: `${url}/comments`,
    commit: {
      url: `${api}/git/commits/${commit.sha}`,
      author: commit.author,
      committer: commit.committer,
      message: commit.message,
      comment_count: 0,
      tree: { sha: commit.tree, url: `${api}/git/trees/${commit.tree}` }
    },
    author: null,
    committer: null,
    parents: commit.parents.map((sha) => ({ sha, url: `${api}/commits/${sha}`, html_url: `${page}/commit/${sha}` }))
  };
};

const found = async ({ world, view, params }: Call): Promise<Commit> => {
  const text = params.text('ref');
  const resolved = await resolveCommit(world.git, text, view.refs);
  if (resolved === undefined) throw new Problem(422, `No commit found for SHA: ${text}`);
  return resolved.commit;
};

const getCommit = async (call: Call): Promise<Reply> => ({
  status: 200,
  body: commitView(call.world, await found(call))
});

/** The latest status of each context on the commit. */
export const currentStatuses = (data: Data, sha: string): readonly CommitStatus[] => {
  const latest = new Map<string, CommitStatus>();
  for (const status of data.commitStatuses) if (status.sha === sha) latest.set(status.context, status);
  return [...latest.values()];
};

const statusView = (world: World, status: CommitStatus): Readonly<Record<string, unknown>> => ({
  url: `${repositoryApi(world)}/statuses/${status.sha}`,
  avatar_url: `${world.urls.server}/avatars/u/${world.users.id(status.creator)}`,
  id: status.id,
  node_id: nodeId('SC', status.id),
  state: status.state,
  description: status.description,
  target_url: status.targetUrl,
  context: status.context,
  created_at: status.createdAt,
  updated_at: status.createdAt
});

const combined = (statuses: readonly CommitStatus[]): string => {
  if (statuses.some((status) => status.state === 'error' || status.state === 'failure')) return 'failure';
  return statuses.length > 0 && statuses.every((status) => status.state === 'success') ? 'success' : 'pending';
};

const combinedStatus = async (call: Call): Promise<Reply> => {
  const { sha } = await found(call);
  const statuses = currentStatuses(call.view.data, sha);
  const url = `${repositoryApi(call.world)}/commits/${sha}`;
  return {
    status: 200,
    body: {
      state: combined(statuses),
      sha,
      total_count: statuses.length,
      statuses: newestFirst(statuses).map((status) => statusView(call.world, status)),
      repository: minimalRepository(call.world),
      commit_url: url,
      url: `${url}/status`
    }
  };
};

const isState = (text: string): text is CommitStatus['state'] =>
  ['error', 'failure', 'pending', 'success'].includes(text);

const createStatus = async ({ world, params, body, caller }: Call): Promise<Reply> => {
  const commit = await peel(world.git, await world.git.read(params.text('sha')));
  if (commit === undefined) throw notFound();
  const state = body.text('state');
  if (!isState(state)) throw new TypeError(`state ${state}`);
  const status: CommitStatus = {
    id: world.state.nextId(),
    sha: commit.sha,
    context: body.textOr('context', 'default'),
    state,
    description: body.textOr('description', null),
    targetUrl: body.textOr('target_url', null),
    creator: caller.login,
    createdAt: nowStamp(world)
  };
  world.state.write((data) => ({ ...data, commitStatuses: [...data.commitStatuses, status] }));
  return { status: 201, body: { ...statusView(world, status), creator: userView(world, caller.login) } };
};

export const commits: Operations = {
  'repos/get-commit': { needs: reads('contents'), run: getCommit },
  'repos/get-combined-status-for-ref': { needs: reads('statuses'), run: combinedStatus },
  'repos/create-commit-status': { needs: writes('statuses'), run: createStatus }
};
