import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { runAction } from '../../../rehearsal/runner/run-action.ts';
import type { StepRun } from '../../../rehearsal/runner/run-action.ts';

let directory = '';
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'cancel-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const SHELL = resolve(import.meta.dirname, '../../../src/adapters/shell.ts');

/** A real action process around the shell, with its defaults; Node 24 runs the source as it is. */
const action = (script: string): string => {
  const file = join(directory, `action-${readdirSync(directory).length}.mts`);
  const code = `
    import { createShell } from ${JSON.stringify(SHELL)};
    const cancel = new AbortController();
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => cancel.abort(signal));
    const shell = createShell({
      environment: process.env,
      write: (text) => process.stdout.write(text),
      secrets: [],
      signal: cancel.signal,
      temporary: process.env['RUNNER_TEMP'] ?? ''
    });
    const task = { label: 'deploy', directory: process.cwd(), variables: {}, timeoutSeconds: 600 };
    const result = await shell.run({ ...task, script: ${JSON.stringify(script)} });
    console.log('ending ' + result.ending.kind);
  `;
  writeFileSync(file, code);
  return file;
};

const isAlive = (pid: number): boolean =>
  existsSync(`/proc/${pid}`) && !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));

interface Cancelled {
  readonly step: StepRun;
  readonly secondsToExit: number;
}

const cancelled = async (script: string): Promise<Cancelled> => {
  const cancel = new AbortController();
  let at = 0;
  setTimeout(() => {
    at = performance.now();
    cancel.abort();
  }, 1000);
  const step = await runAction({
    action: action(script),
    inputs: {},
    environment: {},
    workspace: directory,
    temporary: join(directory, 'temp'),
    signal: cancel.signal
  });
  return { step, secondsToExit: (performance.now() - at) / 1000 };
};

const pidsIn = ({ printed }: StepRun): number[] => printed.filter((line) => /^\d+$/.test(line)).map(Number);

describe('a cancelled step', () => {
  test.each([
    ['obeys', 'sleep 600 & echo $!; echo $$; sleep 600', 2],
    [
      'ignores TERM, with children that do too',
      'trap "" TERM; (trap "" TERM; sleep 600) & echo $!; echo $$; while :; do sleep 1; done',
      7
    ]
  ])('whose script %s ends in time and leaves nobody', async (_name, script, limit) => {
    const { step, secondsToExit } = await cancelled(script);
    expect(step.printed).toContain('ending cancelled');
    expect(step.exitCode).toBe(0);
    expect(pidsIn(step)).toHaveLength(2);
    expect(pidsIn(step).map(isAlive)).toEqual([false, false]);
    expect(secondsToExit).toBeLessThan(limit);
    expect(step.log).toMatch(/^::stop-commands::(.+)\n[^]*::\1::\n/);
  });
});
