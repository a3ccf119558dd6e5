import { createClient } from '../../../src/adapters/hosting-github/client.ts';
import type { Client } from '../../../src/adapters/hosting-github/client.ts';
import type { HostingOptions } from '../../../src/adapters/hosting-github/options.ts';

/** A client of the server, as a job of `acme/shop` has it. */
export const clientAt = (
  { url }: { readonly url: string },
  options: Pick<HostingOptions, 'clock'> & Partial<HostingOptions>
): Client =>
  createClient({
    apiUrl: url,
    graphqlUrl: `${url}/graphql`,
    token: 'ghs_canary',
    repository: { owner: 'acme', name: 'shop' },
    signal: new AbortController().signal,
    ...options
  });
