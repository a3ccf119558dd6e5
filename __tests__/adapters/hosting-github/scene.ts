import { afterEach } from '@jest/globals';
import { createHosting } from '../../../src/adapters/hosting-github/hosting.ts';
import type { HostingOptions } from '../../../src/adapters/hosting-github/hosting.ts';
import { Refusal } from '../../../src/domain/refusal.ts';
import type { Hosting } from '../../../src/ports.ts';
import { startScript } from './scripted-server.ts';
import type { ScriptedServer, Step } from './scripted-server.ts';
import { stillClock } from './still-clock.ts';
import type { StillClock } from './still-clock.ts';

export interface Scene {
  readonly server: ScriptedServer;
  readonly clock: StillClock;
  readonly hosting: Hosting;
  readonly warnings: string[];
}

/** The adapter against a scripted server; `at` tells the steps the server's own address. */
export const createScene = async (
  script: (at: () => string) => readonly Step[],
  options: Partial<HostingOptions> = {}
): Promise<Scene> => {
  let url = '';
  const server = await startScript(...script(() => url));
  url = server.url;
  const clock = stillClock();
  const warnings: string[] = [];
  const hosting = createHosting({
    apiUrl: server.url,
    graphqlUrl: `${server.url}/graphql`,
    token: 'ghs_canary',
    repository: { owner: 'acme', name: 'shop' },
    clock,
    signal: new AbortController().signal,
    warn: (message) => void warnings.push(message),
    ...options,
    pace: { request: 1, idle: 0.5, random: () => 0, ...options.pace }
  });
  return { server, clock, hosting, warnings };
};

/** Opens scenes for one suite; their servers stop after each test. */
export const scenes = (): typeof createScene => {
  const open: ScriptedServer[] = [];
  afterEach(async () => {
    await Promise.all(open.splice(0).map((server) => server.stop()));
  });
  return async (...given) => {
    const made = await createScene(...given);
    open.push(made.server);
    return made;
  };
};

export const refusalOf = async (work: Promise<unknown>): Promise<Refusal['reason']> => {
  try {
    await work;
  } catch (error) {
    if (error instanceof Refusal) return error.reason;
    throw error;
  }
  throw new Error('no refusal');
};
