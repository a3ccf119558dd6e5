import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ENVIRONMENT = {
  PATH: process.env['PATH'] ?? '',
  HOME: '/nonexistent',
  LC_ALL: 'C',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'Ana',
  GIT_AUTHOR_EMAIL: 'ana@example.com',
  GIT_COMMITTER_NAME: 'Ana',
  GIT_COMMITTER_EMAIL: 'ana@example.com',
  GIT_COMMITTER_DATE: '2026-11-24T10:00:00Z',
  GIT_AUTHOR_DATE: '2026-11-24T10:00:00Z'
};

export const environment: Readonly<Record<string, string>> = ENVIRONMENT;

export const git = (directory: string, args: readonly string[], input = ''): string =>
  execFileSync('git', args, {
    cwd: directory,
    env: ENVIRONMENT,
    input,
    encoding: 'utf8',
    stdio: ['pipe', 'pipe', 'pipe']
  });

/** Small, seeded and the same everywhere (mulberry32). */
export const randomness = (seed: number): ((below: number) => number) => {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
};

export interface Node {
  readonly parents: readonly number[];
  /** Seconds since 1970. */
  readonly when: number;
  readonly files: ReadonlyMap<string, string>;
  readonly message: string;
}

export interface Graph {
  readonly nodes: readonly Node[];
  /** Tag name to node; the annotated ones are listed apart. */
  readonly tags: ReadonlyMap<string, number>;
  readonly annotated: ReadonlySet<string>;
}

export interface Shape {
  readonly commits: number;
  /** Percentages. */
  readonly merges: number;
  readonly tagged: number;
  readonly skewed?: number;
}

const SUBJECTS = ['fix: a', 'feat: b', 'docs: c', 'feat(x)!: d', 'words', 'Merge pull request #3 from a/b\n\nT'];

/** A graph with side lines, merges of two and three, unrelated roots, and tags of rising and of stray versions. */
export const randomGraph = (seed: number, shape: Shape): Graph => {
  const random = randomness(seed);
  const nodes: Node[] = [];
  const tags = new Map<string, number>();
  const annotated = new Set<string>();
  for (let index = 0; index < shape.commits; index += 1) {
    const near = () => Math.max(0, index - 1 - random(random(4) === 0 ? 12 : 3));
    const parents = new Set<number>();
    if (index > 0 && random(40) > 0) parents.add(near());
    if (parents.size > 0 && random(100) < shape.merges) parents.add(near());
    if (parents.size > 1 && random(8) === 0) parents.add(near());
    const [first] = parents;
    const files = new Map(first === undefined ? [] : nodes[first]?.files);
    files.set(`${['a', 'b', 'c'][random(3)]}/${random(3)}.txt`, String(random(4)));
    const skew = random(100) < (shape.skewed ?? 0) ? random(4000) - 2000 : 0;
    nodes.push({
      parents: [...parents],
      when: 1_700_000_000 + index * 60 + skew,
      files,
      message: `${SUBJECTS[random(SUBJECTS.length)] ?? ''}\n`
    });
    if (random(100) >= shape.tagged) continue;
    const tag =
      random(4) === 0 ? `v${random(2)}.${random(4)}.${random(4)}` : `v1.${Math.floor(index / 4)}.${index % 4}`;
    tags.set(tag, index);
    if (random(2) === 0) annotated.add(tag);
    else annotated.delete(tag);
    if (random(3) === 0) tags.set(`v9.9.9-rc.${index}`, index);
    if (random(3) === 0) tags.set(`nightly-${index}`, index);
  }
  return { nodes, tags, annotated };
};

const commitText = (node: Node, index: number): string =>
  [
    `commit refs/heads/line-${index}`,
    `mark :${index + 1}`,
    `author Ana <ana@example.com> ${node.when} +0000`,
    `committer Ana <ana@example.com> ${node.when} +0000`,
    `data ${Buffer.byteLength(node.message)}`,
    node.message,
    ...node.parents.map((parent, position) => `${position === 0 ? 'from' : 'merge'} :${parent + 1}`),
    'deleteall',
    ...[...node.files].flatMap(([path, content]) => [`M 100644 inline ${path}`, `data ${content.length}`, content]),
    ''
  ].join('\n');

const tagText = (graph: Graph, [tag, index]: readonly [string, number]): string =>
  graph.annotated.has(tag)
    ? `tag ${tag}\nfrom :${index + 1}\ntagger Ana <ana@example.com> 1700000000 +0000\ndata 2\nx\n`
    : `reset refs/tags/${tag}\nfrom :${index + 1}\n\n`;

export interface Origin {
  readonly directory: string;
  /** Names of the commits, by node. */
  readonly shas: readonly string[];
}

/** Writes the graph into a bare repository that serves like GitHub does: filters and any commit by name. */
export const writeOrigin = (directory: string, graph: Graph, hash: 'sha1' | 'sha256' = 'sha1'): Origin => {
  mkdirSync(directory, { recursive: true });
  git(directory, ['init', '--quiet', '--bare', '--template=', '--initial-branch=main', `--object-format=${hash}`]);
  git(directory, ['config', 'uploadpack.allowFilter', 'true']);
  const stream = graph.nodes.map(commitText).join('') + [...graph.tags].map((tag) => tagText(graph, tag)).join('');
  const marks = join(directory, 'marks');
  git(directory, ['fast-import', '--quiet', `--export-marks=${marks}`], stream);
  const shas: string[] = [];
  for (const line of readFileSync(marks, 'utf8').trim().split('\n')) {
    const [mark = '', sha = ''] = line.split(' ');
    shas[Number(mark.slice(1)) - 1] = sha;
  }
  return { directory, shas };
};

/** What actions/checkout leaves behind: a detached head, and as much history as `depth` says. */
export const checkout = (
  origin: Origin,
  sha: string,
  options: { readonly into: string; readonly depth: number; readonly tags?: boolean }
): string => {
  mkdirSync(options.into, { recursive: true });
  const hash = sha.length === 64 ? 'sha256' : 'sha1';
  git(options.into, ['init', '--quiet', '--template=', '--initial-branch=main', `--object-format=${hash}`]);
  git(options.into, ['config', 'remote.origin.url', `file://${origin.directory}`]);
  const refs = [sha, ...(options.tags === true ? ['+refs/tags/*:refs/tags/*'] : [])];
  git(options.into, ['fetch', '--quiet', '--no-tags', `--depth=${options.depth}`, 'origin', ...refs]);
  git(options.into, ['update-ref', '--no-deref', 'HEAD', sha]);
  return options.into;
};
