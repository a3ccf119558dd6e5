import { readRefs } from './ref-list.ts';
import type { RefEntry } from './ref-list.ts';
import type { Data, Deployment, DeploymentStatus, Release, ReleaseAsset } from './records.ts';
import { deploymentState } from './graphql/deployments.ts';
import { statusesOf } from './resources/deployment-statuses.ts';
import { assetsOf } from './resources/release-view.ts';
import type { World } from './world.ts';

export interface DeploymentSnapshot extends Deployment {
  /** Oldest first. */
  readonly statuses: readonly DeploymentStatus[];
  /** As GraphQL would name it now. */
  readonly state: string;
}

export interface ReleaseSnapshot extends Release {
  readonly assets: readonly ReleaseAsset[];
}

/** Everything the hub holds, oldest first: for tests to look at, without a token and without being counted. */
export interface Snapshot extends Omit<Data, 'deployments' | 'deploymentStatuses' | 'releases' | 'assets'> {
  readonly deployments: readonly DeploymentSnapshot[];
  readonly releases: readonly ReleaseSnapshot[];
  readonly tags: readonly RefEntry[];
  readonly branches: readonly RefEntry[];
}

/** Those below `prefix`, without it. */
const below = (refs: readonly RefEntry[], prefix: string): readonly RefEntry[] =>
  refs
    .filter(({ name }) => name.startsWith(prefix))
    .map((entry) => ({ ...entry, name: entry.name.slice(prefix.length) }));

export const takeSnapshot = async (world: World): Promise<Snapshot> => {
  // one process of git for both
  const refs = await readRefs(world.git, 'refs/');
  const { data } = world.state.now();
  const { deploymentStatuses: _statuses, assets: _assets, ...rest } = data;
  return {
    ...rest,
    deployments: data.deployments.map((deployment) => {
      const statuses = statusesOf(data, deployment);
      return { ...deployment, statuses, state: deploymentState(world, deployment, statuses.at(-1)) };
    }),
    releases: data.releases.map((release) => ({ ...release, assets: assetsOf(data, release) })),
    tags: below(refs, 'tags/'),
    branches: below(refs, 'heads/')
  };
};
