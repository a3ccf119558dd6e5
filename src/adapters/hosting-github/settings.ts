import * as v from 'valibot';
import type { Setting, SiteSource, TagRuleset } from '../../domain/finding.ts';
import type { Settings } from '../../ports/settings.ts';
import { shaped } from './client.ts';
import type { Client, Request } from './client.ts';
import { valueOf } from './reply.ts';
import type { Answer } from './reply.ts';
import { id } from './shapes.ts';

/** A right that no token of a job can have; a person's own token can. */
const ADMINISTRATION = 'administration: read';
const PER_PAGE = 100;
/** Rulesets that are read one by one. */
const MOST_RULESETS = 20;

const known = <T>(value: T): Setting<T> => ({ kind: 'known', value });

/** GitHub says 403 or 404 to those who may not look; neither means that all is well. */
const unlessHidden = <T>(request: Request<T>, answer: Answer<T>): Setting<T> =>
  answer.kind === 'refused' && (answer.status === 403 || answer.status === 404)
    ? { kind: 'unknown', needs: answer.permission ?? request.permission }
    : known(valueOf(request, answer));

const read = async <T>(client: Client, request: Omit<Request<T>, 'call'>): Promise<Setting<T>> => {
  const whole = { ...request, call: request.route };
  return unlessHidden(whole, await client.ask(whole));
};

const listShape = v.array(v.object({ id, target: v.optional(v.string()), enforcement: v.string() }));
const rulesetShape = v.object({
  conditions: v.nullish(
    v.object({
      ref_name: v.optional(
        v.object({
          include: v.optional(v.array(v.string()), []),
          exclude: v.optional(v.array(v.string()), [])
        })
      )
    })
  ),
  rules: v.optional(v.array(v.object({ type: v.string() })), [])
});

const rulesetOf = ({ conditions, rules }: v.InferOutput<typeof rulesetShape>): TagRuleset => ({
  include: conditions?.ref_name?.include ?? [],
  exclude: conditions?.ref_name?.exclude ?? [],
  rules: rules.map(({ type }) => type)
});

/** The list names rulesets only; what they say must be asked one by one. Those of the organisation are among them. */
const tagRulesets = async (client: Client): Promise<Setting<readonly TagRuleset[]>> => {
  const permission = 'metadata: read';
  const list = await read(client, {
    route: 'GET /repos/{owner}/{repo}/rulesets',
    permission,
    parameters: { per_page: PER_PAGE },
    read: shaped(listShape)
  });
  if (list.kind === 'unknown') return list;
  const active = list.value.filter(({ target, enforcement }) => target === 'tag' && enforcement === 'active');
  const found: TagRuleset[] = [];
  for (const { id: ruleset_id } of active.slice(0, MOST_RULESETS)) {
    const route = 'GET /repos/{owner}/{repo}/rulesets/{ruleset_id}';
    const one = await read(client, { route, permission, parameters: { ruleset_id }, read: shaped(rulesetShape) });
    if (one.kind === 'unknown') return one;
    found.push(rulesetOf(one.value));
  }
  return known(found);
};

const releasesShape = v.array(v.object({ draft: v.boolean(), immutable: v.optional(v.boolean()) }));

/** Where the setting is hidden, the newest release shows how it was made. */
const immutableReleases = async (client: Client): Promise<Setting<boolean>> => {
  const setting = await read(client, {
    route: 'GET /repos/{owner}/{repo}/immutable-releases',
    permission: ADMINISTRATION,
    read: shaped(v.object({ enabled: v.boolean() }))
  });
  if (setting.kind === 'known') return known(setting.value.enabled);
  const releases = await read(client, {
    route: 'GET /repos/{owner}/{repo}/releases',
    permission: 'contents: read',
    parameters: { per_page: 10 },
    read: shaped(releasesShape)
  });
  const newest = releases.kind === 'known' ? releases.value.find(({ draft }) => !draft) : undefined;
  return newest?.immutable === undefined ? setting : known(newest.immutable);
};

const tokenDefault = async (client: Client): Promise<Setting<'read' | 'write'>> => {
  const setting = await read(client, {
    route: 'GET /repos/{owner}/{repo}/actions/permissions/workflow',
    permission: ADMINISTRATION,
    read: shaped(v.object({ default_workflow_permissions: v.picklist(['read', 'write']) }))
  });
  return setting.kind === 'known' ? known(setting.value.default_workflow_permissions) : setting;
};

const pinsRequired = async (client: Client): Promise<Setting<boolean>> => {
  const setting = await read(client, {
    route: 'GET /repos/{owner}/{repo}/actions/permissions',
    permission: ADMINISTRATION,
    read: shaped(v.object({ sha_pinning_required: v.optional(v.boolean(), false) }))
  });
  return setting.kind === 'known' ? known(setting.value.sha_pinning_required) : setting;
};

/** Without a site GitHub says 404, also to those who may look; to a token that may not, 403. */
const site = async (client: Client): Promise<Setting<SiteSource>> => {
  const route = 'GET /repos/{owner}/{repo}/pages';
  const shape = v.object({ build_type: v.nullish(v.string()) });
  const request = { call: route, route, permission: 'pages: read', read: shaped(shape) };
  const answer = await client.ask(request);
  if (answer.kind === 'refused' && answer.status === 404) return known('off');
  const found = unlessHidden(request, answer);
  if (found.kind === 'unknown') return found;
  return known(found.value.build_type === 'workflow' ? 'workflow' : 'legacy');
};

/** Calls: `tagRulesets` 1 and one per active ruleset for tags, `immutableReleases` 1 or 2, the others 1. */
export const createSettings = (client: Client): Settings => ({
  tagRulesets: () => tagRulesets(client),
  immutableReleases: () => immutableReleases(client),
  tokenDefault: () => tokenDefault(client),
  pinsRequired: () => pinsRequired(client),
  site: () => site(client)
});
