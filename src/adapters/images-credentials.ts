import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import { codeOf } from './system-error.ts';

/** Who we are to a registry: a user with a password, or docker's long-lived identity token. */
export type Credentials =
  | { readonly kind: 'password'; readonly basic: string }
  | { readonly kind: 'identity'; readonly token: string };

export interface CredentialSource {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** GitHub's token; opens only GitHub's own registry. */
  readonly token?: string;
}

const Entry = v.object({ auth: v.optional(v.string()), identitytoken: v.optional(v.string()) });
const Config = v.object({ auths: v.optional(v.record(v.string(), Entry), {}) });

const GITHUB_REGISTRY = 'ghcr.io';

const configFile = (environment: CredentialSource['environment']): string => {
  const directory = environment['DOCKER_CONFIG'];
  const home = environment['HOME'] ?? homedir();
  return directory === undefined || directory === ''
    ? join(home, '.docker', 'config.json')
    : join(directory, 'config.json');
};

/** Docker writes `https://host/v1/`, `https://host` or `host`. */
const hostOf = (key: string): string => key.replace(/^https?:\/\//, '').replace(/\/.*$/, '');

type Entries = Readonly<Record<string, v.InferOutput<typeof Entry>>>;

/** No file = no credentials. Throws an Error when there is one that cannot be understood. */
const readEntries = async (environment: CredentialSource['environment']): Promise<Entries> => {
  const file = configFile(environment);
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return '{}';
    throw error;
  });
  try {
    return v.parse(Config, JSON.parse(text)).auths;
  } catch {
    throw new Error(`${file} is not a configuration of docker`); // the cause would quote the secrets in it
  }
};

const fromEntry = (entry: Entries[string] | undefined): Credentials | undefined => {
  if (entry?.identitytoken !== undefined && entry.identitytoken !== '') {
    return { kind: 'identity', token: entry.identitytoken };
  }
  return entry?.auth === undefined || entry.auth === '' ? undefined : { kind: 'password', basic: entry.auth };
};

/** What `docker login` left for this registry, else GitHub's token for GitHub's registry, else nothing: anonymous. */
export const credentialsFor = async (account: string, source: CredentialSource): Promise<Credentials | undefined> => {
  const entries = await readEntries(source.environment);
  const key = Object.keys(entries).find((each) => each === account || hostOf(each) === hostOf(account));
  const found = fromEntry(key === undefined ? undefined : entries[key]);
  if (found !== undefined || account !== GITHUB_REGISTRY || source.token === undefined) return found;
  return { kind: 'password', basic: Buffer.from(`x-access-token:${source.token}`).toString('base64') };
};
