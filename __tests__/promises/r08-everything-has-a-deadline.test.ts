// R8: every automatic action has a deadline.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, jest, test } from '@jest/globals';
import { createShell } from '../../src/adapters/shell.ts';
import { announce } from '../../src/commands/announce.ts';
import { deploy } from '../../src/commands/deploy.ts';
import { report } from '../../src/commands/report.ts';
import type { Outcome } from '../../src/domain/outcome.ts';
import { PHASES } from '../../src/domain/phase.ts';
import { isOpen } from '../../src/rules/live.ts';
import { Refusal } from '../../src/domain/refusal.ts';
import { record } from '../fakes/builders.ts';
import { asking } from '../fakes/world.ts';
import type { World } from '../fakes/world.ts';
import { boundOf } from './deadlines.ts';
import { CONFIG, FOLDER, WORK, approved, busy, slowHub } from './slow-hub.ts';
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

const ended = async (work: Promise<Outcome>): Promise<string> => {
  try {
    return (await work).reason.code;
  } catch (error) {
    if (error instanceof Refusal) return error.reason.code;
    throw error;
  }
};

const COMMANDS = Object.keys(WORK).filter((name): name is keyof typeof WORK => Object.hasOwn(WORK, name));

test.each(COMMANDS.flatMap((command) => [9, 60, 250, 550, 5000].map((seconds) => [command, seconds] as const)))(
  '%s, of a GitHub that takes %i seconds over each answer',
  async (command, seconds) => {
    const base = await busy();
    const [run, before] = [approved(base), base.clock.elapsed()];
    slowHub(base, seconds);
    const code = await ended(WORK[command](run));
    expect(code).not.toMatch(/invalid|internal/);
    // a transfer counts in no phase, and its own deadline is not of this world
    const transfers = base.hosting.calls.filter((call) => /^(download|upload)/.test(call)).length * seconds;
    expect(base.clock.elapsed() - before).toBeLessThanOrEqual(boundOf(command) + transfers);
  }
);

test.each(COMMANDS)('%s is done at 9 seconds an answer, and no longer at 5000', async (command) => {
  const codes = await Promise.all(
    [9, 5000].map(async (seconds) => {
      const base = await busy();
      slowHub(base, seconds);
      return ended(WORK[command](approved(base)));
    })
  );
  expect(codes).toEqual([expect.not.stringMatching(/phase-timeout/), expect.stringMatching(/phase-timeout|in-part/)]);
});

test.each([
  [250, 'delivered', 'success'],
  [350, 'phase-timeout', 'error'],
  [550, 'phase-timeout', 'error']
])('a delivery at %i seconds an answer ends as %s, and its record as %s: that has its own time', async (...given) => {
  const [seconds, code, state] = given;
  const base = await opened();
  slowHub(base, seconds);
  expect(await ended(deploy(newRun(base, false), staging))).toBe(code);
  expect(base.hosting.all.map((each) => each.state)).toEqual([state]);
});

test('many dead runs before ours: what can be closed in time is closed, ours too', async () => {
  const base = await busy();
  for (let id = 1; id <= 90; id += 1) {
    base.hosting.all.push(
      record(id - 100, '1.0.0', {
        environment: 'staging',
        state: 'pending',
        payload: { run: { id, attempt: 1, url: 'r' } }
      })
    );
    base.hosting.overRuns.add(id);
  }
  slowHub(base, 9);
  /** Whether its run is over, whether it is still open, its end. */
  const eachSeconds = 3 * 9;
  expect(await ended(deploy(approved(base), asking('2.0.0', { environment: 'staging' })))).toBe('phase-timeout');
  const open = base.hosting.all.filter(isOpen);
  expect(open.length).toBeLessThanOrEqual(90 - Math.floor(PHASES.facts / eachSeconds));
  expect(open.every(({ id }) => id < 0)).toBe(true);
});

test('comments that do not fit are left, said, and made by the next run; the release is latest all the same', async () => {
  const base = await busy();
  slowHub(base, 30);
  const outcome = await announce(approved(base), {
    name: 'announce',
    config: CONFIG,
    environment: 'staging',
    dryRun: false
  });
  expect(outcome.reason.code).toBe('announced-in-part');
  const told = (): number => [...base.hosting.talks.values()].filter(({ comments }) => comments.length > 0).length;
  expect(told()).toBeGreaterThan(40);
  expect(told()).toBeLessThan(180);
  const notes = outcome.notes ?? [];
  expect(notes.filter(({ kind }) => kind === 'not-told')).toHaveLength(1);
  expect(notes.some(({ kind }) => kind === 'message-sent')).toBe(true);
  slowHub(base, 1);
  await announce(approved(base), { name: 'announce', config: CONFIG, environment: 'staging', dryRun: false });
  expect(told()).toBe(180);
});

test('documents of a report that do not fit are left to the next one', async () => {
  const base = await busy();
  slowHub(base, 500);
  const outcome = await report(approved(base), { name: 'report', ...FOLDER });
  expect(outcome.notes).toContainEqual({ kind: 'documents-unread', releases: expect.any(Number) });
});
