import { setTimeout as pause } from 'node:timers/promises';
import type { Hub } from '../hub/index.ts';
import { passes } from './filters.ts';
import type { EnvironmentSetup, Site } from './site.ts';

export const setupOf = ({ environments }: Site, name: string): EnvironmentSetup =>
  Object.entries(environments).find(([each]) => each.toLowerCase() === name.toLowerCase())?.[1] ?? {};

/** Which refs may deploy: matched against the run's ref, `refs/pull/N/merge` for pull requests (docs: "Deployment branches and tags"). */
export const mayDeploy = ({ branches, tags }: EnvironmentSetup, ref: string): boolean => {
  if (branches === undefined && tags === undefined) return true;
  const isTag = ref.startsWith('refs/tags/');
  const name = ref.replace(/^refs\/(heads|tags)\//, '');
  return passes({ only: (isTag ? tags : branches) ?? [], ignore: undefined }, name);
};

export interface GateVisit {
  readonly hub: Hub;
  readonly run: number;
  readonly job: string;
  readonly environment: string;
  readonly signal: AbortSignal;
}

/** A review may come through the API, so the hub is asked again and again; well below what a person notices. */
const EVERY_MS = 15;

/** Waits until the environment's rules are met, or somebody refuses. Nothing runs and no machine is taken meanwhile. */
export const waitAtGate = async ({ hub, run, job, environment, signal }: GateVisit): Promise<'open' | 'rejected'> => {
  for (;;) {
    const state = hub.gate(run, { environment, job });
    if (state !== 'waiting') return state;
    await pause(EVERY_MS, undefined, { signal });
  }
};
