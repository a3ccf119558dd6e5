import type { Git } from './git.ts';
import { stamp } from './git-objects.ts';
import type { Quota } from './quota.ts';
import type { State } from './state.ts';

export interface Settings {
  readonly owner: string;
  readonly name: string;
  readonly visibility: 'public' | 'private';
  readonly defaultBranch: string;
  readonly immutableReleases: boolean;
  /** What a job's token may where the workflow says nothing. */
  readonly defaultWorkflowPermissions: 'read' | 'write';
  readonly shaPinningRequired: boolean;
  /** How the site of the repository is built, or that there is none. */
  readonly site: 'off' | 'legacy' | 'workflow';
  /** How GraphQL's `payload` text is encoded: JSON of the JSON text (as reported of GitHub), or the JSON text alone. */
  readonly payloadEncoding: 'double' | 'single';
  /** Calls an hour all workflow tokens of the repository share. */
  readonly hourlyLimit: number;
}

const DEFAULTS: Settings = {
  owner: 'acme',
  name: 'shop',
  visibility: 'public',
  defaultBranch: 'main',
  immutableReleases: false,
  defaultWorkflowPermissions: 'read',
  shaPinningRequired: false,
  site: 'off',
  payloadEncoding: 'double',
  hourlyLimit: 1000
};

/** Fields the options leave out keep their defaults. */
export const settingsOf = (options: Partial<Settings>): Settings => ({
  owner: options.owner ?? DEFAULTS.owner,
  name: options.name ?? DEFAULTS.name,
  visibility: options.visibility ?? DEFAULTS.visibility,
  defaultBranch: options.defaultBranch ?? DEFAULTS.defaultBranch,
  immutableReleases: options.immutableReleases ?? DEFAULTS.immutableReleases,
  defaultWorkflowPermissions: options.defaultWorkflowPermissions ?? DEFAULTS.defaultWorkflowPermissions,
  shaPinningRequired: options.shaPinningRequired ?? DEFAULTS.shaPinningRequired,
  site: options.site ?? DEFAULTS.site,
  payloadEncoding: options.payloadEncoding ?? DEFAULTS.payloadEncoding,
  hourlyLimit: options.hourlyLimit ?? DEFAULTS.hourlyLimit
});

export interface Urls {
  readonly server: string;
  /** `/api/v3` below the server, as GitHub Enterprise Server has it. */
  readonly api: string;
  readonly graphql: string;
  readonly uploads: string;
  /** Another origin, so that clients drop their credentials on the way, as with GitHub's storage. */
  readonly storage: string;
}

/** Everything an operation works on. */
export interface World {
  readonly settings: Settings;
  readonly urls: Urls;
  readonly state: State;
  readonly git: Git;
  /** Where uploaded assets lie. */
  readonly store: string;
  readonly users: Users;
  readonly quota: Quota;
  readonly now: () => Date;
}

export interface Users {
  id(login: string): number;
  login(id: number): string | undefined;
}

export const createUsers = (): Users => {
  const logins: string[] = [];
  return {
    id: (login) => {
      const known = logins.findIndex((other) => other.toLowerCase() === login.toLowerCase());
      return 1001 + (known >= 0 ? known : logins.push(login) - 1);
    },
    login: (id) => logins[id - 1001]
  };
};

/** When the repository was made. */
export const MADE = '2020-01-01T00:00:00Z';

export const nowStamp = (world: World): string => stamp(world.now());

export const nodeId = (kind: string, id: number | string): string =>
  `${kind}_${Buffer.from(`${kind}:${id}`).toString('base64url')}`;

export const repositoryApi = ({ urls, settings }: World): string =>
  `${urls.api}/repos/${settings.owner}/${settings.name}`;

export const repositoryPage = ({ urls, settings }: World): string =>
  `${urls.server}/${settings.owner}/${settings.name}`;
