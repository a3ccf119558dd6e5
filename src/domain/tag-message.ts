import type { Version } from './version.ts';

/**
 * What the annotated tag says about its release. The tag cannot be moved once it is there, so this is the anchor:
 * tag -> `release.json` -> archive. It also holds what a decision needs, so that deciding downloads nothing.
 */
export interface TagNote {
  /** Hex sha256 of `release.json`. */
  readonly manifestSha256: string;
  /** Hex sha256 of the uncompressed tar: the digest of the version. */
  readonly tarSha256: string;
  /** How many changes the version has against the one before it. */
  readonly changes: number;
}

const MANIFEST = /^release\.json sha256:([0-9a-f]{64})$/m;
const TAR = /^archive\.tar sha256:([0-9a-f]{64})$/m;
const CHANGES = /^changes (\d{1,9})$/m;

export const tagMessage = (version: Version, note: TagNote): string =>
  [
    `Version ${version}`,
    '',
    `release.json sha256:${note.manifestSha256}`,
    `archive.tar sha256:${note.tarSha256}`,
    `changes ${note.changes}`,
    ''
  ].join('\n');

/** Undefined when the tag was not written by `release`: such a tag is no release of ours. */
export const readTagMessage = (message: string): TagNote | undefined => {
  const [manifest, tar, changes] = [MANIFEST.exec(message), TAR.exec(message), CHANGES.exec(message)];
  const [manifestSha256, tarSha256] = [manifest?.[1], tar?.[1]];
  if (manifestSha256 === undefined || tarSha256 === undefined) return undefined;
  return { manifestSha256, tarSha256, changes: Number(changes?.[1] ?? 0) };
};
