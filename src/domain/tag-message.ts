import type { Change } from './change.ts';
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

/** What `release.json` says of its changes, all of them, in the tag as well. */
export interface TagChanges {
  readonly version: Version;
  readonly previous: Version | null;
  readonly changes: readonly Change[];
}

/**
 * The most changes that a tag carries, and the most bytes of their lines. The facts of a delivery hold 30 such messages,
 * a page of releases 100: at most a quarter of a MiB and 0.8 MiB, for what is 1 KiB in a release of few changes.
 */
export const MOST_CARRIED = 20;
export const MOST_CARRIED_BYTES = 8192;

const MANIFEST = /^release\.json sha256:([0-9a-f]{64})$/m;
const TAR = /^archive\.tar sha256:([0-9a-f]{64})$/m;
const CHANGES = /^changes (\d{1,9})$/m;

/** Whatever is no visible character, half a character or a line break to somebody: JSON has an escape for each. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cn}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/gu;

const escaped = (text: string): string =>
  Array.from({ length: text.length }, (_, at) => `\\u${text.charCodeAt(at).toString(16).padStart(4, '0')}`).join('');

/** On one line, whatever was written: what a person looks for stands first. */
const lineOf = ({ type, scope, subject, breaking, author, ...rest }: Change): string => {
  const { commit, ...dated } = rest;
  const told = { type, ...(scope === undefined ? {} : { scope }), subject, breaking, author, ...dated, commit };
  return `change ${JSON.stringify(told).replaceAll(UNSEEN, escaped)}`;
};

/** The lines of all changes; none where they are too many or too long: who needs them reads `release.json`. */
const linesOf = (changes: readonly Change[]): readonly string[] => {
  if (changes.length > MOST_CARRIED) return [];
  const lines = changes.map(lineOf);
  const bytes = new TextEncoder().encode(lines.join('\n')).length;
  return bytes > MOST_CARRIED_BYTES ? [] : lines;
};

/** Without `told` it says nothing of the changes but how many there are. */
export const tagMessage = (version: Version, note: TagNote, told?: Omit<TagChanges, 'version'>): string => {
  const lines = told === undefined ? [] : linesOf(told.changes);
  return [
    `Version ${version}`,
    '',
    `release.json sha256:${note.manifestSha256}`,
    `archive.tar sha256:${note.tarSha256}`,
    `changes ${note.changes}`,
    ...(told === undefined ? [] : [`previous ${told.previous ?? 'none'}`]),
    ...(lines.length > 0 ? ['', ...lines] : []),
    ''
  ].join('\n');
};

/** Undefined when the tag was not written by `release`: such a tag is no release of ours. */
export const readTagMessage = (message: string): TagNote | undefined => {
  const [manifest, tar, changes] = [MANIFEST.exec(message), TAR.exec(message), CHANGES.exec(message)];
  const [manifestSha256, tarSha256] = [manifest?.[1], tar?.[1]];
  if (manifestSha256 === undefined || tarSha256 === undefined) return undefined;
  return { manifestSha256, tarSha256, changes: Number(changes?.[1] ?? 0) };
};
