import type { HistoryAnswer } from '../../../src/domain/history.ts';
import { compareVersions, tagForm, versionInTag } from '../../../src/domain/version.ts';
import type { Graph, Origin } from './random-history.ts';

/** Everything about an answer that must be right, in a form that compares. */
export interface Facts {
  readonly base: string | undefined;
  readonly onHead: readonly string[];
  readonly newer: readonly string[];
  /** Name and parents of each commit, sorted. */
  readonly commits: readonly string[];
}

export const factsOf = (answer: HistoryAnswer): Facts => ({
  base: answer.base === undefined ? undefined : `${answer.base.tag} ${answer.base.commit}`,
  onHead: answer.onHead,
  newer: answer.newer.map(({ version, commit, containsHead }) => `${version} ${commit} ${containsHead}`),
  commits: answer.commits.map(({ sha, parents }) => `${sha} < ${parents.join(' ')}`).toSorted()
});

/** Whether no commit stands before one of its children. */
export const childrenFirst = ({ commits }: HistoryAnswer): boolean => {
  const seen = new Set<string>();
  return commits.every(({ sha, parents }) => {
    seen.add(sha);
    return parents.every((parent) => !seen.has(parent));
  });
};

const ancestors = (graph: Graph, of: number): Set<number> => {
  const found = new Set<number>();
  const open = [of];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (found.has(node)) continue;
    found.add(node);
    open.push(...(graph.nodes[node]?.parents ?? []));
  }
  return found;
};

/** Whether the commit changes a file of the folder against every parent. */
const touches = (graph: Graph, node: number, folder: string): boolean => {
  const files = (of: number): ReadonlyMap<string, string> => graph.nodes[of]?.files ?? new Map<string, string>();
  const before = (graph.nodes[node]?.parents ?? []).map(files);
  const paths = [files(node), ...before].flatMap((map) => [...map.keys()]).filter((path) => path.startsWith(folder));
  const now = files(node);
  if (before.length === 0) return paths.length > 0;
  return paths.some((path) => before.every((map) => map.get(path) !== now.get(path)));
};

/** The slow and obvious answer, from the graph itself: sets of ancestors, and nothing of git. */
export const reference = (
  graph: Graph,
  { shas }: Origin,
  question: { readonly head: number; readonly folder?: string }
): Facts => {
  const { head, folder } = question;
  const name = (node: number): string => shas[node] ?? '';
  const behind = ancestors(graph, head);
  const versions = [...graph.tags]
    .flatMap(([tag, node]) => {
      const version = versionInTag(tagForm('v{version}'), tag);
      return version === undefined ? [] : [{ tag, node, version }];
    })
    .toSorted((a, b) => compareVersions(b.version, a.version));
  const others = versions.filter(({ node }) => node !== head);
  const base = others.find(({ node }) => behind.has(node));
  const newer = base === undefined ? others : others.slice(0, others.indexOf(base));
  const out = base === undefined ? new Set<number>() : ancestors(graph, base.node);
  const commits = [...behind].filter(
    (node) => !out.has(node) && (folder === undefined || touches(graph, node, folder))
  );
  return {
    base: base === undefined ? undefined : `${base.tag} ${name(base.node)}`,
    onHead: versions.filter(({ node }) => node === head).map(({ version }) => version),
    newer: newer.map(({ version, node }) => `${version} ${name(node)} ${ancestors(graph, node).has(head)}`),
    commits: commits
      .map((node) => `${name(node)} < ${(graph.nodes[node]?.parents ?? []).map(name).join(' ')}`)
      .toSorted()
  };
};
