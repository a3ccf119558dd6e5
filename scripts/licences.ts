import { readFileSync, readdirSync } from 'node:fs';
import { join, sep } from 'node:path';
import * as v from 'valibot';

const Manifest = v.object({ name: v.string(), version: v.string(), license: v.string() });
const LICENCE_FILE = /^(licen[cs]e|copying)(\.(md|txt))?$/i;
const RULE = '='.repeat(80);

/** The folder of the package a module file belongs to; undefined for our own files. */
export const packageFolder = (file: string): string | undefined => {
  const marker = `${sep}node_modules${sep}`;
  const start = file.lastIndexOf(marker);
  if (start === -1) return undefined;
  const end = start + marker.length;
  const [first = '', second = ''] = file.slice(end).split(sep);
  return file.slice(0, end) + (first.startsWith('@') ? join(first, second) : first);
};

const entryOf = (folder: string): string => {
  const { name, version, license } = v.parse(Manifest, JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')));
  const file = readdirSync(folder).find((each) => LICENCE_FILE.test(each));
  if (file === undefined) throw new Error(`${name} ${version} (${license}) brings no licence text`);
  return [`${name} ${version}`, `Licence: ${license}`, '', readFileSync(join(folder, file), 'utf8').trim()].join('\n');
};

/** The licence of every package among the bundled module files, sorted by name. Throws when a package brings none. */
export const licenceList = (files: Iterable<string>): string => {
  const folders = new Set([...files].map(packageFolder).filter((folder) => folder !== undefined));
  const entries = [...folders].map(entryOf).toSorted();
  return [`dist/index.js contains these packages.`, ...entries, ''].join(`\n\n${RULE}\n`);
};
