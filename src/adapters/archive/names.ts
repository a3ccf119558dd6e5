import { posix } from 'node:path';

/** What a tree delivers before its bytes are known: the names, and for links where they point. */
export interface NamedEntry {
  readonly path: string;
  /** The target text of a symbolic link. */
  readonly target?: string;
}

const LIMIT_PATH = 4096;
const LIMIT_PART = 255;
const CONTROL = /[\p{Cc}\p{Zl}\p{Zp}\ufffd]|\p{Cs}/u;
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
/** Git's own directory in every spelling a file system may fold into it: case, trailing dots, short name, ignorables. */
const GIT = /^(?:\.git[. ]*|git~1)$/;
const WINDOWS = /[<>:"|?*]|[. ]$|^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

const ASCII = /^\p{ASCII}*$/u;

/** UTF-8 byte order as a string order: for names beyond ASCII, one character per byte. */
export const byteOrder = (path: string): string => (ASCII.test(path) ? path : Buffer.from(path).toString('latin1'));

/** A name as it may stand in a message: nothing in it that moves the cursor or hides. */
export const printable = (name: string): string =>
  name.replace(INVISIBLE, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);

/** Equal for two names that some file system (no case, any Unicode normal form) takes for one. */
const folded = (path: string): string =>
  ASCII.test(path) ? path.toLowerCase() : path.normalize('NFKC').toUpperCase().toLowerCase().normalize('NFKC');

export const isGit = (part: string): boolean => GIT.test(folded(part.replace(INVISIBLE, '')));

const unsafePart = (part: string): boolean =>
  part === '' || part === '.' || part === '..' || Buffer.byteLength(part) > LIMIT_PART || isGit(part);

/**
 * Whether a path may not be delivered at all: absolute, with a drive or a backslash, with `.` or `..` or nothing between
 * slashes, into `.git`, longer than file systems take, not UTF-8, or with control characters.
 */
export const unsafePath = (path: string, platform: NodeJS.Platform = process.platform): boolean => {
  const parts = path.split('/');
  return (
    path.includes('\\') ||
    /^[a-z]:/i.test(path) ||
    CONTROL.test(path) ||
    Buffer.byteLength(path) > LIMIT_PATH ||
    parts.some(unsafePart) ||
    (platform === 'win32' && parts.some((part) => WINDOWS.test(part)))
  );
};

/**
 * Whether a link may point outside the tree. Only the form `../../a/b` is taken, with no `..` after a name: there
 * another link could stand, and `link/..` is not where it looks. Then no chain of such links leaves the tree either.
 */
export const unsafeLink = (path: string, target: string): boolean => {
  if (target === '' || target.includes('\\') || CONTROL.test(target) || posix.isAbsolute(target)) return true;
  if (/^[a-z]:/i.test(target) || Buffer.byteLength(target) > LIMIT_PATH) return true;
  const parts = target.split('/');
  const inward = parts.findIndex((part) => part !== '..');
  const ups = inward === -1 ? parts.length : inward;
  return ups > path.split('/').length - 1 || parts.slice(ups).includes('..');
};

/** Names of which one file system could keep only one, as `a = b`; and files below a file or a link, as `a/b = a`. */
export const collisions = (paths: readonly string[]): readonly string[] => {
  const owners = new Map<string, string>();
  const found: string[] = [];
  for (const path of paths) {
    const key = folded(path);
    const other = owners.get(key);
    if (other === undefined) owners.set(key, path);
    else found.push(`${printable(path)} = ${printable(other)}`);
  }
  const clear = new Set<string>();
  for (const [key, path] of owners) {
    const blocker = fileAbove(key, { owners, clear });
    if (blocker !== undefined) found.push(`${printable(path)} = ${printable(blocker)}`);
  }
  return found;
};

/** `clear` remembers the directories already looked at, so that a deep tree costs no more than its directories. */
const fileAbove = (
  key: string,
  seen: { readonly owners: ReadonlyMap<string, string>; readonly clear: Set<string> }
): string | undefined => {
  const passed: string[] = [];
  for (let end = key.lastIndexOf('/'); end > 0; end = key.lastIndexOf('/', end - 1)) {
    const folder = key.slice(0, end);
    if (seen.clear.has(folder)) break;
    const owner = seen.owners.get(folder);
    if (owner !== undefined) return owner;
    passed.push(folder);
  }
  for (const folder of passed) seen.clear.add(folder);
  return undefined;
};

/** What may not travel in either direction, ready to print. `a -> b` is a link, `a = b` two names for one place. */
export const unsafeEntries = (entries: readonly NamedEntry[]): readonly string[] => [
  ...entries.flatMap(({ path, target }) => {
    if (unsafePath(path)) return [printable(path)];
    return target !== undefined && unsafeLink(path, target) ? [`${printable(path)} -> ${printable(target)}`] : [];
  }),
  ...collisions(entries.map(({ path }) => path))
];

const SHOWN = 20;

/** A list for a sentence: the first twenty, and how many more. */
export const listed = (names: readonly string[]): string =>
  names.slice(0, SHOWN).join(', ') + (names.length > SHOWN ? `, ... (+${names.length - SHOWN})` : '');
