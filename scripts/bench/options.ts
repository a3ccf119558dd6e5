import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

export const PARTS = ['version', 'pack', 'start', 'calls', 'report'] as const;
export type Part = (typeof PARTS)[number];

export interface Options {
  /** Kept between runs: repositories, trees and other tools are made once. */
  readonly scratch: string;
  readonly parts: readonly Part[];
  /** Small inputs, few rounds, no other tools: under a minute. */
  readonly quick: boolean;
  /** Whether other people's tools are measured beside ours; they take most of the time, and have to be installed. */
  readonly peers: boolean;
  /** A missed bar is an error. */
  readonly strict: boolean;
}

/** Reads the command line. Throws on whatever it does not know. */
export const readOptions = (words: readonly string[]): Options => {
  const { values } = parseArgs({
    args: [...words],
    options: {
      quick: { type: 'boolean', default: false },
      strict: { type: 'boolean', default: false },
      'no-peers': { type: 'boolean', default: false },
      only: { type: 'string', multiple: true, default: [] },
      scratch: { type: 'string', default: join(tmpdir(), 'esteira-bench') }
    }
  });
  const unknown = values.only.find((name) => !PARTS.some((part) => part === name));
  if (unknown !== undefined) throw new Error(`--only ${unknown}: the parts are ${PARTS.join(', ')}`);
  const parts = values.only.length === 0 ? PARTS : PARTS.filter((part) => values.only.includes(part));
  const { quick, strict } = values;
  return { scratch: resolve(values.scratch), parts, quick, strict, peers: !quick && !values['no-peers'] };
};

/** The part's own folder in the scratch folder, so that no part disturbs what another keeps. */
export const folderOf = ({ scratch }: Options, part: Part): string => {
  const folder = join(scratch, part);
  mkdirSync(folder, { recursive: true });
  return folder;
};
