import { readFile, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { DEFAULTS } from '../contract.ts';
import { Refusal, refuse } from '../domain/refusal.ts';
import type { Delivery } from './delivery.ts';
import { DEPLOY_LINES } from './deploy-lines.ts';
import { readDelivery } from './read.ts';
import { LARGEST_BYTES, TOO_LARGE } from './yaml-document.ts';

const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : String(error);

const invalid = (file: string, problem: string): Refusal =>
  refuse('config-invalid', { file, line: '1', column: '1', problem });

/** A link may lead to whatever the runner can read, a device may never end: neither is opened. */
const problemWith = async (workspace: string, path: string): Promise<string | undefined> => {
  const [root, real] = await Promise.all([realpath(workspace), realpath(join(workspace, path))]);
  if (!real.startsWith(`${root}${sep}`)) return 'is a link out of the workspace';
  const found = await stat(real);
  if (!found.isFile()) return 'is no file';
  return found.size > LARGEST_BYTES ? TOO_LARGE : undefined;
};

const textOf = async (workspace: string, path: string): Promise<string | undefined> => {
  try {
    const problem = await problemWith(workspace, path);
    if (problem !== undefined) throw invalid(path, problem);
    return await readFile(join(workspace, path), 'utf8');
  } catch (error) {
    if (error instanceof Refusal) throw error;
    const code = codeOf(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw invalid(path, `cannot be read (${code})`);
  }
};

/**
 * `delivery.yml` at `path` below the workspace. Without a file at the default path only defaults hold; a file that was
 * asked for by name must be there (`config-missing`). Throws `config-invalid` as `readDelivery` does.
 */
export const loadDelivery = async (workspace: string, path: string): Promise<Delivery> => {
  const text = await textOf(workspace, path);
  if (text === undefined && path !== DEFAULTS.config)
    throw refuse('config-missing', { file: path, lines: DEPLOY_LINES });
  return readDelivery(text, path);
};
