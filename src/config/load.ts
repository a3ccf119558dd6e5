import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DEFAULTS } from '../contract.ts';
import { refuse } from '../domain/refusal.ts';
import type { Delivery } from './delivery.ts';
import { DEPLOY_LINES } from './deploy-lines.ts';
import { readDelivery } from './read.ts';

const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : String(error);

const textOf = async (workspace: string, path: string): Promise<string | undefined> => {
  try {
    return await readFile(join(workspace, path), 'utf8');
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw refuse('config-invalid', { file: path, line: '1', column: '1', problem: `cannot be read (${code})` });
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
