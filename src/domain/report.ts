/**
 * `delivery.json`, schema 1: everything the page shows, as plain JSON. No words for people in it: rules, units and causes
 * are closed lists of codes. `null` means "no data" and never 0. Moments are ISO 8601 in UTC, spans are whole seconds.
 */
export interface DeliveryReport {
  readonly schema: 1;
  readonly generatedAt: string;
  /** IANA name: weeks and days begin by its clock. */
  readonly zone: string;
  readonly repository: ReportRepository;
  /** What reached back how far; what is older was left out. */
  readonly history: HistoryWindow;
  /** False: what people wrote (titles, scopes, reasons) was left out, and stands as null. */
  readonly titles: boolean;
  /** In the order of `delivery.yml`. */
  readonly environments: readonly EnvironmentReport[];
  /** Released versions that are known, newest first. */
  readonly releases: readonly ReleaseEntry[];
  /** Every change once, newest first; everything else names it by its commit. */
  readonly changes: readonly ChangeEntry[];
  /** What went live, newest first, all environments. */
  readonly deliveries: readonly DeliveryEntry[];
  /** What never went live (broken, withdrawn) or is not decided yet, newest first. */
  readonly attempts: readonly DeliveryEntry[];
  /** The newest versions on their way, newest first, at most 10 per component. */
  readonly journeys: readonly Journey[];
  readonly incidents: readonly Incident[];
}

export interface ReportRepository {
  readonly owner: string;
  readonly name: string;
  /** `https://github.com/acme/shop`. */
  readonly url: string;
  /** Where a person approves or starts a delivery. */
  readonly actionsUrl: string;
  /** Where the workflow of `deploy this one again` is started by hand. */
  readonly deployUrl: string;
  readonly visibility: 'public' | 'private';
}

export interface HistoryWindow {
  /** The first delivery or attempt known; null without any. */
  readonly from: string | null;
  readonly to: string;
  /** Whether nothing older exists at GitHub. */
  readonly complete: boolean;
  /** Versions whose changes were not read yet: the next report reads them. */
  readonly unread: number;
}

export interface EnvironmentReport {
  readonly name: string;
  readonly needs: readonly string[];
  readonly gate: 'approval' | 'none' | 'dispatch';
  /** No other environment needs this one: versions end here. */
  readonly last: boolean;
  /** One entry for each tag form seen (`v1.2.3`, `api/v1.2.3`), the configured one first. Never empty. */
  readonly lines: readonly Line[];
}

/** One component in one environment. */
export interface Line {
  /** `''` for the plain form; `api` for tags such as `api/v1.2.3`. */
  readonly component: string;
  readonly live: LiveEntry;
  /** A delivery under way now. */
  readonly open: OpenAttempt | null;
  /** What is released and not live here. Null where the environment needs no other, or no release is known. */
  readonly waiting: WaitingStock | null;
  /** 30 days first, then 90. */
  readonly windows: readonly MetricWindow[];
  /** Oldest first, up to the running one; weeks without a delivery are there. Empty without any delivery. */
  readonly weeks: readonly Week[];
}

export type LiveEntry =
  | {
      readonly kind: 'version';
      readonly version: string;
      readonly since: string;
      /** Id of the delivery. */
      readonly delivery: number;
      /** Where people find it. */
      readonly url: string | null;
      readonly approvedBy: readonly string[];
    }
  | { readonly kind: 'nothing' }
  /** A delivery broke after it touched the target, and nothing succeeded since. `version` is the one that broke. */
  | { readonly kind: 'unknown'; readonly version: string; readonly since: string; readonly delivery: number };

export interface OpenAttempt {
  readonly delivery: number;
  readonly version: string;
  readonly kind: DeliveryKind;
  readonly state: 'pending' | 'queued' | 'in_progress';
  readonly since: string;
  readonly runUrl: string;
}

/** Undelivered stock before an environment. */
export interface WaitingStock {
  /** The newest released version that is not live here; null when nothing waits. */
  readonly version: string | null;
  readonly releases: number;
  /** All changes that wait, those without details included. */
  readonly changes: number;
  /** Commits of the changes whose details are known, oldest first. */
  readonly commits: readonly string[];
  /** Names, the one with the most changes first. */
  readonly authors: readonly string[];
  /** Sum of the ages of the known changes, in days of 24 hours, one decimal. Null when none is known. */
  readonly changeDays: number | null;
  /** When the oldest known change was made. */
  readonly oldest: string | null;
  readonly oldestSeconds: number | null;
  /** A run that waits for a person; null when there is none, or it could not be seen. */
  readonly run: WaitingEntry | null;
}

export interface WaitingEntry {
  readonly version: string;
  /** The page with the button. */
  readonly url: string;
  /** Since the last environment it needs had proven it. */
  readonly since: string;
  readonly waitedSeconds: number;
}

export type DeliveryKind = 'deploy' | 'rollback' | 'rebuild';

/** The rule each number follows; the catalogues say it in words. */
export type MetricRule =
  | 'deployments'
  | 'lead-time'
  | 'since-merge'
  | 'change-fail-rate'
  | 'recovery-time'
  | 'rework-rate'
  | 'failed-attempts'
  | 'approval-wait'
  | 'unattended'
  | 'batch-size'
  | 'manual-touches';

export interface MetricWindow {
  readonly days: number;
  /** Included. */
  readonly from: string;
  /** Excluded. */
  readonly to: string;
  /** One figure for each rule, in the order of `MetricRule`. */
  readonly figures: readonly Figure[];
}

/** One number with everything it stands on. */
export interface Figure {
  readonly rule: MetricRule;
  readonly unit: 'per-day' | 'seconds' | 'share' | 'changes' | 'touches';
  /** A share is between 0 and 1. Spread figures repeat their median here. Null = no data. */
  readonly value: number | null;
  /** How many it was taken from: deliveries, changes, failures, attempts, as the rule says. */
  readonly n: number;
  /** Of a share: how many of the `n`. */
  readonly part: number | null;
  /** Of a spread: median and 90th percentile (nearest rank), and the least and the largest. */
  readonly median: number | null;
  readonly p90: number | null;
  /** `deployments`: on how many days. `recovery-time`: failures still open. Null elsewhere. */
  readonly extra: number | null;
  /** What is aimed at (`manual-touches`: 2); null elsewhere. */
  readonly target: number | null;
  /** The value of the period of the same length before; null = no data. */
  readonly before: number | null;
  /** Ids of the deliveries behind it, newest first; for a share those that make up `part`. */
  readonly deliveries: readonly number[];
}

export interface Week {
  /** ISO 8601, `2026-W28`. */
  readonly week: string;
  /** When it begins and ends by the clock of the zone; `to` is excluded. */
  readonly from: string;
  readonly to: string;
  readonly deployments: number;
  /** Of these, how many failed. */
  readonly failed: number;
  readonly attempts: number;
  readonly changes: number;
  /** Seconds; null in a week that delivered no change. */
  readonly leadMedian: number | null;
  readonly leadP90: number | null;
  /** Oldest first. */
  readonly deliveries: readonly number[];
}

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
  /** When work on it began: the first commit of its pull request, where that is known; else `date`. */
  readonly begunAt: string;
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
