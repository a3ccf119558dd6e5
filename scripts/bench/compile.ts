import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const PROJECT = join(import.meta.dirname, '..', '..');

/** Compiles the source into the folder, as a package of ES modules; where the modules are. */
export const compileInto = (folder: string): string => {
  const out = join(folder, 'build');
  const tsc = join(PROJECT, 'node_modules', 'typescript', 'bin', 'tsc');
  const project = join(PROJECT, 'tsconfig.build.json');
  const { status } = spawnSync(process.execPath, [tsc, '-p', project, '--outDir', out], { stdio: 'inherit' });
  if (status !== 0 || !existsSync(out)) throw new Error('the source does not compile');
  if (!existsSync(join(folder, 'package.json'))) writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  return out;
};
