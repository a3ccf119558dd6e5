import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import * as v from 'valibot';

export const ENVIRONMENTS = ['staging', 'production'] as const;
export type EnvironmentName = (typeof ENVIRONMENTS)[number];

/** The machine that customers reach: one address, behind it the shop of each environment. */
export interface Town {
  readonly address: string;
  /** What the shop itself says it is; undefined while nothing answers. */
  version(environment: EnvironmentName): Promise<string | undefined>;
  /** Stops every shop and closes the address. */
  close(): Promise<void>;
}

const OPERATE = join(import.meta.dirname, '..', '..', 'examples', 'shop', 'src', 'operate');

const Health = v.object({ version: v.string() });

const versionAt = async (address: string): Promise<string | undefined> => {
  const reply = await fetch(`${address}/health`);
  return reply.ok ? v.parse(Health, await reply.json()).version : undefined;
};

/** `state` is what the deploy script of the shop calls SHOP_STATE. */
export const openTown = async (state: string): Promise<Town> => {
  const start = (script: string, variables: Record<string, string> = {}) =>
    spawn(process.execPath, [join(OPERATE, script), '0'], {
      // oxlint-disable-next-line node/no-process-env -- a child needs the PATH
      env: { ...process.env, SHOP_STATE: state, ...variables },
      stdio: ['ignore', 'pipe', 'inherit']
    });
  const front = start('front.js');
  const words: unknown[] = await once(front.stdout, 'data');
  const address = /http:\/\/127\.0\.0\.1:\d+/.exec(String(words[0]))?.[0];
  if (address === undefined) throw new Error('the front of the shop did not say where it listens');
  return {
    address,
    version: (environment) => versionAt(`${address}/${environment}`),
    close: async () => {
      await Promise.all(
        ENVIRONMENTS.map((environment) => once(start('stop.js', { DELIVERY_ENVIRONMENT: environment }), 'exit'))
      );
      if (front.exitCode === null && front.kill()) await once(front, 'exit');
    }
  };
};
