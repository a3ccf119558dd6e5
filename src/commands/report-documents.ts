import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parseManifest } from '../config/manifest.ts';
import type { ReasonCode } from '../contract.ts';
import type { LedgerRelease } from '../domain/ledger.ts';
import { Refusal } from '../domain/refusal.ts';
import { MANIFEST_NAME } from '../domain/release.ts';
import type { ReleaseManifest } from '../domain/release.ts';
import type { ListedRelease } from '../ports/ledger.ts';
import { carriedDocument, ledgerChange, unreadReleases } from '../rules/ledger.ts';
import { assertNotCancelled } from './context.ts';
import type { Context } from './context.ts';
import type { Ledger } from './report-ledger.ts';

/** A workflow's token has 1,000 calls an hour for the whole repository; each document takes one or two of them. */
const MOST_READ = 200;
/** At the same time. */
const TOGETHER = 4;
/** Calls that GitHub left unanswered, each after minutes of trying: the rest is for the next report, as when time is over. */
const MOST_FAILURES = 3;

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

interface Order {
  readonly release: LedgerRelease;
  /** As GitHub listed it. */
  readonly listed: ListedRelease;
  readonly folder: string;
  readonly titles: boolean;
}

/** Of this very release, or of none. */
const belongs = ({ release }: Order, { tag, commit, version }: ReleaseManifest): boolean =>
  tag === release.tag && commit === release.commit && version === release.version;

/** The document the tag names, and nothing else; undefined for a release that is damaged. */
const documentOf = async (context: Context, order: Order): Promise<LedgerRelease['document'] | undefined> => {
  const asset = await assetOf(context, order.listed);
  if (asset === undefined) return undefined;
  const file = join(order.folder, String(order.listed.id));
  const { sha256 } = await context.ports.hosting.download(asset, file);
  if (sha256 !== order.listed.note?.manifestSha256) return undefined;
  const manifest = parseManifest(await readFile(file, 'utf8'));
  await rm(file, { force: true });
  if (!belongs(order, manifest)) return undefined;
  const changes = manifest.changes.map((change) => ledgerChange(change, order.titles));
  return { previous: manifest.previous, changes };
};

/** What reading came to, as it goes on. */
interface Progress {
  readonly read: Map<string, LedgerRelease>;
  failures: number;
}

const SPOIL_ONE: ReadonlySet<ReasonCode> = new Set(['manifest-invalid', 'hosting-failed', 'phase-timeout']);

/** What is wrong with one release spoils no report; what is wrong with the run does. */
const readOne = async (context: Context, order: Order, progress: Progress): Promise<void> => {
  assertNotCancelled(context, 'report');
  try {
    const document = await documentOf(context, order);
    if (document !== undefined) progress.read.set(order.release.tag, { ...order.release, document });
  } catch (error) {
    const code = error instanceof Refusal ? error.reason.code : undefined;
    if (code === undefined || !SPOIL_ONE.has(code)) throw error;
    if (code === 'hosting-failed') progress.failures += 1;
    if (code === 'phase-timeout') progress.failures = MOST_FAILURES;
  }
};

const readAll = async (context: Context, orders: readonly Order[]): Promise<Progress['read']> => {
  const progress: Progress = { read: new Map(), failures: 0 };
  const queue = orders.values();
  const work = async (): Promise<void> => {
    for (const order of queue) {
      if (progress.failures >= MOST_FAILURES) return;
      await readOne(context, order, progress);
    }
  };
  await Promise.all(Array.from({ length: TOGETHER }, work));
  return progress.read;
};

const byTag = (listed: readonly ListedRelease[]): ReadonlyMap<string, ListedRelease> =>
  new Map(listed.map((release) => [release.tag, release]));

/** Those whose tags do not carry their changes: each costs a call or two. */
export const withoutChanges = (
  releases: readonly LedgerRelease[],
  listed: readonly ListedRelease[]
): readonly LedgerRelease[] => {
  const tags = byTag(listed);
  return releases.filter((release) => tags.get(release.tag)?.carried?.version !== release.version);
};

type Tagged = readonly [string, LedgerRelease];

/** What the tags themselves say, which came with the list. */
const carriedBy = (unread: readonly LedgerRelease[], { listed, titles }: Ledger): readonly Tagged[] => {
  const tags = byTag(listed);
  return unread.flatMap((release): Tagged[] => {
    const document = carriedDocument(release, tags.get(release.tag)?.carried, titles);
    return document === null ? [] : [[release.tag, { ...release, document }]];
  });
};

/** The changes of the releases that need them: from the tags, else from up to 200 documents in a run, the newest first. */
export const readDocuments = async (context: Context, ledger: Ledger): Promise<WithDocuments> => {
  const { titles, records } = ledger;
  const listed = byTag(ledger.listed);
  const unread = unreadReleases(ledger.releases, records, { now: context.ports.clock.now(), titles });
  const read = new Map(carriedBy(unread, ledger));
  const folder = await mkdtemp(join(context.surroundings.temporary, 'report-'));
  const orders = withoutChanges(unread, ledger.listed).flatMap((release): Order[] => {
    const found = listed.get(release.tag);
    return found === undefined ? [] : [{ release, listed: found, folder, titles }];
  });
  try {
    for (const [tag, release] of await readAll(context, orders.slice(0, MOST_READ))) read.set(tag, release);
    const releases = ledger.releases.map((release) => read.get(release.tag) ?? release);
    return { releases, unread: unread.length - read.size };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};
