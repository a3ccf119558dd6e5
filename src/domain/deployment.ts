import type { Version } from './version.ts';

export type Kind = 'deploy' | 'rollback' | 'rebuild';

/** The states of a GitHub deployment that we write. `pending` is a record nobody has written a status to. */
export type RecordState = 'pending' | 'queued' | 'in_progress' | 'success' | 'failure' | 'error' | 'inactive';

/** One attempt of one run. */
export interface RunAttempt {
  readonly id: number;
  readonly attempt: number;
}

export interface Run extends RunAttempt {
  readonly url: string;
}

/** What Esteira writes into the `payload` of a deployment, schema 1. */
export interface Payload {
  readonly schema: 1;
  readonly version: Version;
  readonly tag: string;
  readonly digest: string;
  readonly kind: Kind;
  readonly previous: Version | null;
  readonly reason: string | null;
  readonly override: readonly string[];
  readonly requestedBy: string;
  readonly approvedBy: readonly string[];
  readonly run: Run;
  /** How many changes this delivery ships against what was live. */
  readonly changes: number;
  /** Human acts it took: choosing the version and pressing the button make two. */
  readonly manualTouches: number;
}

/** One of OUR records: `task: deploy` with a payload that parses. Any other deployment is not history of ours. */
export interface DeploymentRecord {
  readonly id: number;
  readonly environment: string;
  readonly commit: string;
  readonly state: RecordState;
  /** ISO 8601 in UTC. */
  readonly createdAt: string;
  /** When it became `in_progress`: from here on the target may have been touched. */
  readonly startedAt?: string;
  readonly succeededAt?: string;
  /** When a later record (or a person) made it inactive or failed it. */
  readonly endedAt?: string;
  readonly url?: string;
  readonly payload: Payload;
}

/** What runs in an environment, as far as the records prove it (promise R2). */
export type Live =
  | { readonly kind: 'version'; readonly record: DeploymentRecord }
  | { readonly kind: 'nothing' }
  /** A deployment broke after touching the target and nothing succeeded since. */
  | { readonly kind: 'unknown'; readonly record: DeploymentRecord };
