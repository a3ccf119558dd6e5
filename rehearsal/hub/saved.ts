import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import type { Kept } from './state.ts';
import type { World } from './world.ts';

/** A repository put aside with everything its GitHub knew of it; any number of hubs can begin with it. */
export interface Saved extends Kept {
  readonly directory: string;
  /** Where it was served, and where its assets lay: a hub that begins with it puts its own in their place. */
  readonly url: string;
  readonly store: string;
}

const [REPOSITORY, ASSETS] = ['repository.git', 'assets'];

/** Nothing may be under way meanwhile. */
export const save = async ({ git, store, state, urls }: World, directory: string): Promise<Saved> => {
  await cp(git.directory, join(directory, REPOSITORY), { recursive: true });
  await cp(store, join(directory, ASSETS), { recursive: true });
  return { ...state.keep(), directory, url: urls.server, store };
};

/** The files of a saved repository, where a new hub keeps its own. */
export const layOut = async (
  saved: Saved,
  to: { readonly repository: string; readonly store: string }
): Promise<void> => {
  await cp(join(saved.directory, REPOSITORY), to.repository, { recursive: true });
  await cp(join(saved.directory, ASSETS), to.store, { recursive: true });
};

const readdressed = (value: unknown, swap: (text: string) => string): unknown =>
  JSON.parse(swap(JSON.stringify(value)));

/** What was known, with the new addresses. */
export const moved = ({ data, lastId, ...old }: Saved, to: { readonly url: string; readonly store: string }): Kept => {
  const swap = (text: string): string => text.replaceAll(old.url, to.url).replaceAll(old.store, to.store);
  const swapBody = <T extends { readonly body: string | null }>(each: T): T => ({
    ...each,
    body: each.body === null ? null : swap(each.body)
  });
  return {
    lastId,
    data: {
      ...data,
      deployments: data.deployments.map((each) => ({ ...each, payload: readdressed(each.payload, swap) })),
      deploymentStatuses: data.deploymentStatuses.map((each) => ({ ...each, logUrl: swap(each.logUrl) })),
      releases: data.releases.map(swapBody),
      issues: data.issues.map(swapBody),
      assets: data.assets.map((each) => ({ ...each, file: swap(each.file) }))
    }
  };
};
