import type { Change } from './change.ts';
import type { DeploymentRecord } from './deployment.ts';
import type { Version } from './version.ts';

/** A pull request or an issue, as far as it can be told of a delivery. */
export interface Conversation {
  readonly number: number;
  readonly kind: 'pull' | 'issue';
  /** Always true of an issue. */
  readonly merged: boolean;
  readonly labels: readonly string[];
  /** Issues of this repository that the merge of a pull request closes. */
  readonly closes: readonly number[];
  /** Our own comments that bear the marker, oldest first; one is right, none is not yet, more are doubles. */
  readonly ours: readonly { readonly id: number; readonly body: string }[];
}

/** Where a message goes; the address stands in a variable of the step, for it is a secret. */
export interface Channel {
  readonly kind: 'slack' | 'teams' | 'webhook';
  readonly variable: string;
}

/** How a message went. Problems hold nothing of the address. */
export type Posted =
  | { readonly kind: 'sent' }
  /** `unsent`: the receiver surely has not taken it. */
  | { readonly kind: 'failed'; readonly problem: string; readonly unsent: boolean };

/** Whether a version's changes are in an environment, by its records alone. */
export type Presence =
  /** `since` is absent where the records we see do not reach back so far. */
  | { readonly kind: 'there'; readonly by: Version; readonly since?: string }
  | { readonly kind: 'taken-back'; readonly by: Version; readonly since: string };

/** What a comment says of one environment. */
export interface PresenceRow {
  readonly environment: string;
  readonly url?: string;
  readonly presence: Presence;
}

export interface CommentText {
  /** The first release that holds the change. */
  readonly version: Version;
  readonly releaseUrl: string;
  readonly rows: readonly PresenceRow[];
}

/** What happened to an environment, as the records tell it. */
export interface News {
  readonly environment: string;
  readonly environmentUrl?: string;
  readonly record: DeploymentRecord;
  readonly event: 'delivered' | 'rolled-back';
  /** What stood there before, also when it had broken. */
  readonly from?: Version;
  readonly releaseUrl?: string;
  /** What came or, after a rollback, went. */
  readonly changes: readonly Change[];
}
