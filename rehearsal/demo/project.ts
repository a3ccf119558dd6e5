import { cpSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { createGit } from '../hub/git.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const SHOP = join(ROOT, 'examples', 'shop');
const EXAMPLE_ADDRESS = 'http://127.0.0.1:4300';

/** The workflow that writes the page. */
export const REPORT = 'delivery-report.yml';

const TEMPLATES = join(ROOT, 'workflows-templates');
/** What people copy, to the letter. */
export const TEMPLATE = join(TEMPLATES, 'continuous-delivery.yml');
export const WORKFLOW = '.github/workflows/continuous-delivery.yml';

/** Beside it: the buttons on the page of the report, and the report itself. */
const OTHERS = ['deploy-version.yml', REPORT];

/** The shop as its developer has it before a push. */
export interface Project {
  /** Applies one of `changes/`. */
  change(patch: string): Promise<void>;
  /** Path -> content of all that belongs to the repository. */
  files(): Readonly<Record<string, string>>;
  readonly executable: readonly string[];
}

/** The example looks for its environments at a fixed port; here they are where a port was free. */
const useAddress = (directory: string, address: string): void => {
  const file = join(directory, '.github', 'delivery.yml');
  const text = readFileSync(file, 'utf8');
  if (!text.includes(EXAMPLE_ADDRESS)) throw new Error(`${file} does not name ${EXAMPLE_ADDRESS}`);
  writeFileSync(file, text.replaceAll(EXAMPLE_ADDRESS, address));
};

/** A copy of `examples/shop` with the templates as its workflows; `address` is where its environments answer. */
export const createProject = (directory: string, address: string): Project => {
  cpSync(SHOP, directory, { recursive: true, filter: (path) => !path.startsWith(join(SHOP, 'dist')) });
  useAddress(directory, address);
  const workflows = dirname(join(directory, WORKFLOW));
  mkdirSync(workflows, { recursive: true });
  cpSync(TEMPLATE, join(directory, WORKFLOW));
  for (const name of OTHERS) cpSync(join(TEMPLATES, name), join(workflows, name));
  const git = createGit(directory);
  // the folder lies inside our own repository, where git would look for the files of the patch
  const env = { GIT_CEILING_DIRECTORIES: dirname(directory) };
  return {
    change: async (patch) => void (await git.run(['apply', join(import.meta.dirname, 'changes', patch)], { env })),
    files: () =>
      Object.fromEntries(
        readdirSync(directory, { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map((entry) => join(entry.parentPath, entry.name))
          .map((path) => [relative(directory, path), readFileSync(path, 'utf8')])
      ),
    executable: ['deploy.sh', 'smoke.sh']
  };
};
