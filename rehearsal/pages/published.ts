import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pagesFolder } from '../engine/shims/deploy-pages.ts';
import type { Rehearsal } from '../engine/index.ts';
import type { Answer } from '../hub/index.ts';

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  json: 'application/json; charset=utf-8',
  svg: 'image/svg+xml'
};

/** Plain names only: no way leads out of the folder. */
const FILE = /^(?:[\w-]+\/)*[\w-]+\.(?<kind>html|json|svg)$/;

/** A file of the site that a workflow published, as Pages would serve it; undefined when there is none. */
export const publishedFile = async ({ directory }: Rehearsal, path: string): Promise<Answer | undefined> => {
  const name = path === '' ? 'index.html' : path;
  const type = TYPES[FILE.exec(name)?.groups?.['kind'] ?? ''];
  if (type === undefined) return undefined;
  const body = await readFile(join(pagesFolder(directory), name)).catch(() => undefined);
  if (body === undefined) return undefined;
  const headers = {
    'content-type': type,
    'content-security-policy': "script-src 'none'; frame-ancestors 'none'",
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff'
  };
  return { status: 200, headers, body };
};
