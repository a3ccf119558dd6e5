import { byId, notFound, paged, reads } from '../call.ts';
import type { Call, Operations, Reply } from '../call.ts';
import type { Ruleset } from '../records.ts';
import type { World } from '../world.ts';
import { nodeId, nowStamp, repositoryApi, repositoryPage } from '../world.ts';

export type NewRuleset = Partial<Pick<Ruleset, 'name' | 'target' | 'enforcement' | 'include' | 'exclude' | 'rules'>>;

/** What an administrator saves under Settings, Rules. */
export const addRuleset = (world: World, given: NewRuleset): void => {
  const ruleset: Ruleset = {
    id: world.state.nextId(),
    name: given.name ?? 'versions',
    target: given.target ?? 'tag',
    enforcement: given.enforcement ?? 'active',
    include: given.include ?? ['~ALL'],
    exclude: given.exclude ?? [],
    rules: given.rules ?? ['deletion', 'update'],
    createdAt: nowStamp(world)
  };
  world.state.write((data) => ({ ...data, rulesets: [...data.rulesets, ruleset] }));
};

/** A list says less than a single ruleset does: neither conditions nor rules. */
const shortView = (world: World, ruleset: Ruleset): Readonly<Record<string, unknown>> => ({
  id: ruleset.id,
  node_id: nodeId('RRS', ruleset.id),
  name: ruleset.name,
  target: ruleset.target,
  source_type: 'Repository',
  source: `${world.settings.owner}/${world.settings.name}`,
  enforcement: ruleset.enforcement,
  created_at: ruleset.createdAt,
  updated_at: ruleset.createdAt,
  _links: {
    self: { href: `${repositoryApi(world)}/rulesets/${ruleset.id}` },
    html: { href: `${repositoryPage(world)}/rules/${ruleset.id}` }
  }
});

const wholeView = (world: World, ruleset: Ruleset): unknown => ({
  ...shortView(world, ruleset),
  conditions: { ref_name: { include: ruleset.include, exclude: ruleset.exclude } },
  rules: ruleset.rules.map((type) => ({ type }))
});

const list = (call: Call): Reply => {
  const { items, headers } = paged(call, call.view.data.rulesets);
  return { status: 200, headers, body: items.map((ruleset) => shortView(call.world, ruleset)) };
};

const get = ({ world, view, params }: Call): Reply => ({
  status: 200,
  body: wholeView(world, byId(view.data.rulesets, params.number('ruleset_id')))
});

/** Off is a 404, which is what somebody without the right to know sees elsewhere, too. */
const immutable = ({ world }: Call): Reply => {
  if (!world.settings.immutableReleases) throw notFound();
  return { status: 200, body: { enabled: true, enforced_by_owner: false } };
};

const tokenDefault = ({ world }: Call): Reply => ({
  status: 200,
  body: {
    default_workflow_permissions: world.settings.defaultWorkflowPermissions,
    can_approve_pull_request_reviews: false
  }
});

const policy = ({ world }: Call): Reply => ({
  status: 200,
  body: { enabled: true, allowed_actions: 'all', sha_pinning_required: world.settings.shaPinningRequired }
});

/** Without a site there is nothing to be found, whoever asks. */
const pages = ({ world }: Call): Reply => {
  const { owner, name, site, defaultBranch } = world.settings;
  if (site === 'off') throw notFound();
  return {
    status: 200,
    body: {
      url: `${repositoryApi(world)}/pages`,
      status: null,
      cname: null,
      custom_404: false,
      html_url: `https://${owner}.github.io/${name}/`,
      build_type: site,
      source: { branch: defaultBranch, path: '/' },
      public: true,
      https_enforced: true
    }
  };
};

export const settings: Operations = {
  'repos/get-repo-rulesets': { needs: { scope: 'metadata' }, run: list },
  'repos/get-repo-ruleset': { needs: { scope: 'metadata' }, run: get },
  'repos/check-immutable-releases': { needs: { scope: 'administration' }, run: immutable },
  'actions/get-github-actions-default-workflow-permissions-repository': {
    needs: { scope: 'administration' },
    run: tokenDefault
  },
  'actions/get-github-actions-permissions-repository': { needs: { scope: 'administration' }, run: policy },
  'repos/get-pages': { needs: reads('pages'), run: pages }
};
