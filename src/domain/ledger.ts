import type { DeploymentRecord } from './deployment.ts';
import type { Environment } from './environment.ts';
import type { Incident } from './report.ts';
import type { Version } from './version.ts';

/** One of our records as a report knows it. */
export interface LedgerRecord extends DeploymentRecord {
  /** GitHub's own id. `id` counts the records from the oldest known one. */
  readonly node: string;
}

/**
 * What tells when work on a change began: the first commit of the pull request it is, or its own commit. `unread`: the
 * pull request it names has not told yet, and its own commit stands in for it.
 */
export type BegunBy = 'pull-request' | 'commit' | 'unread';

/** What a pull request tells of the change it became. */
export interface PullStart {
  /** The commit it is on the main line; null before it is merged. */
  readonly mergeCommit: string | null;
  /** When its first commit was written, ISO 8601 in UTC; null where none is told, or none that can be true. */
  readonly firstCommitAt: string | null;
}

/** A change of a released version; scope and subject are null when titles are left out. */
export interface LedgerChange {
  readonly commit: string;
  readonly type: string;
  readonly breaking: boolean;
  readonly scope: string | null;
  readonly subject: string | null;
  readonly author: string;
  readonly pull: number | null;
  /** When it reached the main line, ISO 8601 in UTC. */
  readonly date: string;
  /** When work on it began, where that is known; else `date`. */
  readonly begunAt: string;
  readonly begunBy: BegunBy;
  readonly mends: 'hotfix' | 'revert' | null;
}

/** A released version. */
export interface LedgerRelease {
  readonly component: string;
  readonly version: Version;
  readonly tag: string;
  readonly commit: string;
  readonly url: string;
  readonly publishedAt: string;
  readonly changeCount: number;
  /** What its `release.json` says; null when that was not read. */
  readonly document: { readonly previous: Version | null; readonly changes: readonly LedgerChange[] } | null;
}

/** The changes a release is known to hold. */
export const knownChanges = ({ document }: LedgerRelease): readonly LedgerChange[] =>
  document === null ? [] : document.changes;

/** Everything the numbers are made of. */
export interface LedgerFacts {
  readonly now: Date;
  /** IANA name. */
  readonly zone: string;
  readonly environments: readonly Pick<Environment, 'name' | 'needs' | 'gate'>[];
  /** The component of `delivery.yml` itself. */
  readonly component: string;
  readonly records: readonly LedgerRecord[];
  readonly releases: readonly LedgerRelease[];
  readonly incidents: readonly Incident[];
  /** Runs that wait at a gate, with their pages; null when the token may not see them. */
  readonly waitingRuns: ReadonlyMap<number, string> | null;
}

/** What stands around the version in a tag: `''` for `v1.2.3`, `api` for `api/v1.2.3` and `api-1.2.3`. */
export const componentOf = (tag: string, version: string): string => {
  const at = tag.lastIndexOf(version);
  if (at < 0) return tag;
  const before = tag.slice(0, at).replace(/(?:^v|[-/@_.]v?)$/, '');
  const after = tag.slice(at + version.length).replace(/^[-/@_.]/, '');
  return [before, after].filter((part) => part !== '').join('-');
};
