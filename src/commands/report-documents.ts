import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parseManifest } from '../config/manifest.ts';
import type { LedgerRelease } from '../domain/ledger.ts';
import { Refusal } from '../domain/refusal.ts';
import { MANIFEST_NAME } from '../domain/release.ts';
import type { ReleaseManifest } from '../domain/release.ts';
import type { ListedRelease } from '../ports/ledger.ts';
import { ledgerChange, unreadReleases } from '../rules/ledger.ts';
import { assertNotCancelled } from './context.ts';
import type { Context } from './context.ts';
import type { Ledger } from './report-ledger.ts';

/** A workflow's token has 1,000 calls an hour for the whole repository; each document takes one or two of them. */
const MOST_READ = 200;
/** At the same time. */
const TOGETHER = 4;

export interface WithDocuments {
  readonly releases: readonly LedgerRelease[];
  /** Still to be read, by the next report. */
  readonly unread: number;
}

const assetOf = async (context: Context, release: ListedRelease): Promise<number | undefined> => {
  if (release.manifest !== undefined) return release.manifest;
  const assets = await context.ports.hosting.assets(release.id);
  return assets.find(({ name }) => name === MANIFEST_NAME)?.id;
};

/** The document the tag names, and nothing else; undefined for a release that is damaged. */
const documentOf = async (
  context: Context,
  release: ListedRelease,
  folder: string
): Promise<ReleaseManifest | undefined> => {
  const asset = await assetOf(context, release);
  if (asset === undefined) return undefined;
  const file = join(folder, String(release.id));
  const { sha256 } = await context.ports.hosting.download(asset, file);
  if (sha256 !== release.note?.manifestSha256) return undefined;
  const manifest = parseManifest(await readFile(file, 'utf8'));
  await rm(file, { force: true });
  return manifest.tag === release.tag && manifest.commit === release.commit ? manifest : undefined;
};

/** What is wrong with one release spoils no report; what is wrong with the run does. */
const attempted = async (
  context: Context,
  release: ListedRelease,
  folder: string
): Promise<ReleaseManifest | undefined> => {
  try {
    return await documentOf(context, release, folder);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    if (error.reason.code === 'manifest-invalid' || error.reason.code === 'hosting-failed') return undefined;
    throw error;
  }
};

const told = (release: LedgerRelease, manifest: ReleaseManifest | undefined, titles: boolean): LedgerRelease => {
  if (manifest === undefined || manifest.version !== release.version) return release;
  const changes = manifest.changes.map((change) => ledgerChange(change, titles));
  return { ...release, document: { previous: manifest.previous, changes } };
};

/** Up to 200 documents in a run, the newest first; one or two calls each, and the download from storage. */
export const readDocuments = async (context: Context, ledger: Ledger): Promise<WithDocuments> => {
  const now = context.ports.clock.now();
  const listed = new Map(ledger.listed.map((release) => [release.tag, release]));
  const unread = unreadReleases(ledger.releases, ledger.records, { now, titles: ledger.titles });
  const wanted = unread.filter(({ tag }) => listed.has(tag)).slice(0, MOST_READ);
  const folder = await mkdtemp(join(context.surroundings.temporary, 'report-'));
  const read = new Map<string, LedgerRelease>();
  const queue = wanted.values();
  const work = async (): Promise<void> => {
    for (const release of queue) {
      assertNotCancelled(context, 'report');
      const from = listed.get(release.tag);
      const manifest = from === undefined ? undefined : await attempted(context, from, folder);
      if (manifest !== undefined) read.set(release.tag, told(release, manifest, ledger.titles));
    }
  };
  await Promise.all(Array.from({ length: TOGETHER }, work));
  await rm(folder, { recursive: true, force: true });
  const releases = ledger.releases.map((release) => read.get(release.tag) ?? release);
  return { releases, unread: unread.length - read.size };
};
