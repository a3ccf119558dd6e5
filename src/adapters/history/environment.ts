import { Buffer } from 'node:buffer';
import { createRedactor } from '../redact.ts';
import { scrub } from '../shell-environment.ts';

type Variables = Readonly<Record<string, string | undefined>>;

/** Git's own variables that say how to reach a remote; all others could point git at another repository. */
const KEPT = new Set([
  'GIT_SSL_CAINFO',
  'GIT_SSL_CAPATH',
  'GIT_SSL_NO_VERIFY',
  'GIT_SSH',
  'GIT_SSH_COMMAND',
  'GIT_SSH_VARIANT',
  'GIT_PROXY_COMMAND',
  'GIT_EXEC_PATH',
  'GIT_CONFIG_GLOBAL',
  'GIT_CONFIG_SYSTEM',
  'GIT_CONFIG_NOSYSTEM'
]);

/** Git starts programs that its configuration names (ssh, credential helpers): they get no more than a script does. */
const inherited = (variables: Variables, token: string | undefined): Record<string, string> => {
  const scrubbed = scrub(variables, createRedactor(token === undefined ? [] : [token]));
  return Object.fromEntries(Object.entries(scrubbed).filter(([name]) => !name.startsWith('GIT_') || KEPT.has(name)));
};

export type Setting = readonly [key: string, value: string];

/** Configuration by environment variables: other processes see a command line, but not these. */
const configuration = (settings: readonly Setting[]): Record<string, string> => {
  const variables: Record<string, string> = { GIT_CONFIG_COUNT: String(settings.length) };
  for (const [index, [key, value]] of settings.entries()) {
    variables[`GIT_CONFIG_KEY_${index}`] = key;
    variables[`GIT_CONFIG_VALUE_${index}`] = value;
  }
  return variables;
};

/**
 * The environment git runs in: plain English, no questions asked, and the commits as they are (no replace refs).
 * The workflow chose the workspace, so its owner is not asked for: container jobs run as another user.
 */
export const gitEnvironment = (
  { environment, token }: { readonly environment: Variables; readonly token?: string },
  settings: readonly Setting[]
): Record<string, string> => ({
  ...inherited(environment, token),
  ...configuration([['safe.directory', '*'], ['core.fsmonitor', 'false'], ['log.follow', 'false'], ...settings]),
  LC_ALL: 'C',
  LANGUAGE: 'C',
  TZ: 'UTC',
  GIT_TERMINAL_PROMPT: '0',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_NO_REPLACE_OBJECTS: '1'
});

/**
 * The token as a header for `serverUrl` only, as actions/checkout sends it. The empty value first drops any header
 * configured elsewhere: GitHub answers 400 to two of them.
 */
export const credential = (serverUrl: string, token: string | undefined): readonly Setting[] => {
  if (token === undefined || token === '') return [];
  const key = `http.${serverUrl.replace(/\/+$/, '')}/.extraheader`;
  const secret = Buffer.from(`x-access-token:${token}`, 'utf8').toString('base64');
  return [
    [key, ''],
    [key, `AUTHORIZATION: basic ${secret}`]
  ];
};
