import { getEventListeners } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { RUNNER_CANARIES, runAction } from '../../../rehearsal/runner/run-action.ts';
import type { ActionStep, StepRun } from '../../../rehearsal/runner/run-action.ts';
import { surroundingsOf } from '../../../rehearsal/runner/surroundings.ts';

let directory = '';
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'runner-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

let actions = 0;
const run = (code: string, step: Partial<ActionStep> = {}): Promise<StepRun> => {
  actions += 1;
  const action = join(directory, `action-${actions}.mjs`);
  const start =
    "import { appendFileSync as append, writeFileSync as write } from 'node:fs'; import { spawn } from 'node:child_process';";
  writeFileSync(action, `${start}\nconst say = console.log, env = process.env;\n${code}`);
  return runAction({
    action,
    inputs: {},
    environment: {},
    workspace: directory,
    temporary: join(directory, 'temp'),
    ...step
  });
};

/** A zombie runs nothing: in a container nobody may collect it. */
const isAlive = (pid: number): boolean =>
  existsSync(`/proc/${pid}`) && !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));

describe('a step as the runner runs it', () => {
  test('gets its inputs, its surroundings and the secrets of the runner, and nothing of ours', async () => {
    process.env['CANARY_OF_OURS'] = 'x';
    const surroundings = surroundingsOf({
      server: {
        serverUrl: 'http://127.0.0.1:1',
        apiUrl: 'http://127.0.0.1:1/api',
        graphqlUrl: 'http://127.0.0.1:1/graphql'
      },
      repository: 'acme/shop',
      runId: 7,
      runAttempt: 2,
      runNumber: 3,
      workflow: 'line',
      job: 'deploy',
      actor: 'ana',
      triggeringActor: 'bia',
      event: 'push',
      eventPath: '/e.json',
      sha: 'a'.repeat(40),
      ref: 'refs/heads/main',
      workspace: directory,
      temporary: join(directory, 'temp')
    });
    const { log, exitCode } = await run('say(JSON.stringify({ ...env, cwd: process.cwd() }))', {
      inputs: { command: 'deploy', 'dry-run': 'true' },
      environment: surroundings
    });
    const seen: unknown = JSON.parse(log);
    delete process.env['CANARY_OF_OURS'];
    expect(exitCode).toBe(0);
    expect(seen).toMatchObject({ ...surroundings, ...RUNNER_CANARIES, cwd: directory });
    expect(seen).toMatchObject({
      INPUT_COMMAND: 'deploy',
      'INPUT_DRY-RUN': 'true',
      GITHUB_REF_NAME: 'main',
      CI: 'true'
    });
    expect(seen).not.toHaveProperty('CANARY_OF_OURS');
  });

  test('says, annotates, masks, on both streams', async () => {
    const step = await run(
      `say('::add-mask::canary-1'); say('a canary-1 ' + btoa('canary-1')); console.error('::warning::w%0Ax'); say('::group::g'); say('::set-env name=A::b'); say('job-secret'); process.exitCode = 4`,
      { secrets: ['job-secret'] }
    );
    expect(step.exitCode).toBe(4);
    expect(step.annotations).toEqual([{ level: 'warning', message: 'w\nx' }]);
    expect(step.printed).toEqual(expect.arrayContaining(['a *** ***', '##[group]g', '***']));
    expect(step.forbidden.map(({ name }) => name)).toEqual(['set-env']);
    expect(step.log).toContain('canary-1');
    expect(step.printed.join('\n')).not.toMatch(/canary|job-secret/);
  });

  test('outputs with a masked value do not leave the job', async () => {
    const step = await run(
      `say('::add-mask::1.2.3'); append(env.GITHUB_OUTPUT, 'version=1.2.3\\ntag<<E\\nx\\ny\\nE\\n'); append(env.GITHUB_ENV, 'A=b\\n')`
    );
    expect(step.stepOutputs).toEqual({ version: '1.2.3', tag: 'x\ny' });
    expect(step.outputs).toEqual({ tag: 'x\ny' });
    expect(step.dropped).toEqual(['version']);
    expect(step.environment).toEqual({ A: 'b' });
  });

  test('limits: 1 MB of outputs, 1 MiB of summary, files that parse', async () => {
    const large = await run(
      `write(env.GITHUB_OUTPUT, 'a=' + 'x'.repeat(600000)); write(env.GITHUB_STEP_SUMMARY, 'y'.repeat(1048577))`
    );
    expect([large.outputs, large.dropped, large.summary, large.problems.length]).toEqual([{}, ['a'], '', 2]);
    const fits = await run(`write(env.GITHUB_OUTPUT, 'a<<E\\nx'); write(env.GITHUB_STEP_SUMMARY, '# ok')`);
    expect([fits.outputs, fits.summary]).toEqual([{}, '# ok']);
    expect(fits.problems).toEqual([expect.stringContaining('delimiter not found')]);
  });

  test('a cancel is SIGINT, then SIGTERM, then the end of the tree', async () => {
    const cancel = new AbortController();
    const patience = { interrupt: 150, terminate: 150 };
    const stubborn = `process.on('SIGINT', () => say('INT')).on('SIGTERM', () => say('TERM')); say(spawn('sleep', ['60'], { detached: true }).pid); setInterval(() => {}, 1000)`;
    setTimeout(() => cancel.abort(), 300);
    const step = await run(stubborn, { signal: cancel.signal, patience });
    expect(step.exitCode).toBe(137);
    const [pid, ...signals] = step.printed;
    expect(signals).toEqual(['INT', 'TERM']);
    expect(isAlive(Number(pid))).toBe(false);
  });

  test('a step that ends on SIGINT is left its children, as by the runner', async () => {
    const cancel = new AbortController();
    setTimeout(() => cancel.abort(), 300);
    const step = await run(
      `process.on('SIGINT', () => process.exit(3)); say(spawn('sleep', ['60']).pid); setInterval(() => {}, 1000)`,
      {
        signal: cancel.signal
      }
    );
    expect(step.exitCode).toBe(3);
    const pid = Number(step.printed[0]);
    expect(isAlive(pid)).toBe(true);
    process.kill(pid, 'SIGKILL');
  });

  test('a lost machine takes everything with it', async () => {
    const lost = new AbortController();
    setTimeout(() => lost.abort(), 300);
    const step = await run(
      `say(spawn('sleep', ['60'], { detached: true }).pid); append(env.GITHUB_OUTPUT, 'a=1\\n'); setInterval(() => {}, 1000)`,
      {
        kill: lost.signal
      }
    );
    expect(step.exitCode).toBe(137);
    expect(isAlive(Number(step.printed[0]))).toBe(false);
    expect(step.outputs).toEqual({ a: '1' });
  });

  test('a step that has ended hears of no cancel any more', async () => {
    const { signal } = new AbortController();
    await run('', { signal, kill: signal });
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });
});
