import { lookup } from 'node:dns/promises';
import { request as httpRequest } from 'node:http';
import type { ClientRequest, RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';
import type { LookupFunction } from 'node:net';
import { reachOf } from './probe-address.ts';
import type { Reach } from './probe-address.ts';
import { codeOf } from './system-error.ts';

/** Requests to addresses that a project names: where they may lead, and what is said when they lead nowhere. */

export interface Address {
  readonly address: string;
  readonly family: number;
}

export interface GuardOptions {
  /** Every address of a host name; default: the system's resolver. */
  readonly resolve?: (host: string) => Promise<readonly Address[]>;
}

/** Ends a request; its message is a phrase without text of others. */
export class Unanswered extends Error {}

const systemResolve = (host: string): Promise<Address[]> => lookup(host, { all: true });

const addressesOf = async (host: string, options: GuardOptions): Promise<readonly Address[]> => {
  const literal = host.replace(/^\[(.*)\]$/, '$1');
  const family = isIP(literal);
  return family === 0 ? (options.resolve ?? systemResolve)(host) : [{ address: literal, family }];
};

const order: readonly Reach[] = ['public', 'private', 'forbidden'];

const worstOf = (addresses: readonly Address[]): Address | undefined =>
  addresses.toSorted((a, b) => order.indexOf(reachOf(b.address)) - order.indexOf(reachOf(a.address)))[0];

/**
 * The addresses to connect to, and how far inside they lead. One bad address among good ones condemns the name. Metadata
 * services and link-local addresses are refused in any case; this machine and the networks behind it where `optIn` names
 * what a project would have to write to allow them.
 */
export const locate = async (
  url: URL,
  options: GuardOptions,
  optIn?: string
): Promise<{ readonly addresses: readonly Address[]; readonly reach: Reach }> => {
  const addresses = await addressesOf(url.hostname, options);
  const worst = worstOf(addresses);
  if (worst === undefined) throw new Unanswered('no address');
  const reach = reachOf(worst.address);
  if (reach === 'forbidden') throw new Unanswered(`blocked address ${worst.address}`);
  if (reach === 'private' && optIn !== undefined) {
    throw new Unanswered(`private address ${worst.address}, asked only with ${optIn}`);
  }
  return { addresses, reach };
};

/** Connects only to what was checked: a name that resolves differently a moment later changes nothing. */
export const pinned =
  (addresses: readonly Address[]): LookupFunction =>
  (_host, options, callback) => {
    const [first] = addresses;
    if (options.all === true) callback(null, [...addresses]);
    else callback(null, first?.address ?? '', first?.family);
  };

/** Certificates are checked whatever `NODE_TLS_REJECT_UNAUTHORIZED` says. */
export const openRequest = (url: URL, options: RequestOptions): ClientRequest =>
  url.protocol === 'https:' ? httpsRequest(url, { ...options, rejectUnauthorized: true }) : httpRequest(url, options);

/** A code of the system or of TLS; several attempts failed = the first says it. */
export const phraseOf = (error: unknown): string => {
  if (error instanceof Unanswered) return error.message;
  if (error instanceof AggregateError && error.errors.length > 0) return phraseOf(error.errors[0]);
  return codeOf(error) ?? 'no answer';
};

export const never = (signal: AbortSignal): Promise<never> =>
  new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
