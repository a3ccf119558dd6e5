import { readdirSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve as resolvePath, sep } from 'node:path';
import type { ArtifactFile } from '../artifacts.ts';

const SPECIAL = /[*?[]/;

/** The part of a path before its first special character, whole folders only. */
const searchPath = (path: string): string => {
  const parts = path.split(sep);
  const special = parts.findIndex((part) => SPECIAL.test(part));
  return special < 0 ? path : parts.slice(0, special).join(sep) || sep;
};

const escaped = (text: string): string => text.replaceAll(/[.+^$(){}|[\]\\]/g, String.raw`\$&`);

/** As @actions/glob matches: dots are nothing special, and what matches a folder takes all that is in it. */
const patternOf = (path: string): RegExp => {
  const parts = path.match(/\*\*\/|\*\*|\*|\?|\[[^\]]*\]|[^*?[]+|\[/g) ?? [];
  const source = parts.map((part) => {
    if (part === '**/') return '(?:.*/)?';
    if (part === '**') return '.*';
    if (part === '*') return '[^/]*';
    if (part === '?') return '[^/]';
    return /^\[.+\]$/.test(part) ? part.replace('[!', '[^') : escaped(part);
  });
  return new RegExp(`^${source.join('')}(?:/.*)?$`);
};

const filesBelow = (path: string): readonly string[] => {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return [];
  if (!found.isDirectory()) return [path];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
};

/** From the search path down, nothing whose own name starts with a dot; the search path itself counts. */
const isHidden = (from: string, file: string): boolean =>
  [basename(from), ...relative(from, file).split(sep)].some((part) => part.startsWith('.'));

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
  const taken = lines.filter((line) => !line.startsWith('!')).map((line) => resolvePath(workspace, line));
  const left = lines
    .filter((line) => line.startsWith('!'))
    .map((line) => patternOf(resolvePath(workspace, line.slice(1))));
  const searched = taken.map(searchPath);
  const found = taken.flatMap((path, at) => {
    const [from = workspace, pattern] = [searched[at], patternOf(path)];
    return filesBelow(from).filter((file) => pattern.test(file) && (hidden || !isHidden(from, file)));
  });
  const files = [...new Set(found)].filter((file) => !left.some((pattern) => pattern.test(file))).toSorted();
  const root = rootOf(searched, files);
  return files.map((source) => ({ source, path: relative(root, source).split(sep).join('/') }));
};
