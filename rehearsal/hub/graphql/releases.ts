import type { Release, ReleaseAsset } from '../records.ts';
import { assetsOf, downloadPage, latestRelease, releasePage } from '../resources/release-view.ts';
import { seesDrafts } from '../resources/releases.ts';
import { nodeId, repositoryApi } from '../world.ts';
import { actorNode } from './actors.ts';
import { mapConnection } from './deployments.ts';
import { commitNodeOf, refNode } from './git-objects.ts';
import { connection, forbiddenConnection } from './paging.ts';
import type { Connection, PageArguments } from './paging.ts';
import { demandRead, mayRead } from './scope.ts';
import type { GraphScope } from './scope.ts';

const assetNode = ({ world }: GraphScope, release: Release, asset: ReleaseAsset): object => ({
  __typename: 'ReleaseAsset',
  id: nodeId('RA', asset.id),
  name: asset.name,
  size: asset.size,
  contentType: asset.contentType,
  digest: asset.digest,
  downloadCount: 0,
  downloadUrl: downloadPage(world, release, asset),
  url: `${repositoryApi(world)}/releases/assets/${asset.id}`,
  createdAt: asset.createdAt,
  updatedAt: asset.createdAt,
  uploadedBy: actorNode(world, asset.uploader)
});

interface AssetArguments extends PageArguments {
  readonly name?: string | null;
}

const assetsConnection = (scope: GraphScope, release: Release, asked: AssetArguments): Connection<object> => {
  const all = assetsOf(scope.view.data, release);
  const named = typeof asked.name === 'string' ? all.filter((asset) => asset.name === asked.name) : all;
  const page = connection({ name: 'releaseAssets', items: named, key: (asset) => String(asset.id) }, asked);
  return mapConnection(page, (asset) => assetNode(scope, release, asset));
};

const releaseNode = (scope: GraphScope, release: Release): object => {
  const { world, view } = scope;
  const tag = `refs/tags/${release.tag}`;
  const author = actorNode(world, release.author);
  return {
    __typename: 'Release',
    id: nodeId('RE', release.id),
    databaseId: release.id,
    name: release.name,
    tagName: release.tag,
    description: release.body,
    isDraft: release.draft,
    isPrerelease: release.prerelease,
    isLatest: latestRelease(view.data)?.id === release.id,
    immutable: release.immutable && !release.draft,
    createdAt: release.createdAt,
    updatedAt: release.updatedAt,
    publishedAt: release.publishedAt,
    url: releasePage(world, release),
    resourcePath: new URL(releasePage(world, release)).pathname,
    // the schema has users only as authors of releases
    author: Reflect.get(author, '__typename') === 'User' ? author : null,
    tag: () => refNode(scope, tag),
    tagCommit: () => commitNodeOf(scope, tag),
    releaseAssets: (asked: AssetArguments) => assetsConnection(scope, release, asked)
  };
};

interface ReleaseArguments extends PageArguments {
  readonly orderBy?: { readonly field: 'CREATED_AT' | 'NAME'; readonly direction: 'ASC' | 'DESC' } | null;
}

const sorted = (releases: readonly Release[], order: ReleaseArguments['orderBy']): readonly Release[] => {
  const byName = order?.field === 'NAME';
  const ascending = releases.toSorted(
    (a, b) => (byName ? (a.name ?? '').localeCompare(b.name ?? '') : 0) || a.id - b.id
  );
  return order?.direction === 'ASC' ? ascending : ascending.toReversed();
};

export const releasesConnection = (scope: GraphScope, asked: ReleaseArguments): Connection<object> => {
  if (!mayRead(scope, 'contents')) return forbiddenConnection();
  const visible = scope.view.data.releases.filter((release) => !release.draft || seesDrafts(scope.caller));
  const page = connection(
    { name: 'releases', items: sorted(visible, asked.orderBy), key: (each) => String(each.id) },
    asked
  );
  return mapConnection(page, (release) => releaseNode(scope, release));
};

/** Drafts are not found by their tag. */
export const releaseByTag = (scope: GraphScope, tag: string): object | null => {
  demandRead(scope, 'contents');
  const release = scope.view.data.releases.find((each) => each.tag === tag && !each.draft);
  return release === undefined ? null : releaseNode(scope, release);
};

export const latestReleaseNode = (scope: GraphScope): object | null => {
  demandRead(scope, 'contents');
  const release = latestRelease(scope.view.data);
  return release === undefined ? null : releaseNode(scope, release);
};
