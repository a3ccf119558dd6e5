import type { ChangeEntry, DeliveryEntry, DeliveryKind, Incident, Journey, ReleaseEntry } from './report-history.ts';

export type {
  ChangeEntry,
  DeliveryEntry,
  DeliveryKind,
  Failure,
  FailureCause,
  Incident,
  Journey,
  JourneyStep,
  ReleaseEntry
} from './report-history.ts';

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
  /** Changes within the windows whose pull requests have not told when work began: their lead times begin with the merge. */
  readonly unbegun: number;
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
  /** DORA's Quick Check, 0 to 10; null where one of its five figures is. Not a target, and not for comparing teams. */
  readonly quickCheck: QuickCheck | null;
}

export interface QuickCheck {
  readonly throughput: number;
  readonly stability: number;
  readonly overall: number;
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
  /** Of `deliveries`, how many failed. */
  readonly failed: number;
  readonly attempts: number;
  readonly changes: number;
  /** Seconds; null in a week that delivered no change. */
  readonly leadMedian: number | null;
  readonly leadP90: number | null;
  /** All that went live, those taken back again included; oldest first. */
  readonly deliveries: readonly number[];
}
