import type { Change } from '../../src/domain/change.ts';
import type { ReleaseManifest } from '../../src/domain/release.ts';
import { versionOf } from '../../src/domain/version.ts';

const HASH = 'ab'.repeat(32);

/** The `release.json` of a version with these changes and nothing else of interest. */
export const manifestWith = (changes: readonly Change[]): ReleaseManifest => ({
  schema: 1,
  version: versionOf([1, 8, 0]),
  tag: 'v1.8.0',
  commit: 'a'.repeat(40),
  previous: versionOf([1, 7, 2]),
  created: '2026-11-23T10:00:00Z',
  changes,
  archive: { name: 'shop-1.8.0.tar.zst', size: 1, sha256: HASH, tarSha256: HASH },
  files: [],
  images: [],
  process: {},
  builder: { repository: 'acme/shop', run: 1, workflow: 'delivery' }
});
