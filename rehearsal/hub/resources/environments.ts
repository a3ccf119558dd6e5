import { byId, invalid, notFound, paged, reads, replaced } from '../call.ts';
import type { Call, Operations, Reply } from '../call.ts';
import { isObject } from '../fields.ts';
import type { Data, Environment } from '../records.ts';
import type { World } from '../world.ts';
import { nodeId, nowStamp, repositoryApi, repositoryPage } from '../world.ts';
import { userView } from './users.ts';

/** Names differ by more than case, or they are the same environment. */
export const findEnvironment = (data: Data, name: string): Environment | undefined =>
  data.environments.find((environment) => environment.name.toLowerCase() === name.toLowerCase());

export type EnvironmentRules = Partial<
  Pick<Environment, 'reviewers' | 'preventSelfReview' | 'waitMinutes' | 'adminsCanBypass'>
>;

/** Creates the environment or changes its rules; rules not named keep what they were. */
export const setEnvironment = (world: World, name: string, rules: EnvironmentRules): Environment => {
  const known = findEnvironment(world.state.now().data, name);
  const environment: Environment = {
    id: known?.id ?? world.state.nextId(),
    name: known?.name ?? name,
    reviewers: rules.reviewers ?? known?.reviewers ?? [],
    preventSelfReview: rules.preventSelfReview ?? known?.preventSelfReview ?? false,
    waitMinutes: rules.waitMinutes ?? known?.waitMinutes ?? 0,
    adminsCanBypass: rules.adminsCanBypass ?? known?.adminsCanBypass ?? true,
    createdAt: known?.createdAt ?? nowStamp(world)
  };
  world.state.write((data) => ({
    ...data,
    environments: known ? replaced(data.environments, environment) : [...data.environments, environment]
  }));
  return environment;
};

/** A name nobody defined becomes an environment without any protection. */
export const ensureEnvironment = (world: World, name: string): Environment =>
  findEnvironment(world.state.now().data, name) ?? setEnvironment(world, name, {});

export const environmentLinks = (world: World, environment: Environment): Readonly<Record<string, unknown>> => ({
  id: environment.id,
  node_id: nodeId('EN', environment.id),
  name: environment.name,
  url: `${repositoryApi(world)}/environments/${encodeURIComponent(environment.name)}`,
  html_url: `${repositoryPage(world)}/deployments/activity_log?environments_filter=${encodeURIComponent(environment.name)}`
});

export const reviewersView = (world: World, environment: Environment): readonly unknown[] =>
  environment.reviewers.map((login) => ({ type: 'User', reviewer: userView(world, login) }));

const rulesView = (world: World, environment: Environment): readonly unknown[] => {
  const rule = (type: string, offset: number): object => ({
    id: environment.id * 10 + offset,
    node_id: nodeId('GA', `${environment.id}:${type}`),
    type
  });
  const wait = { ...rule('wait_timer', 1), wait_timer: environment.waitMinutes };
  const reviewers = {
    ...rule('required_reviewers', 2),
    prevent_self_review: environment.preventSelfReview,
    reviewers: reviewersView(world, environment)
  };
  return [...(environment.waitMinutes > 0 ? [wait] : []), ...(environment.reviewers.length > 0 ? [reviewers] : [])];
};

const environmentView = (world: World, environment: Environment): unknown => ({
  ...environmentLinks(world, environment),
  created_at: environment.createdAt,
  updated_at: environment.createdAt,
  // in live replies, though not in the published schema
  can_admins_bypass: environment.adminsCanBypass,
  protection_rules: rulesView(world, environment),
  deployment_branch_policy: null
});

const get = ({ world, view, params }: Call): Reply => {
  const environment = findEnvironment(view.data, params.text('environment_name'));
  if (environment === undefined) throw notFound();
  return { status: 200, body: environmentView(world, environment) };
};

const list = (call: Call): Reply => {
  const { environments } = call.view.data;
  const { items, headers } = paged(call, environments);
  const body = {
    total_count: environments.length,
    environments: items.map((each) => environmentView(call.world, each))
  };
  return { status: 200, headers, body };
};

const MOST_REVIEWERS = 6;

const reviewersGiven = ({ world, body }: Call): readonly string[] => {
  const given = body.list('reviewers') ?? [];
  if (given.length > MOST_REVIEWERS) throw invalid({ resource: 'Environment', code: 'invalid', field: 'reviewers' });
  return given.map((reviewer) => {
    const login =
      isObject(reviewer) && typeof reviewer['id'] === 'number' ? world.users.login(reviewer['id']) : undefined;
    if (login === undefined) throw invalid({ resource: 'Environment', code: 'invalid', field: 'reviewers' });
    return login;
  });
};

const put = (call: Call): Reply => {
  const { world, params, body } = call;
  const environment = setEnvironment(world, params.text('environment_name'), {
    reviewers: reviewersGiven(call),
    preventSelfReview: body.flagOr('prevent_self_review', false),
    waitMinutes: body.numberOr('wait_timer', 0)
  });
  return { status: 200, body: environmentView(world, environment) };
};

const remove = ({ world, params }: Call): Reply => {
  const { data } = world.state.now();
  const environment = findEnvironment(data, params.text('environment_name'));
  if (environment === undefined) throw notFound();
  const { id } = byId(data.environments, environment.id);
  world.state.write((before) => ({ ...before, environments: before.environments.filter((other) => other.id !== id) }));
  return { status: 204 };
};

export const environments: Operations = {
  'repos/get-environment': { needs: reads('actions'), run: get },
  'repos/get-all-environments': { needs: reads('actions'), run: list },
  'repos/create-or-update-environment': { needs: { scope: 'administration' }, run: put },
  'repos/delete-an-environment': { needs: { scope: 'administration' }, run: remove }
};
