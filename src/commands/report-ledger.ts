import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { NOTHING_KEPT, keptIn } from '../config/kept-report.ts';
import type { Kept } from '../config/kept-report.ts';
import { parseReport } from '../config/report.ts';
import type { WrittenReport } from '../config/report.ts';
import type { LedgerRecord, LedgerRelease } from '../domain/ledger.ts';
import type { Incident } from '../domain/report.ts';
import type { LedgerCursors, LedgerPage, ListedRecord, ListedRelease } from '../ports/ledger.ts';
import {
  formsOf,
  mergeRecords,
  mergeReleases,
  releasesIn,
  unsettled,
  untitledIncident,
  untitledRecord,
  untitledRelease,
  windowBegin
} from '../rules/ledger.ts';
import { formOf, inWorkspace } from './context.ts';
import type { Context } from './context.ts';

export const REPORT_NAME = 'delivery.json';

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

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/** A report of another repository, or one made when other environments were defined, knows nothing of what is asked now. */
const fits = ({ surroundings, delivery }: Context, { repository, environments }: WrittenReport): boolean => {
  const { owner, name } = surroundings.repository;
  const asked = delivery.environments.map((each) => each.name);
  return (
    same(`${owner}/${name}`, `${repository.owner}/${repository.name}`) &&
    asked.length === environments.length &&
    asked.every((each) => environments.some((known) => known.name === each))
  );
};

/** The report that stands in the folder, when there is one of ours; anything else is as good as none. */
const earlierReport = async (context: Context, folder: string): Promise<WrittenReport | undefined> => {
  const text = await readFile(join(inWorkspace(context, folder), REPORT_NAME), 'utf8').catch(() => undefined);
  const report = text === undefined ? undefined : parseReport(text);
  return report !== undefined && fits(context, report) ? report : undefined;
};

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

/**
 * One call per hundred records, releases included; with an earlier report one call, and one more per hundred that are
 * new. What may have changed since is looked at again in the same call.
 */
export const readLedger = async (context: Context, folder: string): Promise<Ledger> => {
  const { delivery, ports } = context;
  const environments = delivery.environments.map(({ name }) => name);
  const earlier = await earlierReport(context, folder);
  const kept = earlier === undefined ? NOTHING_KEPT : keptIn(earlier);
  const first = await ports.hosting.ledgerPage({ environments, again: unsettled(kept.records) });
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
    complete: reached && (earlier === undefined || kept.complete)
  };
  return titles ? ledger : untitled(ledger);
};
