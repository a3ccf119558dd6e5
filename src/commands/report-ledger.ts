import { NOTHING_KEPT, keptIn } from '../config/kept-report.ts';
import type { Kept } from '../config/kept-report.ts';
import type { LedgerRecord, LedgerRelease } from '../domain/ledger.ts';
import type { Incident } from '../domain/report.ts';
import type { LedgerPage, ListedRelease } from '../ports/ledger.ts';
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
import { withoutChanges } from './report-documents.ts';
import { readPages } from './report-pages.ts';
import type { Enough, Pages } from './report-pages.ts';
import { reportAtGitHub, reportInFolder } from './report-earlier.ts';

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

/** What an earlier report knew, and since when releases matter. */
interface Known {
  readonly nodes: ReadonlySet<string>;
  readonly tags: ReadonlySet<string>;
  /** Releases it knew and whose documents it left unread. */
  readonly pending: readonly string[];
  readonly since: number;
}

/** Each list goes on until something that was known, releases also no further than the numbers look. */
const enoughFor = (known: Known): Enough => {
  const pending = new Set(known.pending);
  return {
    records: (page) => page.some(({ node }) => known.nodes.has(node)),
    releases: (page) => {
      for (const { tag } of page) pending.delete(tag);
      const old = page.some(({ publishedAt }) => Date.parse(publishedAt) < known.since);
      return old || (pending.size === 0 && page.some(({ tag }) => known.tags.has(tag)));
    }
  };
};

const knownIn = (context: Context, { records, releases }: Kept): Known => {
  const since = windowBegin(context.ports.clock.now());
  const left = releases.filter(({ document, publishedAt }) => document === null && Date.parse(publishedAt) >= since);
  return {
    nodes: new Set(records.map(({ node }) => node)),
    tags: new Set(releases.map(({ tag }) => tag)),
    pending: left.map(({ tag }) => tag),
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
  const enough = enoughFor(knownIn(context, NOTHING_KEPT));
  if (first.records.next !== null) return true;
  if (first.releases.next !== null && !enough.releases(first.releases.items)) return true;
  const records = mergeRecords([], first.records.items);
  const releases = releasesIn(first.releases.items, formsOf(formOf(context), records));
  const now = context.ports.clock.now();
  const unread = unreadReleases(releases, records, { now, titles: false });
  return withoutChanges(unread, first.releases.items).length > FEW_DOCUMENTS;
};

/** What an earlier report knew, if there is one, and the newest of what GitHub knows. */
interface Begun {
  readonly kept: Kept | undefined;
  readonly first: LedgerPage;
}

/** The first page with what may have changed since; of that, the page itself holds a part. */
const lookedAgain = async (context: Context, kept: Kept, first: LedgerPage): Promise<LedgerPage> => {
  const read = new Set(first.records.items.map(({ node }) => node));
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

const pagesOf = (context: Context, kept: Kept, first: LedgerPage): Promise<Pages> => {
  const environments = context.delivery.environments.map(({ name }) => name);
  return readPages({
    ask: (question) => context.ports.hosting.ledgerPage({ environments, again: [], ...question }),
    first,
    enough: enoughFor(knownIn(context, kept)),
    toTheEnd: kept === NOTHING_KEPT
  });
};

/**
 * One call for the newest hundred records and one for each two hundred behind them, releases included; with an earlier
 * report one call, and one more per hundred that are new. What may have changed since is looked at again in the same
 * call, or in one more where the report is GitHub's.
 */
export const readLedger = async (context: Context, folder: string): Promise<Ledger> => {
  const { delivery } = context;
  const { kept = NOTHING_KEPT, first } = await begin(context, folder);
  const { records: read, releases: listed, reached } = await pagesOf(context, kept, first);
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
