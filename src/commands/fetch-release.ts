import { mkdtemp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseManifest } from '../config/manifest.ts';
import { refuse } from '../domain/refusal.ts';
import { MANIFEST_NAME, digestOf } from '../domain/release.ts';
import type { ReleaseManifest } from '../domain/release.ts';
import type { Asset } from '../ports.ts';
import type { Candidate } from '../rules/choose-version.ts';
import type { Context } from './context.ts';

/** A version's own documents and files, every digest checked against the tag. */
export interface FetchedRelease {
  readonly manifest: ReleaseManifest;
  /** The unpacked files. */
  readonly files: string;
}

const assetNamed = (assets: readonly Asset[], name: string, tag: string): Asset => {
  const found = assets.find((asset) => asset.name === name);
  if (found === undefined) throw refuse('release-incomplete', { tag, missing: name });
  return found;
};

const mustEqual = (what: string, expected: string, actual: string): void => {
  if (expected !== actual) throw refuse('digest-mismatch', { what, expected, actual });
};

const download = async (context: Context, asset: Asset, folder: string): Promise<{ file: string; sha256: string }> => {
  context.say({ kind: 'fetching', name: asset.name, bytes: asset.size });
  const file = join(folder, asset.name);
  const { sha256 } = await context.ports.hosting.download(asset.id, file);
  return { file, sha256 };
};

/** The manifest must be the one the tag names and must speak of this very tag, commit and archive. */
const proveManifest = (candidate: Candidate, manifest: ReleaseManifest): void => {
  mustEqual(`${MANIFEST_NAME} version`, candidate.version, manifest.version);
  mustEqual(`${MANIFEST_NAME} tag`, candidate.release.tag, manifest.tag);
  mustEqual(`${MANIFEST_NAME} commit`, candidate.release.commit, manifest.commit);
  mustEqual(`${MANIFEST_NAME} archive`, candidate.note.tarSha256, manifest.archive.tarSha256);
};

/** The version's document, proven, and where its other assets are. */
export interface FetchedManifest {
  readonly manifest: ReleaseManifest;
  readonly assets: readonly Asset[];
  readonly folder: string;
}

export const fetchManifest = async (context: Context, candidate: Candidate): Promise<FetchedManifest> => {
  const folder = await mkdtemp(join(context.surroundings.temporary, `delivery-${candidate.version}-`));
  const { tag, id } = candidate.release;
  const assets = await context.ports.hosting.assets(id);
  const { file, sha256 } = await download(context, assetNamed(assets, MANIFEST_NAME, tag), folder);
  mustEqual(MANIFEST_NAME, candidate.note.manifestSha256, sha256);
  const manifest = parseManifest(await readFile(file, 'utf8'));
  proveManifest(candidate, manifest);
  return { manifest, assets, folder };
};

/** Downloads, proves and unpacks the files; throws before anything of the version could run. */
export const fetchFiles = async (context: Context, fetched: FetchedManifest): Promise<FetchedRelease> => {
  const { manifest, assets, folder } = fetched;
  const { archive } = manifest;
  const { file, sha256 } = await download(context, assetNamed(assets, archive.name, manifest.tag), folder);
  mustEqual(archive.name, archive.sha256, sha256);
  const files = join(folder, 'files');
  await context.ports.archives.unpack({ file, into: files, archive, files: manifest.files });
  context.say({ kind: 'proven', digest: digestOf(archive), files: manifest.files.length });
  return { manifest, files };
};

/** The archive may take as long as it needs while bytes move: it stands in no phase. */
export const fetchRelease = async (context: Context, candidate: Candidate): Promise<FetchedRelease> =>
  fetchFiles(context, await context.ports.phases.during('fetch', () => fetchManifest(context, candidate)));
