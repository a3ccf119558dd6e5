import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { git } from './git.ts';

/** The developer's clone of the shop. */
export interface Project {
  /** Commits what is there, or the patch, and pushes it to `main`; the commit. */
  push(message: string, patch?: string): Promise<string>;
}

export interface ProjectOptions {
  readonly directory: string;
  /** The repository on the hub, with the developer's token in it. */
  readonly remote: string;
  readonly author: string;
  /** Where the environments answer, as `examples/shop` names it and as it is now. */
  readonly address: string;
}

const SHOP = join(import.meta.dirname, '..', '..', 'examples', 'shop');
const EXAMPLE_ADDRESS = 'http://127.0.0.1:4300';

/** The example looks for its environments at a fixed port; here they are where a port was free. */
const useAddress = (directory: string, address: string): void => {
  const file = join(directory, '.github', 'delivery.yml');
  const text = readFileSync(file, 'utf8');
  if (!text.includes(EXAMPLE_ADDRESS)) throw new Error(`${file} does not name ${EXAMPLE_ADDRESS}`);
  writeFileSync(file, text.replaceAll(EXAMPLE_ADDRESS, address));
};

export const createProject = async (options: ProjectOptions): Promise<Project> => {
  const { directory, remote, author, address } = options;
  const identity = ['-c', `user.name=${author}`, '-c', `user.email=${author}@shop.example`];
  cpSync(SHOP, directory, { recursive: true, filter: (path) => !path.startsWith(join(SHOP, 'dist')) });
  useAddress(directory, address);
  await git(directory, 'init', '--quiet', '--initial-branch=main');
  await git(directory, 'remote', 'add', 'origin', remote);
  return {
    push: async (message, patch) => {
      if (patch !== undefined) await git(directory, 'apply', join(import.meta.dirname, 'changes', patch));
      await git(directory, 'add', '--all');
      await git(directory, ...identity, 'commit', '--quiet', '--message', message);
      await git(directory, 'push', '--quiet', 'origin', 'main');
      return git(directory, 'rev-parse', 'HEAD');
    }
  };
};
