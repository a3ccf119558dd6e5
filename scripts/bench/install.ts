import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Installs other people's tools into the folder unless exactly these are there already. */
export const installInto = (folder: string, dependencies: Readonly<Record<string, string>>): void => {
  const wanted = JSON.stringify({ private: true, type: 'module', dependencies });
  const done = join(folder, 'installed.json');
  if (existsSync(done) && readFileSync(done, 'utf8') === wanted) return;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), wanted);
  execFileSync('npm', ['install', '--no-audit', '--no-fund', '--silent'], { cwd: folder, stdio: 'inherit' });
  writeFileSync(done, wanted);
};
