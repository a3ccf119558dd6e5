import type { Surroundings } from './domain/command.ts';
import { refuse } from './domain/refusal.ts';

type Variables = Readonly<Record<string, string | undefined>>;

/** A hub on this very machine may speak plain HTTP; nothing else may see the token in the clear. */
const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);

const required = (env: Variables, name: string): string => {
  const value = env[name];
  if (value !== undefined && value !== '') return value;
  throw refuse('invalid-input', { input: name, problem: 'it is not set; GitHub Actions sets it in every step' });
};

const repositoryOf = (env: Variables): Surroundings['repository'] => {
  const [, owner, name] = /^([\w.-]+)\/([\w.-]+)$/.exec(required(env, 'GITHUB_REPOSITORY')) ?? [];
  if (owner !== undefined && name !== undefined && ![owner, name].some((part) => /^\.+$/.test(part))) {
    return { owner, name };
  }
  throw refuse('invalid-input', { input: 'GITHUB_REPOSITORY', problem: 'it must read `owner/name`' });
};

const count = (env: Variables, name: string): number => {
  const text = required(env, name);
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw refuse('invalid-input', { input: name, problem: 'it must be a whole number' });
};

const safe = (url: URL | null): boolean =>
  url !== null &&
  (url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK.has(url.hostname))) &&
  url.username + url.password + url.search + url.hash === '';

/** The text as it is, without slashes at its end. */
const address = (env: Variables, name: string): string => {
  const text = required(env, name);
  if (safe(URL.parse(text))) return text.replace(/\/+$/, '');
  throw refuse('invalid-input', {
    input: name,
    problem: 'it must be an https address without user, query or fragment'
  });
};

const runOf = (env: Variables, repositoryUrl: string): Surroundings['run'] => {
  const [id, attempt] = [count(env, 'GITHUB_RUN_ID'), count(env, 'GITHUB_RUN_ATTEMPT')];
  return {
    id,
    attempt,
    url: `${repositoryUrl}/actions/runs/${id}/attempts/${attempt}`,
    workflow: required(env, 'GITHUB_WORKFLOW')
  };
};

const BRANCHES = 'refs/heads/';

const branchOf = ({ GITHUB_REF: ref = '' }: Variables): { readonly branch?: string } =>
  ref.startsWith(BRANCHES) && ref !== BRANCHES ? { branch: ref.slice(BRANCHES.length) } : {};

const eventFileOf = ({ GITHUB_EVENT_PATH: path = '' }: Variables): { readonly eventFile?: string } =>
  path === '' ? {} : { eventFile: path };

/** Where the step runs; throws `invalid-input` naming the variable that is missing or unusable. */
export const surroundingsOf = (env: Variables): Surroundings => {
  const repository = repositoryOf(env);
  const serverUrl = address(env, 'GITHUB_SERVER_URL');
  return {
    repository,
    run: runOf(env, `${serverUrl}/${repository.owner}/${repository.name}`),
    actor: required(env, 'GITHUB_ACTOR'),
    event: required(env, 'GITHUB_EVENT_NAME'),
    ...branchOf(env),
    ...eventFileOf(env),
    serverUrl,
    apiUrl: address(env, 'GITHUB_API_URL'),
    graphqlUrl: address(env, 'GITHUB_GRAPHQL_URL'),
    workspace: required(env, 'GITHUB_WORKSPACE'),
    temporary: required(env, 'RUNNER_TEMP')
  };
};
