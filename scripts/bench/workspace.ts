import { cpSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { git } from './git.ts';

export interface Checkout {
  readonly directory: string;
  readonly url: string;
  readonly commit: string;
  readonly token: string;
}

/** Where `build` leaves its work and `release` looks for it. */
const HANDED_ON = '.delivery';

/** As actions/checkout does with `persist-credentials: false`: one commit deep, no token left behind. */
export const checkOut = async ({ directory, url, commit, token }: Checkout): Promise<void> => {
  const basic = Buffer.from(`x-access-token:${token}`).toString('base64');
  await git(directory, 'init', '--quiet', '--initial-branch=main');
  await git(directory, 'remote', 'add', 'origin', url);
  const login = ['-c', `http.extraheader=AUTHORIZATION: basic ${basic}`];
  await git(
    directory,
    ...login,
    'fetch',
    '--quiet',
    '--no-tags',
    '--depth=1',
    'origin',
    `+${commit}:refs/remotes/origin/main`
  );
  await git(directory, 'checkout', '--quiet', '--force', '-B', 'main', 'refs/remotes/origin/main');
};

/** What download-artifact does. */
export const putArtifact = (artifact: string, workspace: string): void =>
  cpSync(artifact, join(workspace, HANDED_ON), { recursive: true });

/** What upload-artifact does; false when there is nothing to hand on. */
export const takeArtifact = (workspace: string, artifact: string): boolean => {
  const folder = join(workspace, HANDED_ON);
  if (!existsSync(folder)) return false;
  cpSync(folder, artifact, { recursive: true });
  return true;
};
