import type { Language, Overridable } from '../contract.ts';
import type { Version } from './version.ts';

/** Which version a person or workflow asked for. */
export type Wanted =
  | { readonly kind: 'exact'; readonly version: Version }
  | { readonly kind: 'latest' }
  | { readonly kind: 'previous' };

interface Common {
  /** Path of `delivery.yml`, relative to the workspace. */
  readonly config: string;
  readonly language?: Language;
}

interface Delivering extends Common {
  readonly environment: string;
  readonly wanted: Wanted;
  readonly reason?: string;
  readonly override: readonly Overridable[];
  readonly dryRun: boolean;
}

export interface DeliverCommand extends Delivering {
  readonly name: 'deploy' | 'rollback';
}

export interface ProposeCommand extends Delivering {
  readonly name: 'propose';
}

export interface AnnounceCommand extends Common {
  readonly name: 'announce';
  /** Absent: the environments that no other one needs. */
  readonly environment?: string;
  readonly dryRun: boolean;
}

export interface DoctorCommand extends Common {
  readonly name: 'doctor';
  readonly environment?: string;
}

export interface ReportCommand extends Common {
  readonly name: 'report';
  readonly outputDir: string;
}

export interface PreviewCommand extends Common {
  readonly name: 'up' | 'down';
  /** Absent: the one of the event; to take down, all that nobody wants any more where the event has none. */
  readonly pull?: number;
  /** Instead of what `delivery.yml` says; `up` only. */
  readonly expiresSeconds?: number;
  readonly dryRun: boolean;
}

/** What the step was asked to do; every input checked. */
export type Command =
  | (Common & { readonly name: 'plan'; readonly environment?: string })
  | AnnounceCommand
  | DoctorCommand
  | (Common & { readonly name: 'build' | 'release'; readonly outputDir: string; readonly dryRun: boolean })
  | ReportCommand
  | PreviewCommand
  | ProposeCommand
  | DeliverCommand
  | (Common & { readonly name: 'verify'; readonly environment: string });

/** Where and for whom the step runs; read from the runner's variables at the edge. */
export interface Surroundings {
  readonly repository: { readonly owner: string; readonly name: string };
  readonly run: { readonly id: number; readonly attempt: number; readonly url: string; readonly workflow: string };
  readonly actor: string;
  /** `push`, `workflow_dispatch`, ... */
  readonly event: string;
  /** The branch the run is of; absent for tags and pull requests. */
  readonly branch?: string;
  /** Where the runner wrote down what happened; absent where it did not. */
  readonly eventFile?: string;
  readonly serverUrl: string;
  readonly apiUrl: string;
  readonly graphqlUrl: string;
  readonly workspace: string;
  /** A directory of this job that we may fill. */
  readonly temporary: string;
}
