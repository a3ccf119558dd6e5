// R8: every automatic action has a deadline.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, jest, test } from '@jest/globals';
import { createShell } from '../../src/adapters/shell.ts';
import { deploy } from '../../src/commands/deploy.ts';
import { Refusal } from '../../src/domain/refusal.ts';
import { record } from '../fakes/builders.ts';
import { asking } from '../fakes/world.ts';
import type { World } from '../fakes/world.ts';
import { newRun, opened } from './story.ts';

jest.setTimeout(120_000);

const staging = asking('1.1.0', { environment: 'staging' });
const HOUR = 60 * 60;

/** Fails instead of waiting for ever: no deadline of ours is longer than an hour. */
const impatient = (base: World): void => {
  base.clock.meanwhile = () => {
    if (base.clock.elapsed() > 2 * HOUR) throw new Error('waited for two hours');
  };
};

const codeOf = async (work: Promise<unknown>): Promise<string> => {
  const error: unknown = await work.catch((caught: unknown) => caught);
  return error instanceof Refusal ? error.reason.code : String(error);
};

test('waiting for a delivery that never ends', async () => {
  const base = await opened();
  impatient(base);
  const holder = {
    environment: 'staging',
    state: 'pending',
    payload: { run: { id: 1, attempt: 1, url: 'r' } }
  } as const;
  base.hosting.all.push(record(1, '1.0.0', holder));
  expect(await codeOf(deploy(newRun(base, false), staging))).toBe('queue-timeout');
  expect(base.clock.elapsed()).toBeLessThanOrEqual(HOUR + 60);
});

test('waiting for our own record in answers that never show it', async () => {
  const base = await opened();
  impatient(base);
  const facts = base.hosting.facts.bind(base.hosting);
  base.hosting.facts = async (question) => ({ ...(await facts(question)), records: new Map() });
  expect(await codeOf(deploy(newRun(base, false), staging))).toBe('queue-timeout');
});

test('verifying what never becomes well, and what answers good and bad by turns', async () => {
  for (const flapping of [false, true]) {
    const base = await opened();
    impatient(base);
    let looks = 0;
    const probe = {
      get: async () => {
        looks += 1;
        return { kind: 'answer' as const, status: flapping && looks % 2 === 0 ? 200 : 500, contains: true };
      }
    };
    const run = newRun(base, false);
    const outcome = await deploy({ ...run, ports: { ...run.ports, probe } }, staging);
    expect(outcome.reason.code).toBe('verification-failed');
    expect(base.clock.elapsed()).toBeLessThanOrEqual(20);
  }
});

test('every script is started with a deadline of its own', async () => {
  const base = await opened();
  await deploy(newRun(base, false), staging);
  const deadlines = base.target.tasks.map(({ label, timeoutSeconds }) => [label, timeoutSeconds]);
  expect(deadlines).toEqual([
    ['deploy', 600],
    ['verify', expect.any(Number)]
  ]);
  for (const { timeoutSeconds } of base.target.tasks) expect(timeoutSeconds).toBeGreaterThan(0);
});

test('a real script that hangs and ignores TERM is ended, with all that it started', async () => {
  const temporary = mkdtempSync(join(tmpdir(), 'deadline-'));
  const shell = createShell({
    environment: process.env,
    write: () => undefined,
    secrets: [],
    signal: new AbortController().signal,
    temporary,
    grace: { timeout: 0.2 }
  });
  const result = await shell.run({
    label: 'deploy',
    script: "trap '' TERM; sleep 600 & sleep 600",
    directory: temporary,
    variables: {},
    timeoutSeconds: 0.3
  });
  expect(result.ending.kind).toBe('timed-out');
  rmSync(temporary, { recursive: true });
});
