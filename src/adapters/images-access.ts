import * as v from 'valibot';
import type { Credentials } from './images-credentials.ts';
import { isLoopback } from './images-reference.ts';
import type { Repository } from './images-reference.ts';

export interface Challenge {
  readonly scheme: 'basic' | 'bearer';
  readonly parameters: ReadonlyMap<string, string>;
}

export type Access = 'pull' | 'pull,push';

/** Throws an Error whose message holds nothing secret. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

const PARAMETER = /([a-z_]+)\s*=\s*(?:"([^"]*)"|([^\s,"]+))/gi;

/** The `WWW-Authenticate` of a registry (RFC 9110, 11.6.1); undefined for a scheme we do not speak. */
export const parseChallenge = (header: string): Challenge | undefined => {
  const scheme = /^\s*(basic|bearer)\b/i.exec(header)?.[1]?.toLowerCase();
  if (scheme !== 'basic' && scheme !== 'bearer') return undefined;
  const pairs = [...header.matchAll(PARAMETER)].map(([, name = '', quoted, bare]): [string, string] => [
    name.toLowerCase(),
    quoted ?? bare ?? ''
  ]);
  return { scheme, parameters: new Map(pairs) };
};

const Answer = v.union([
  v.pipe(
    v.object({ token: v.pipe(v.string(), v.minLength(1)) }),
    v.transform(({ token }) => token)
  ),
  v.pipe(
    v.object({ access_token: v.pipe(v.string(), v.minLength(1)) }),
    v.transform((answer) => answer.access_token)
  )
]);

/** Credentials go to https only, or stay on this machine when the registry is here too. */
const realmOf = (challenge: Challenge, repository: Repository): URL => {
  const text = challenge.parameters.get('realm') ?? '';
  if (!URL.canParse(text)) throw new Error('the registry names no address to sign in at');
  const realm = new URL(text);
  const local = repository.origin.startsWith('http:') && isLoopback(realm.host);
  if (realm.protocol !== 'https:' && !local) throw new Error('the registry wants credentials sent without encryption');
  return realm;
};

interface Request {
  readonly url: string;
  readonly init: RequestInit;
}

/** Docker's token protocol: GET with Basic for a password, POST with a refresh token for an identity. */
const tokenRequest = (realm: URL, asked: Record<string, string>, credentials: Credentials | undefined): Request => {
  if (credentials?.kind === 'identity') {
    const form = { ...asked, grant_type: 'refresh_token', client_id: 'esteira', refresh_token: credentials.token };
    return { url: realm.href, init: { method: 'POST', body: new URLSearchParams(form) } };
  }
  for (const [name, value] of Object.entries(asked)) realm.searchParams.set(name, value);
  const headers = credentials === undefined ? {} : { authorization: `Basic ${credentials.basic}` };
  return { url: realm.href, init: { headers } };
};

export interface Visit {
  readonly repository: Repository;
  readonly access: Access;
  readonly credentials: Credentials | undefined;
}

const fetchToken = async (fetch: Fetch, challenge: Challenge, visit: Visit): Promise<string> => {
  const { repository, access, credentials } = visit;
  const service = challenge.parameters.get('service');
  const scope = `repository:${repository.path}:${access}`; // ours, not the registry's: it must not widen what it gets
  const asked = { scope, ...(service === undefined ? {} : { service }) };
  const { url, init } = tokenRequest(realmOf(challenge, repository), asked, credentials);
  const response = await fetch(url, init);
  if (!response.ok) throw new Error(`sign-in answered ${response.status}`);
  const answer = v.safeParse(Answer, await response.json().catch(() => undefined));
  if (!answer.success) throw new Error('sign-in answered without a token');
  return answer.output;
};

/** The `Authorization` header that answers the challenge; undefined when we have nothing to show. */
export const authorize = async (fetch: Fetch, header: string, visit: Visit): Promise<string | undefined> => {
  const challenge = parseChallenge(header);
  if (challenge === undefined) throw new Error('the registry asks for an unknown way to sign in');
  if (challenge.scheme === 'bearer') return `Bearer ${await fetchToken(fetch, challenge, visit)}`;
  return visit.credentials?.kind === 'password' ? `Basic ${visit.credentials.basic}` : undefined;
};
