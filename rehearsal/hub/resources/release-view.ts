import type { Data, Release, ReleaseAsset } from '../records.ts';
import type { World } from '../world.ts';
import { nodeId, repositoryApi, repositoryPage } from '../world.ts';
import { userView } from './users.ts';

/** A draft has no address by its tag. */
const pageName = (release: Release): string => (release.draft ? `untagged-${release.id.toString(16)}` : release.tag);

const pathOf = (tag: string): string => tag.split('/').map(encodeURIComponent).join('/');

export const releasePage = (world: World, release: Release): string =>
  `${repositoryPage(world)}/releases/tag/${pathOf(pageName(release))}`;

export const downloadPage = (world: World, release: Release, asset: ReleaseAsset): string =>
  `${repositoryPage(world)}/releases/download/${pathOf(pageName(release))}/${encodeURIComponent(asset.name)}`;

export const assetView = (world: World, release: Release, asset: ReleaseAsset): unknown => ({
  url: `${repositoryApi(world)}/releases/assets/${asset.id}`,
  browser_download_url: downloadPage(world, release, asset),
  id: asset.id,
  node_id: nodeId('RA', asset.id),
  name: asset.name,
  label: asset.label,
  state: asset.state,
  content_type: asset.contentType,
  size: asset.size,
  digest: asset.digest,
  download_count: 0,
  created_at: asset.createdAt,
  updated_at: asset.createdAt,
  uploader: userView(world, asset.uploader)
});

export const assetsOf = (data: Data, release: Release): readonly ReleaseAsset[] =>
  data.assets.filter((asset) => asset.release === release.id);

export const releaseView = (world: World, data: Data, release: Release): unknown => {
  const api = repositoryApi(world);
  const { owner, name } = world.settings;
  const archive = `${api}/%ball/${pathOf(release.tag)}`;
  return {
    url: `${api}/releases/${release.id}`,
    html_url: releasePage(world, release),
    assets_url: `${api}/releases/${release.id}/assets`,
    upload_url: `${world.urls.uploads}/repos/${owner}/${name}/releases/${release.id}/assets{?name,label}`,
    tarball_url: release.draft ? null : archive.replace('%', 'tar'),
    zipball_url: release.draft ? null : archive.replace('%', 'zip'),
    id: release.id,
    node_id: nodeId('RE', release.id),
    tag_name: release.tag,
    target_commitish: release.target,
    name: release.name,
    body: release.body,
    draft: release.draft,
    prerelease: release.prerelease,
    immutable: release.immutable && !release.draft,
    created_at: release.commitDate,
    updated_at: release.updatedAt,
    published_at: release.publishedAt,
    author: userView(world, release.author),
    assets: assetsOf(data, release).map((asset) => assetView(world, release, asset))
  };
};

/** The marked one; otherwise the newest full release by the date of its commit, as documented. */
export const latestRelease = (data: Data): Release | undefined => {
  const full = data.releases.filter((release) => !release.draft && !release.prerelease);
  const marked = full.find((release) => release.id === data.latestRelease);
  return marked ?? full.toSorted((a, b) => b.commitDate.localeCompare(a.commitDate) || b.id - a.id)[0];
};
