import { spawnSync } from 'node:child_process';

const ENVIRONMENT = {
  ...process.env,
  LC_ALL: 'C',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  CI: '',
  GITHUB_ACTIONS: '',
  NO_COLOR: '1'
};

/** One whole process, without anybody's git settings. */
export const run = (cwd, [program, ...args]) => {
  const started = performance.now();
  const { status, stdout, stderr } = spawnSync(program, args, {
    cwd,
    env: ENVIRONMENT,
    encoding: 'utf8',
    maxBuffer: 1e9
  });
  return { seconds: (performance.now() - started) / 1000, status, text: `${stdout}\n${stderr}` };
};
