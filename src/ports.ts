import type { DeploymentRecord, Payload, RecordState } from './domain/deployment.ts';
import type { HistoryAnswer } from './domain/history.ts';
import type { Approval, Protection, Stop } from './domain/environment.ts';
import type { AtGates, Waiting } from './domain/proposal.ts';
import type { Archive, HttpCheck, Image, PackedFile, PublishedRelease } from './domain/release.ts';
import type { TagNote } from './domain/tag-message.ts';
import type { TagForm, Version } from './domain/version.ts';
import type { OutputName } from './contract.ts';
import type { Announcing, Webhooks } from './ports/announcing.ts';
import type { KeptFiles, Ledgers } from './ports/ledger.ts';
import type { Previews } from './ports/previews.ts';
import type { Phases } from './ports/phases.ts';
import type { Settings } from './ports/settings.ts';

export type { PublishedRelease } from './domain/release.ts';

/** What the rest of the world does for us, in our words. Adapters implement it; tests bring fakes that behave. */
export interface Ports {
  readonly hosting: Hosting;
  readonly history: History;
  readonly archives: Archives;
  readonly images: Images;
  readonly shell: Shell;
  readonly probe: Probe;
  readonly webhooks: Webhooks;
  readonly clock: Clock;
  readonly phases: Phases;
  readonly console: Console;
  /** Aborted when the run is cancelled; everything that waits listens to it. */
  readonly signal: AbortSignal;
}

/** GitHub: records, releases, runs. Every method throws `Refusal` (`permission-missing`, `hosting-failed`, `phase-timeout`). */
export interface Hosting extends Records, Releases, Runs, Settings, Announcing, Ledgers, KeptFiles, Previews {}

export interface FactsQuestion {
  readonly environments: readonly string[];
  /** A tag whose release is wanted even when it is not among the newest. */
  readonly tag?: string;
}

/** Everything decisions need that only GitHub knows; gathered by one GraphQL query. */
export interface HostingFacts {
  /** Our records of each environment asked for, newest (highest id) first. Keys are lower-case names. */
  readonly records: ReadonlyMap<string, readonly DeploymentRecord[]>;
  /** Published releases (drafts left out), newest first, at most 30; plus the one of `tag` when it exists. */
  readonly releases: readonly PublishedRelease[];
  readonly stops: readonly Stop[];
}

export interface NewRecord {
  readonly environment: string;
  readonly commit: string;
  readonly production: boolean;
  readonly description: string;
  readonly payload: Payload;
}

export interface StatusUpdate {
  readonly state: Exclude<RecordState, 'pending'>;
  /** Cut to the platform's 140 characters by the adapter. */
  readonly description: string;
  readonly environmentUrl?: string;
  readonly logUrl?: string;
}

export interface Records {
  facts(question: FactsQuestion): Promise<HostingFacts>;
  /** The new record's id. Refuses (`hosting-failed`) when GitHub filed it at another commit. */
  createRecord(record: NewRecord): Promise<number>;
  setStatus(record: number, update: StatusUpdate): Promise<void>;
  /** What the record says now, asked by its number: the lists of `facts` may lag behind. */
  recordState(record: number): Promise<RecordState>;
  /** The link of the issue opened, or undefined when the token may not open issues. */
  openStop(stop: { readonly title: string; readonly body: string }): Promise<string | undefined>;
}

export interface Asset {
  readonly id: number;
  readonly name: string;
  readonly size: number;
  /** Hex sha256 as GitHub computed it; absent on servers that do not. */
  readonly sha256?: string;
}

/** A release as the `release` command needs it: drafts included, assets listed. */
export interface ReleaseState {
  readonly tag?: { readonly commit: string; readonly note?: TagNote };
  readonly release?: {
    readonly id: number;
    readonly draft: boolean;
    readonly url: string;
    readonly assets: readonly Asset[];
  };
}

export interface Upload {
  readonly release: number;
  readonly name: string;
  readonly file: string;
  readonly size: number;
}

export interface Releases {
  releaseState(tag: string): Promise<ReleaseState>;
  /** `exists` when somebody else created the tag first: read again and compare. */
  createTag(tag: {
    readonly name: string;
    readonly commit: string;
    readonly message: string;
    readonly date: string;
  }): Promise<'created' | 'exists'>;
  /** The draft of the tag; the one somebody else made, when there was one before ours. */
  createDraft(draft: {
    readonly tag: string;
    readonly commit: string;
    readonly name: string;
    readonly body: string;
  }): Promise<NonNullable<ReleaseState['release']>>;
  uploadAsset(upload: Upload): Promise<Asset>;
  deleteAsset(asset: number): Promise<void>;
  /** Publishes as a pre-release; the link people follow. */
  publish(release: number): Promise<string>;
  assets(release: number): Promise<readonly Asset[]>;
  /** Streams the asset into `file`; hex sha256 and size of what arrived. */
  download(asset: number, file: string): Promise<{ readonly sha256: string; readonly size: number }>;
}

export interface Runs {
  /** Reviews of this run's gates, oldest first. */
  approvals(run: number): Promise<readonly Approval[]>;
  protection(environment: string): Promise<Protection>;
  /** `over` only when GitHub says the run ended or never was, or that a later attempt than the one asked for has begun. */
  runState(run: number, attempt?: number): Promise<'live' | 'over'>;
  visibility(): Promise<'public' | 'private'>;
  /** The runs of this run's workflow that GitHub counts as waiting for a gate, newest first, at most 100. */
  waiting(run: number): Promise<Waiting>;
  atGates(run: number): Promise<AtGates>;
  /** `over` when it had ended before. */
  cancelRun(run: number): Promise<'cancelled' | 'over'>;
}

export type { HistoryAnswer, NewerVersion } from './domain/history.ts';

export interface HistoryQuestion {
  readonly form: TagForm;
  /** Pathspecs of the component; empty = everything. */
  readonly paths: readonly string[];
  /** Whether a version text belongs to the scheme (`calver` takes only plausible years). */
  readonly accepts: (version: Version) => boolean;
}

export interface History {
  read(question: HistoryQuestion): Promise<HistoryAnswer>;
  /** Paths of the tracked files at HEAD, in bytewise order. */
  tracked(): Promise<readonly string[]>;
}

export interface PackOrder {
  readonly root: string;
  /** Globs below `root`, or `tracked` paths when the patterns are empty. */
  readonly patterns: readonly string[];
  readonly tracked: readonly string[];
  /** ISO 8601: the modification time of every entry. */
  readonly date: string;
  /** The compressed file to write. */
  readonly output: string;
}

export interface Packed {
  readonly archive: Archive;
  readonly files: readonly PackedFile[];
}

export interface Archives {
  /** Throws `files-missing` or `files-forbidden`. */
  pack(order: PackOrder): Promise<Packed>;
  /** Unpacks into the empty directory `into`, checking the tar and every file; throws `digest-mismatch`, `files-forbidden`. */
  unpack(order: {
    readonly file: string;
    readonly into: string;
    readonly archive: Archive;
    readonly files: readonly PackedFile[];
  }): Promise<void>;
}

export interface Images {
  /** The digest the registry serves for `name:tag`; throws `image-missing` or `registry-failed`. */
  resolve(name: string, tag: string): Promise<Image>;
  /** Puts the manifest of `image` under another tag, byte for byte, without pulling layers. */
  tag(image: Image, tag: string): Promise<void>;
}

export interface ShellTask {
  /** What the log calls it: `build`, `deploy`, `verify`, `up`, `down`. */
  readonly label: string;
  readonly script: string;
  readonly directory: string;
  /** Added to the scrubbed environment of the step. */
  readonly variables: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
}

export interface ShellResult {
  readonly ending:
    | { readonly kind: 'exited'; readonly code: number }
    | { readonly kind: 'timed-out'; readonly seconds: number }
    | { readonly kind: 'cancelled' };
  /** What it wrote to `$DELIVERY_OUTPUT`; only known keys. */
  readonly url?: string;
  readonly note?: string;
}

export interface Shell {
  /** Runs the script in its own process group; when this returns, no process of the group is left. */
  run(task: ShellTask): Promise<ShellResult>;
}

export type ProbeResult =
  | { readonly kind: 'answer'; readonly status: number; readonly contains: boolean }
  | { readonly kind: 'no-answer'; readonly problem: string };

export interface Probe {
  /** One request of a health check, its placeholders already filled in. */
  get(check: Pick<HttpCheck, 'url' | 'contains' | 'private'>, timeoutSeconds: number): Promise<ProbeResult>;
}

export interface Clock {
  now(): Date;
  /** Resolves early, without throwing, when the run is cancelled. */
  sleep(seconds: number): Promise<void>;
  /** Monotonic seconds. */
  elapsed(): number;
}

/** What people and later steps read. Every text is made inert: no workflow command in it takes effect. */
export interface Console {
  info(text: string): void;
  notice(text: string): void;
  warning(text: string): void;
  error(text: string): void;
  group<T>(title: string, work: () => Promise<T>): Promise<T>;
  output(name: OutputName, value: string): void;
  /** Appends Markdown to the job summary, cut to the platform's limit. */
  summary(markdown: string): void;
}
