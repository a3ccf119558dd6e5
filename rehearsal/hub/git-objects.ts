import type { Git, GitObject } from './git.ts';

export interface Person {
  readonly name: string;
  readonly email: string;
  /** ISO 8601 in UTC. */
  readonly date: string;
}

export interface Commit {
  readonly sha: string;
  readonly tree: string;
  readonly parents: readonly string[];
  readonly author: Person;
  readonly committer: Person;
  readonly message: string;
}

export interface Tag {
  readonly sha: string;
  readonly object: string;
  readonly type: string;
  readonly name: string;
  readonly tagger: Person;
  readonly message: string;
}

const NOBODY: Person = { name: '', email: '', date: '1970-01-01T00:00:00Z' };

/** GitHub's form: whole seconds, `Z`. */
export const stamp = (date: Date): string => `${date.toISOString().slice(0, 19)}Z`;

const parsePerson = (text: string | undefined): Person => {
  const [, name = '', email = '', seconds = '0'] = /^(.*) <([^>]*)> (\d+) [+-]\d{4}$/.exec(text ?? '') ?? [];
  return text === undefined ? NOBODY : { name, email, date: stamp(new Date(Number(seconds) * 1000)) };
};

interface Parsed {
  readonly headers: ReadonlyMap<string, readonly string[]>;
  readonly message: string;
}

const parse = (object: GitObject): Parsed => {
  const text = object.content.toString('utf8');
  const end = text.indexOf('\n\n');
  const head = end < 0 ? text : text.slice(0, end);
  const headers = new Map<string, string[]>();
  for (const line of head.split('\n')) {
    const space = line.indexOf(' ');
    // continuation lines (signatures) begin with a space
    if (space > 0)
      headers.set(line.slice(0, space), [...(headers.get(line.slice(0, space)) ?? []), line.slice(space + 1)]);
  }
  return { headers, message: end < 0 ? '' : text.slice(end + 2) };
};

export const parseCommit = (object: GitObject): Commit => {
  const { headers, message } = parse(object);
  return {
    sha: object.oid,
    tree: headers.get('tree')?.[0] ?? '',
    parents: headers.get('parent') ?? [],
    author: parsePerson(headers.get('author')?.[0]),
    committer: parsePerson(headers.get('committer')?.[0]),
    message: message.replace(/\n$/, '')
  };
};

export const parseTag = (object: GitObject): Tag => {
  const { headers, message } = parse(object);
  return {
    sha: object.oid,
    object: headers.get('object')?.[0] ?? '',
    type: headers.get('type')?.[0] ?? '',
    name: headers.get('tag')?.[0] ?? '',
    tagger: parsePerson(headers.get('tagger')?.[0]),
    message
  };
};

/** The object a ref points at, as a reader sees it who may be shown the past. */
export const readRef = async (
  git: Git,
  name: string,
  past: ReadonlyMap<string, string | undefined>
): Promise<GitObject | undefined> => {
  if (!past.has(name)) return git.read(name);
  const before = past.get(name);
  return before === undefined ? undefined : git.read(before);
};

/** Follows annotated tags down to the commit. */
export const peel = async (git: Git, object: GitObject | undefined): Promise<Commit | undefined> => {
  let current = object;
  while (current?.type === 'tag') current = await git.read(parseTag(current).object);
  return current?.type === 'commit' ? parseCommit(current) : undefined;
};

export interface ResolvedCommit {
  readonly commit: Commit;
  /** The full name when a branch or a tag was meant. */
  readonly ref?: string;
}

/** What GitHub takes for a `ref`: a branch, a tag, a full ref name or a full SHA. */
export const resolveCommit = async (
  git: Git,
  text: string,
  past: ReadonlyMap<string, string | undefined>
): Promise<ResolvedCommit | undefined> => {
  if (/^[0-9a-f]{40}$/.test(text)) {
    const commit = await peel(git, await git.read(text));
    return commit === undefined ? undefined : { commit };
  }
  for (const name of text.startsWith('refs/') ? [text] : [`refs/heads/${text}`, `refs/tags/${text}`]) {
    const commit = await peel(git, await readRef(git, name, past));
    if (commit !== undefined) return { commit, ref: name };
  }
  return undefined;
};
