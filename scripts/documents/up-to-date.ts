import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Path and text of generated files, relative to the project. */
export type Documents = ReadonlyMap<string, string>;

const textOf = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
};

/** The files that are not what they should be. */
export const outdated = (documents: Documents): readonly string[] =>
  [...documents].filter(([path, text]) => textOf(path) !== text).map(([path]) => path);

/** Writes what is outdated; with `--check` only names it and fails. */
export const bringUpToDate = (documents: Documents, script: string): void => {
  const paths = outdated(documents);
  if (process.argv.includes('--check')) {
    for (const path of paths) console.error(`${path} is out of date: run node ${script}`);
    if (paths.length > 0) process.exitCode = 1;
    return;
  }
  for (const path of paths) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, documents.get(path) ?? '');
    console.log(`${path} written`);
  }
};
