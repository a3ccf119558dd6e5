export type DeliveryKind = 'deploy' | 'rollback' | 'rebuild';

export interface ReleaseEntry {
  readonly component: string;
  readonly version: string;
  readonly tag: string;
  readonly commit: string;
  readonly url: string;
  readonly publishedAt: string;
  /** The version it was counted from. Null when there is none, or it was not read. */
  readonly previous: string | null;
  readonly changeCount: number;
  /** Commits; null when the document of the release was not read. */
  readonly changes: readonly string[] | null;
}

export interface ChangeEntry {
  readonly commit: string;
  readonly url: string;
  /** The version that brought it. */
  readonly version: string;
  readonly type: string;
  readonly breaking: boolean;
  /** Null when titles are left out. */
  readonly scope: string | null;
  readonly subject: string | null;
  readonly author: string;
  readonly pull: { readonly number: number; readonly url: string } | null;
  /** When it reached the main line. */
  readonly date: string;
  /** When work on it began: the first commit of the pull request it is, where that is known; else `date`. */
  readonly begunAt: string;
  /** `unread`: the pull request it names has not told yet; the next report asks again. */
  readonly begunBy: 'pull-request' | 'commit' | 'unread';
  /** It repairs or takes back something that was delivered. */
  readonly mends: 'hotfix' | 'revert' | null;
}

export interface DeliveryEntry {
  /** Counts the records from the oldest known one, 1; stays the same from report to report. */
  readonly id: number;
  /** GitHub's own id of the deployment (GraphQL). Its number is not told: new ones do not fit into GraphQL's `Int`. */
  readonly node: string;
  readonly environment: string;
  readonly component: string;
  readonly version: string;
  readonly tag: string;
  readonly digest: string;
  readonly commit: string;
  readonly commitUrl: string;
  /** The release's page; null when it is not known. */
  readonly releaseUrl: string | null;
  /** What the record says was there before. */
  readonly previous: string | null;
  readonly kind: DeliveryKind;
  /** The same version as the one live before. */
  readonly redeploy: boolean;
  /** The first one known of its line: nothing to compare with, so it has no lead time. */
  readonly first: boolean;
  /**
   * `live`: it succeeded. `taken-back`: it broke after touching the target, and a rollback took it away.
   * `failed`: it ended without ever being live. `withdrawn`: it ended before it touched anything. `open`: under way.
   */
  readonly outcome: 'live' | 'taken-back' | 'failed' | 'withdrawn' | 'open';
  /** The last state at GitHub, in our words. */
  readonly state: 'pending' | 'queued' | 'in_progress' | 'success' | 'failure' | 'error' | 'inactive';
  /** When it was asked for, when it began to change the target, when it was proven there, when it ended or was replaced. */
  readonly createdAt: string;
  readonly startedAt: string | null;
  readonly succeededAt: string | null;
  readonly endedAt: string | null;
  /** The moment that counts for it in lists and metrics. */
  readonly at: string;
  readonly durationSeconds: number | null;
  readonly requestedBy: string;
  readonly approvedBy: readonly string[];
  /** Null when none was given, or titles are left out. */
  readonly reason: string | null;
  readonly override: readonly string[];
  readonly run: { readonly id: number; readonly attempt: number; readonly url: string };
  /** Where people find it. */
  readonly url: string | null;
  /** What arrived here for the first time with it, oldest first; `leadSeconds` from its beginning, 0 where clocks disagree. */
  readonly changes: readonly {
    readonly commit: string;
    readonly leadSeconds: number;
    readonly mergeSeconds: number;
  }[];
  /** All changes it brought, those without details included. */
  readonly changeCount: number;
  /** Whether `changes` holds them all. */
  readonly changesKnown: boolean;
  readonly leadTime: { readonly median: number; readonly p90: number; readonly n: number } | null;
  /** From the proof in the last environment it needs to the beginning of this delivery. */
  readonly waitSeconds: number | null;
  readonly manualTouches: number;
  readonly failure: Failure | null;
  /** Unplanned: it repairs a delivery that failed. */
  readonly rework: 'rollback' | 'hotfix' | 'revert' | null;
  /** Ids of the failed deliveries it answers. */
  readonly mends: readonly number[];
  /** What the record itself says; `changeCount` may know better. */
  readonly recordedChanges: number;
}

export type FailureCause = 'rollback' | 'hotfix' | 'revert' | 'failed-check' | 'incident';

export interface Failure {
  readonly causes: readonly FailureCause[];
  /** The delivery that ended it; null while it is open, or when closing the incident ended it. */
  readonly recoveredBy: number | null;
  readonly recoveredAt: string | null;
  /** Until it recovered; until now while it is open. */
  readonly seconds: number;
}

/** A stopped line. */
export interface Incident {
  readonly number: number;
  readonly url: string;
  /** Null when titles are left out. */
  readonly title: string | null;
  readonly author: string;
  readonly openedAt: string;
  /** Null while the line stands. */
  readonly closedAt: string | null;
}

/** The way of one version, left to right. */
export interface Journey {
  readonly component: string;
  readonly version: string;
  readonly changes: number;
  readonly steps: readonly JourneyStep[];
}

export interface JourneyStep {
  /** `committed` to `released`: merged and built. Then, for each environment, `wait` before it and `deliver` into it. */
  readonly kind: 'build' | 'wait' | 'deliver';
  readonly environment: string | null;
  readonly state: 'done' | 'running' | 'waiting' | 'failed';
  readonly from: string;
  /** Null while it lasts. */
  readonly to: string | null;
  /** Until `to`, or until now. */
  readonly seconds: number;
  readonly delivery: number | null;
}
