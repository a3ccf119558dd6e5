import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { gitEnvironment } from '../../rehearsal/hub/git.ts';

const execute = promisify(execFile);

/** Runs git in `directory`, untouched by the configuration of this machine; its standard output. */
export const git = async (directory: string, ...args: readonly string[]): Promise<string> => {
  const { stdout } = await execute('git', ['-C', directory, ...args], { env: gitEnvironment() });
  return stdout.trim();
};
