import { globSync, statSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve as resolvePath, sep } from 'node:path';
import type { ArtifactFile } from '../artifacts.ts';

/** The part of a pattern before its first special character, whole folders only. */
const searchPath = (pattern: string): string => {
  const parts = pattern.split('/');
  const special = parts.findIndex((part) => /[*?[\]]/.test(part));
  return special < 0 ? pattern : parts.slice(0, special).join('/') || (isAbsolute(pattern) ? '/' : '.');
};

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

const below = (folder: string): string[] =>
  globSync('**/*', { cwd: folder, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

/** As GitHub's glob walks: from the search path down, nothing whose own name starts with a dot. */
const isHidden = (from: string, file: string): boolean => {
  const inside = relative(from, file);
  return [basename(from), ...inside.split(sep)].some(
    (part) => part !== '..' && part.length > 1 && part.startsWith('.')
  );
};

const matching = (workspace: string, pattern: string): readonly string[] => {
  const paths = globSync(pattern, { cwd: workspace }).map((path) => resolvePath(workspace, path));
  return paths.flatMap((path) => (isFolder(path) ? below(path) : [path]));
};

const commonFolder = (paths: readonly string[]): string => {
  const [first = [], ...others] = paths.map((path) => path.split(sep));
  const end = first.findIndex((part, at) => others.some((other) => other[at] !== part));
  return (end < 0 ? first : first.slice(0, end)).join(sep) || sep;
};

/** One path: what is in it. Several: from the folder they share. A single file: just the file. */
const rootOf = (searched: readonly string[], files: readonly string[]): string => {
  const [only = ''] = searched;
  if (searched.length > 1) return commonFolder(searched);
  return files.length === 1 && files[0] === only ? dirname(only) : only;
};

export interface Search {
  readonly workspace: string;
  /** The input `path`: one pattern a line, `!` takes away. */
  readonly patterns: string;
  readonly hidden: boolean;
}

/** The files actions/upload-artifact would take, with the paths they get in the artifact. */
export const findFiles = ({ workspace, patterns, hidden }: Search): readonly ArtifactFile[] => {
  const lines = patterns
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const [taken, left] = [lines.filter((line) => !line.startsWith('!')), lines.filter((line) => line.startsWith('!'))];
  const without = new Set(left.flatMap((line) => matching(workspace, line.slice(1))));
  const searched = taken.map((line) => resolvePath(workspace, searchPath(line)));
  const found = taken.flatMap((line, at) =>
    matching(workspace, line).filter((file) => hidden || !isHidden(searched[at] ?? workspace, file))
  );
  const files = [...new Set(found)].filter((file) => !without.has(file)).toSorted();
  const root = rootOf(searched, files);
  return files.map((source) => ({ source, path: relative(root, source).split(sep).join('/') }));
};
