import type { Operations, Reply } from '../call.ts';
import type { World } from '../world.ts';
import { MADE, nodeId, repositoryApi, repositoryPage } from '../world.ts';
import { userView } from './users.ts';

export const REPOSITORY_ID = 700_001;

/** `name_url` -> what follows the repository's own address. */
const LINKS: Readonly<Record<string, string>> = {
  archive_url: '/{archive_format}{/ref}',
  assignees_url: '/assignees{/user}',
  blobs_url: '/git/blobs{/sha}',
  branches_url: '/branches{/branch}',
  collaborators_url: '/collaborators{/collaborator}',
  comments_url: '/comments{/number}',
  commits_url: '/commits{/sha}',
  compare_url: '/compare/{base}...{head}',
  contents_url: '/contents/{+path}',
  contributors_url: '/contributors',
  deployments_url: '/deployments',
  downloads_url: '/downloads',
  events_url: '/events',
  forks_url: '/forks',
  git_commits_url: '/git/commits{/sha}',
  git_refs_url: '/git/refs{/sha}',
  git_tags_url: '/git/tags{/sha}',
  hooks_url: '/hooks',
  issue_comment_url: '/issues/comments{/number}',
  issue_events_url: '/issues/events{/number}',
  issues_url: '/issues{/number}',
  keys_url: '/keys{/key_id}',
  labels_url: '/labels{/name}',
  languages_url: '/languages',
  merges_url: '/merges',
  milestones_url: '/milestones{/number}',
  notifications_url: '/notifications{?since,all,participating}',
  pulls_url: '/pulls{/number}',
  releases_url: '/releases{/id}',
  stargazers_url: '/stargazers',
  statuses_url: '/statuses/{sha}',
  subscribers_url: '/subscribers',
  subscription_url: '/subscription',
  tags_url: '/tags',
  teams_url: '/teams',
  trees_url: '/git/trees{/sha}'
};

/** GitHub's "minimal repository". */
export const minimalRepository = (world: World): Readonly<Record<string, unknown>> => {
  const { owner, name, visibility } = world.settings;
  const api = repositoryApi(world);
  return {
    id: REPOSITORY_ID,
    node_id: nodeId('R', REPOSITORY_ID),
    name,
    full_name: `${owner}/${name}`,
    owner: userView(world, owner),
    private: visibility === 'private',
    html_url: repositoryPage(world),
    description: null,
    fork: false,
    url: api,
    ...Object.fromEntries(Object.entries(LINKS).map(([key, path]) => [key, api + path]))
  };
};

const COUNTS = { forks: 0, forks_count: 0, network_count: 0, size: 1, stargazers_count: 0, subscribers_count: 0 };
const WATCHERS = { watchers: 0, watchers_count: 0 };
const FEATURES = { has_issues: true, has_projects: false, has_wiki: false, has_pages: false, has_discussions: false };

export const fullRepository = (world: World, openIssues: number): Readonly<Record<string, unknown>> => {
  const page = repositoryPage(world);
  return {
    ...minimalRepository(world),
    ...COUNTS,
    ...WATCHERS,
    ...FEATURES,
    clone_url: `${page}.git`,
    git_url: `${page}.git`,
    ssh_url: `${page}.git`,
    svn_url: page,
    mirror_url: null,
    homepage: null,
    language: null,
    license: null,
    archived: false,
    disabled: false,
    default_branch: world.settings.defaultBranch,
    visibility: world.settings.visibility,
    open_issues: openIssues,
    open_issues_count: openIssues,
    pushed_at: '2026-01-01T00:00:00Z',
    created_at: MADE,
    updated_at: '2026-01-01T00:00:00Z'
  };
};

export const repository: Operations = {
  'repos/get': {
    needs: { scope: 'metadata' },
    run: ({ world, view }): Reply => ({
      status: 200,
      body: fullRepository(world, view.data.issues.filter((issue) => issue.state === 'open').length)
    })
  }
};
