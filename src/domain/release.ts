import type { Change } from './change.ts';
import type { TagNote } from './tag-message.ts';
import type { Version } from './version.ts';

/** A packed file. Modes are git's: regular, executable, symbolic link. */
export interface PackedFile {
  readonly path: string;
  readonly size: number;
  /** Hex sha256 of the bytes; of the target text for a link. */
  readonly sha256: string;
  readonly mode: '100644' | '100755' | '120000';
}

export interface Archive {
  readonly name: string;
  /** Bytes of the compressed file, and its hex sha256. */
  readonly size: number;
  readonly sha256: string;
  /** The anchor: hex sha256 of the uncompressed tar. Compressors differ between versions, the tar does not. */
  readonly tarSha256: string;
}

export interface Image {
  readonly name: string;
  /** `sha256:` and 64 hex digits. */
  readonly digest: string;
}

export interface HttpCheck {
  /** May hold `{environment}` and `{version}`. */
  readonly url: string;
  readonly status: number;
  readonly contains?: string;
  /** How many times in a row. */
  readonly successes: number;
  /** Whether the address may lead to this machine or the networks behind it; absent: it may not. */
  readonly private?: boolean;
}

export interface VerifyProcess {
  readonly run?: string;
  readonly http?: HttpCheck;
  readonly withinSeconds: number;
}

/** How this version is deployed and verified: its own procedure, which a rollback to it runs again. */
export interface Process {
  readonly deploy?: { readonly run: string; readonly timeoutSeconds: number };
  readonly verify?: VerifyProcess;
}

/** `release.json`, schema 1: written once by `build`; its sha256 stands in the tag's message. */
export interface ReleaseManifest {
  readonly schema: 1;
  readonly version: Version;
  readonly tag: string;
  readonly commit: string;
  readonly previous: Version | null;
  /** ISO 8601 in UTC: the commit's date, so that building a commit again gives the same document. */
  readonly created: string;
  readonly changes: readonly Change[];
  readonly archive: Archive;
  readonly files: readonly PackedFile[];
  readonly images: readonly Image[];
  readonly process: Process;
  readonly builder: { readonly repository: string; readonly run: number; readonly workflow: string };
}

export const MANIFEST_NAME = 'release.json';

/** The digest people and records use for a version: that of its tar. */
export const digestOf = (archive: Archive): string => `sha256:${archive.tarSha256}`;

/** A release as GitHub shows it, its tag read. */
export interface PublishedRelease {
  readonly id: number;
  readonly tag: string;
  /** The commit the tag points at, annotated or not. */
  readonly commit: string;
  readonly prerelease: boolean;
  /** What GitHub calls the latest one. */
  readonly latest?: true;
  readonly url: string;
  /** What our annotated tag says. Absent: not a release of ours. */
  readonly note?: TagNote;
}
