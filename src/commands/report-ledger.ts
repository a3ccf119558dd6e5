import { NOTHING_KEPT, keptIn } from '../config/kept-report.ts';
import type { Kept } from '../config/kept-report.ts';
import type { LedgerRecord, LedgerRelease } from '../domain/ledger.ts';
import type { Incident } from '../domain/report.ts';
import type { LedgerCursors, LedgerPage, ListedRecord, ListedRelease } from '../ports/ledger.ts';
import {
  formsOf,
  mergeRecords,
  mergeReleases,
  releasesIn,
  unreadReleases,
  unsettled,
  untitledIncident,
  untitledRecord,
  untitledRelease,
  windowBegin
} from '../rules/ledger.ts';
import { formOf } from './context.ts';
import type { Context } from './context.ts';
import { reportAtGitHub, reportInFolder } from './report-earlier.ts';

/** Pages of 100 records: more than ten years of three deliveries a day. */
const MOST_PAGES = 120;

/** Everything GitHub and the report before know. */
export interface Ledger {
  readonly records: readonly LedgerRecord[];
  readonly listed: readonly ListedRelease[];
  readonly releases: readonly LedgerRelease[];
  readonly incidents: readonly Incident[];
  readonly visibility: LedgerPage['visibility'];
  readonly titles: boolean;
  readonly complete: boolean;
}

interface Read {
  readonly records: readonly ListedRecord[];
  readonly listed: readonly ListedRelease[];
  /** Whether nothing older is left at GitHub, or it was known before. */
  readonly reached: boolean;
}

/** What an earlier report knew, and since when releases matter. */
interface Known {
  readonly nodes: ReadonlySet<string>;
  readonly tags: ReadonlySet<string>;
  /** Releases it knew and whose documents it left unread, until they are listed again. */
  readonly pending: Set<string>;
  readonly since: number;
}

/** Each list goes on until something that was known, releases also no further than the numbers look. */
const nextOf = ({ next, records, releases }: LedgerPage, known: Known): LedgerCursors | undefined => {
  for (const { tag } of releases) known.pending.delete(tag);
  const met = records.some(({ node }) => known.nodes.has(node));
  const old = releases.some(({ publishedAt }) => Date.parse(publishedAt) < known.since);
  const all = known.pending.size === 0 && releases.some(({ tag }) => known.tags.has(tag));
  const wanted = { records: met ? null : next.records, releases: old || all ? null : next.releases };
  return wanted.records === null && wanted.releases === null ? undefined : wanted;
};

/** A list that ended stays ended: the page after it holds nothing of it. */
const readOn = async (context: Context, first: LedgerPage, known: Known): Promise<Read> => {
  const environments = context.delivery.environments.map(({ name }) => name);
  const [records, listed] = [[...first.records], [...first.releases]];
  let after = nextOf(first, known);
  for (let page = 1; page < MOST_PAGES && after !== undefined; page += 1) {
    const read = await context.ports.hosting.ledgerPage({ environments, again: [], after });
    records.push(...read.records);
    listed.push(...read.releases);
    after = nextOf(read, known);
  }
  return { records, listed, reached: after?.records === undefined || after.records === null };
};

const knownIn = (context: Context, { records, releases }: Kept): Known => {
  const since = windowBegin(context.ports.clock.now());
  const left = releases.filter(({ document, publishedAt }) => document === null && Date.parse(publishedAt) >= since);
  return {
    nodes: new Set(records.map(({ node }) => node)),
    tags: new Set(releases.map(({ tag }) => tag)),
    pending: new Set(left.map(({ tag }) => tag)),
    since
  };
};

const mergedIncidents = (kept: readonly Incident[], read: readonly Incident[]): readonly Incident[] => {
  const all = new Map([...kept, ...read].map((incident) => [incident.number, incident]));
  return [...all.values()].toSorted((a, b) => b.number - a.number);
};

const untitled = (ledger: Ledger): Ledger => ({
  ...ledger,
  records: ledger.records.map(untitledRecord),
  releases: ledger.releases.map(untitledRelease),
  incidents: ledger.incidents.map(untitledIncident)
});

/** Documents that are read afresh rather than an earlier report is looked for, which takes two calls. */
const FEW_DOCUMENTS = 10;

/** Whether reading the history afresh costs more than looking for an earlier report. */
const isLong = (context: Context, first: LedgerPage): boolean => {
  if (nextOf(first, knownIn(context, NOTHING_KEPT)) !== undefined) return true;
  const records = mergeRecords([], first.records);
  const releases = releasesIn(first.releases, formsOf(formOf(context), records));
  const now = context.ports.clock.now();
  return unreadReleases(releases, records, { now, titles: false }).length > FEW_DOCUMENTS;
};

/** What an earlier report knew, if there is one, and the newest of what GitHub knows. */
interface Begun {
  readonly kept: Kept | undefined;
  readonly first: LedgerPage;
}

/** The first page with what may have changed since; of that, the page itself holds a part. */
const lookedAgain = async (context: Context, kept: Kept, first: LedgerPage): Promise<LedgerPage> => {
  const read = new Set(first.records.map(({ node }) => node));
  const again = unsettled(kept.records).filter((node) => !read.has(node));
  if (again.length === 0) return first;
  const environments = context.delivery.environments.map(({ name }) => name);
  const page = await context.ports.hosting.ledgerPage({
    environments,
    again,
    after: { records: null, releases: null }
  });
  return { ...first, again: page.again };
};

const begin = async (context: Context, folder: string): Promise<Begun> => {
  const here = await reportInFolder(context, folder);
  const kept = here === undefined ? undefined : keptIn(here);
  const environments = context.delivery.environments.map(({ name }) => name);
  const first = await context.ports.hosting.ledgerPage({ environments, again: unsettled(kept?.records ?? []) });
  if (kept !== undefined || !isLong(context, first)) return { kept, first };
  const there = await reportAtGitHub(context);
  if (there === undefined) return { kept, first };
  const found = keptIn(there);
  return { kept: found, first: await lookedAgain(context, found, first) };
};

/**
 * One call per hundred records, releases included; with an earlier report one call, and one more per hundred that are
 * new. What may have changed since is looked at again in the same call, or in one more where the report is GitHub's.
 */
export const readLedger = async (context: Context, folder: string): Promise<Ledger> => {
  const { delivery } = context;
  const { kept = NOTHING_KEPT, first } = await begin(context, folder);
  const { records: read, listed, reached } = await readOn(context, first, knownIn(context, kept));
  const records = mergeRecords(kept.records, [...read, ...first.again]);
  const titles = delivery.report?.titles ?? first.visibility === 'public';
  const ledger: Ledger = {
    records,
    listed,
    releases: mergeReleases(kept.releases, releasesIn(listed, formsOf(formOf(context), records))),
    incidents: mergedIncidents(kept.incidents, first.incidents),
    visibility: first.visibility,
    titles,
    complete: reached && (kept === NOTHING_KEPT || kept.complete)
  };
  return titles ? ledger : untitled(ledger);
};
