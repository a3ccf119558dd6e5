/** What a commit message says, as far as delivery cares. Total: any text gives an answer, in time linear in its length. */
export interface Message {
  /** Conventional type in lower case, or `other`. */
  readonly type: string;
  readonly scope?: string;
  /** One line; without the type, the scope and the number of the pull request. */
  readonly subject: string;
  readonly breaking: boolean;
  readonly pull?: number;
  /** Commits it takes back, as named: whole or abbreviated. */
  readonly reverts: readonly string[];
  /** A pull request it takes back (`Reverts owner/name#12`). */
  readonly revertsPull?: number;
  /** The value of its last `Release-As` footer, whatever it says. */
  readonly releaseAs?: string;
}

/** Characters of a header that are read; the rest is dropped. */
export const HEADER_LIMIT = 1024;

// Each expression below is anchored, without nested repetition, and sees one line of at most HEADER_LIMIT characters.
const HEADER = /^([a-z][a-z0-9-]{0,31})(?:\(([^()]*)\))?(!)?: +(\S.*)$/i;
const SQUASHED = /^(.*\S) *\(#(\d{1,9})\)$/;
const MERGED = /^Merge pull request #(\d{1,9}) from \S/;
const REVERT_HEADER = /^Revert "/;
const BREAKING = /^BREAKING[ -]CHANGE:/;
const RELEASE_AS = /^release-as: *(.*)$/i;
const REVERTS = /^This reverts commit ([0-9a-f]{7,64})\b/;
const REVERTS_PULL = /^Reverts (?:[\w.-]+\/[\w.-]+)?#(\d{1,9})$/;

/** Cuts without leaving half a character behind. */
const cut = (line: string): string => {
  const short = line.slice(0, HEADER_LIMIT);
  return short.length < line.length && /[\uD800-\uDBFF]$/.test(short) ? short.slice(0, -1) : short;
};

/** Every line, cut, without its line break; CRLF and lone CR are line breaks too. */
const linesOf = (text: string): readonly string[] => text.split(/\r\n|\r|\n/).map((line) => cut(line).trimEnd());

const parts = (message: string): { readonly header: string; readonly body: readonly string[] } => {
  const text = message.trimStart();
  const end = text.search(/[\r\n]/);
  if (end < 0) return { header: cut(text).trimEnd(), body: [] };
  return { header: cut(text.slice(0, end)).trimEnd(), body: linesOf(text.slice(end)) };
};

interface Header {
  readonly type: string;
  readonly scope?: string;
  readonly subject: string;
  readonly breaking: boolean;
  readonly pull?: number;
}

const withoutPull = (text: string): { readonly text: string; readonly pull?: number } => {
  const [, rest, number] = SQUASHED.exec(text) ?? [];
  return rest === undefined ? { text } : { text: rest, pull: Number(number) };
};

const parseHeader = (line: string): Header => {
  const { text, pull } = withoutPull(line);
  const [, type, scope, mark, subject] = HEADER.exec(text) ?? [];
  const number = pull === undefined ? {} : { pull };
  if (type === undefined || subject === undefined)
    return { type: REVERT_HEADER.test(text) ? 'revert' : 'other', subject: text, breaking: false, ...number };
  const named = scope === undefined || scope.trim() === '' ? {} : { scope: scope.trim() };
  return { type: type.toLowerCase(), ...named, subject, breaking: mark !== undefined, ...number };
};

/** GitHub's merge message has the title of the pull request below its own header. */
const parseMerge = (header: string, body: readonly string[]): Header | undefined => {
  const [, number] = MERGED.exec(header) ?? [];
  if (number === undefined) return undefined;
  const title = body.find((line) => line !== '') ?? header;
  return { type: 'other', subject: title, breaking: false, pull: Number(number) };
};

type Footers = Pick<Message, 'reverts' | 'revertsPull' | 'releaseAs'> & { readonly breaking: boolean };

const parseBody = (body: readonly string[], revertHeader: boolean): Footers => {
  const reverts: string[] = [];
  let breaking = false;
  let more: { revertsPull?: number; releaseAs?: string } = {};
  for (const line of body) {
    breaking ||= BREAKING.test(line);
    const [, reverted] = REVERTS.exec(line) ?? [];
    if (reverted !== undefined) reverts.push(reverted);
    const [, pull] = (revertHeader ? REVERTS_PULL.exec(line) : null) ?? [];
    if (pull !== undefined) more = { ...more, revertsPull: Number(pull) };
    const [, releaseAs] = RELEASE_AS.exec(line) ?? [];
    if (releaseAs !== undefined) more = { ...more, releaseAs: releaseAs.trim() };
  }
  return { breaking, reverts, ...more };
};

/**
 * Reads a message by Conventional Commits 1.0.0 (https://www.conventionalcommits.org/en/v1.0.0/): types in any case,
 * `!` and `BREAKING CHANGE:` / `BREAKING-CHANGE:` footers, which must be upper case. A text without a valid header is
 * of type `other`; one that git wrote for `git revert` is of type `revert`.
 */
export const parseMessage = (message: string): Message => {
  const { header, body } = parts(message);
  const parsed = parseMerge(header, body) ?? parseHeader(header);
  const footers = parseBody(body, REVERT_HEADER.test(header));
  return { ...parsed, ...footers, breaking: parsed.breaking || footers.breaking };
};
