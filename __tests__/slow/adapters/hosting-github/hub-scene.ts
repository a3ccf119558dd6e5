import { createHosting } from '../../../../src/adapters/hosting-github/hosting.ts';
import type { HostingOptions } from '../../../../src/adapters/hosting-github/hosting.ts';
import type { Hosting } from '../../../../src/ports.ts';
import type { Hub, Permissions } from '../../../../rehearsal/hub/index.ts';
import { stillClock } from '../../../adapters/hosting-github/still-clock.ts';

/** What a job of the release and of the deploy command together may do. */
export const EVERYTHING: Permissions = {
  contents: 'write',
  deployments: 'write',
  issues: 'write',
  actions: 'read'
};

/** The adapter as a job with these permissions has it; waiting takes no time. */
export const hostingAt = (
  hub: Hub,
  permissions: Permissions = EVERYTHING,
  options: Partial<HostingOptions> = {}
): Hosting =>
  createHosting({
    apiUrl: hub.apiUrl,
    graphqlUrl: hub.graphqlUrl,
    token: hub.token({ permissions }),
    repository: { owner: hub.owner, name: hub.name },
    clock: stillClock(),
    signal: new AbortController().signal,
    ...options,
    pace: { request: 0.5, idle: 0.5, budget: 1_000_000, ...options.pace }
  });
