import { globSync, readFileSync } from 'node:fs';
import { TABLES } from './tables.ts';
import type { Documents } from './up-to-date.ts';

const MARKED = /<!-- generated:([a-z-]+) -->\n[\s\S]*?<!-- \/generated:\1 -->/g;

const tableNamed = (name: string): string => {
  const write = TABLES.get(name);
  if (write === undefined) throw new Error(`there is no table ${name}; there are ${[...TABLES.keys()].join(', ')}`);
  return write();
};

/** The text with every marked place filled in anew. */
export const filled = (text: string): string =>
  text.replace(
    MARKED,
    (_, name: string) => `<!-- generated:${name} -->\n${tableNamed(name)}\n<!-- /generated:${name} -->`
  );

/** Path and text of every page that has generated parts. */
export const pages = (): Documents =>
  new Map(
    globSync(['*.md', 'docs/**/*.md'])
      .toSorted()
      .map((path): [string, string] => [path.replaceAll('\\', '/'), readFileSync(path, 'utf8')])
      .filter(([, text]) => text.includes('<!-- generated:'))
      .map(([path, text]) => [path, filled(text)])
  );
