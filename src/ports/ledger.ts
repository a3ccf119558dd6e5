import type { DeploymentRecord } from '../domain/deployment.ts';
import type { Setting } from '../domain/finding.ts';
import type { PullStart } from '../domain/ledger.ts';
import type { PublishedRelease } from '../domain/release.ts';
import type { Incident } from '../domain/report.ts';
import type { TagChanges } from '../domain/tag-message.ts';

/** Which part of the whole history is wanted. */
export interface LedgerQuestion {
  readonly environments: readonly string[];
  /** Records that may have changed since they were read, at most 100. */
  readonly again: readonly string[];
  /** Absent: the first page. */
  readonly after?: LedgerCursors;
  /** The oldest of a list besides the newest of it. */
  readonly oldest?: OldestQuestion;
}

/** The last hundred of a list, or those before the cursor that an earlier such page ended with. */
export interface OldestQuestion {
  readonly list: keyof LedgerCursors;
  readonly before: string | null;
}

/** Where the next page begins; null: nothing more, or nothing more wanted. */
export interface LedgerCursors {
  readonly records: string | null;
  readonly releases: string | null;
}

/** A record as a list of GitHub tells it; `node` is GitHub's own id. */
export type ListedRecord = Omit<DeploymentRecord, 'id'> & { readonly node: string };

export interface ListedRelease extends PublishedRelease {
  readonly publishedAt: string;
  /** Where the tag carries what `release.json` says of the changes. */
  readonly carried?: TagChanges;
  /** The asset that is `release.json`, where the list tells it. */
  readonly manifest?: number;
}

/** At most 100 of a list, newest first, at one of its ends. */
export interface ListPage<T> {
  /** Ours. */
  readonly items: readonly T[];
  /** GitHub's ids of everything on the page, also of what is not ours. */
  readonly nodes: readonly string[];
  /** Where the list goes on, away from that end; null: nothing more. */
  readonly next: string | null;
}

export interface LedgerPage {
  readonly records: ListPage<ListedRecord>;
  readonly again: readonly ListedRecord[];
  /** Drafts are not ours. */
  readonly releases: ListPage<ListedRelease>;
  /** Of the list that was asked for. */
  readonly oldest: { readonly records?: ListPage<ListedRecord>; readonly releases?: ListPage<ListedRelease> };
  /** How many there are, also those that are not ours; with the first page. */
  readonly totals?: { readonly records: number; readonly releases: number };
  /** The newest 50 stopped lines, closed ones too; with the first page. */
  readonly incidents: readonly Incident[];
  readonly visibility: 'public' | 'private';
}

export interface PullStarts {
  /** By number; null: no such pull request. Those that are absent could not be read this time. */
  readonly pulls: ReadonlyMap<number, PullStart | null>;
  /** The permission that those which are absent take; null when nothing was forbidden. */
  readonly needs: string | null;
}

export interface KeptQuestion {
  readonly name: string;
  readonly branch: string;
  /** Bytes; what is larger is passed over. */
  readonly largest: number;
}

/** A file that an earlier run kept with GitHub. */
export interface KeptFile {
  readonly id: number;
  readonly size: number;
  /** Hex, as GitHub lists it. */
  readonly sha256: string;
}

/** What runs leave to those after them. */
export interface KeptFiles {
  /** Of this name, by runs of this repository on this branch, never by one of a fork; newest first, at most 3. One call. */
  keptFiles(question: KeptQuestion): Promise<readonly KeptFile[]>;
  /** Streams it into `file`; false when other bytes arrived than were listed. One call, and the storage's. */
  fetchKept(kept: KeptFile, file: string): Promise<boolean>;
}

/** The whole history, a page at a time. */
export interface Ledgers {
  /** One call. */
  ledgerPage(question: LedgerQuestion): Promise<LedgerPage>;
  /** How at most 100 pull requests began. One call. */
  pullStarts(numbers: readonly number[]): Promise<PullStarts>;
  /** Pages of the runs of any workflow that wait at a gate, by their number, at most 100. One call. */
  waitingRuns(): Promise<Setting<ReadonlyMap<number, string>>>;
}
