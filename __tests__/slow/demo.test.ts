import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, jest, test } from '@jest/globals';

// the whole demo with the real dist; it takes the folder .demo, so nobody else may play meanwhile
jest.setTimeout(180_000);

const ROOT = join(import.meta.dirname, '..', '..');
const FOLDER = join(ROOT, '.demo');

const linkOf = (path: string): string => {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
};

/** Whatever still works in the demo's folder, or serves the shop. */
const leftOver = (): string[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && name !== String(process.pid))
    .filter((pid) => linkOf(`/proc/${pid}/cwd`).startsWith(FOLDER));

interface Played {
  readonly exitCode: number | null;
  readonly said: string;
}

/** Plays until the question is asked, and then what `meet` does. */
const play = async (meet: (demo: ChildProcess) => void): Promise<Played> => {
  const demo = spawn(process.execPath, [join(ROOT, 'rehearsal', 'demo', 'index.ts')], {
    stdio: ['pipe', 'pipe', 'inherit']
  });
  const ended = once(demo, 'exit');
  let said = '';
  demo.stdout.on('data', (chunk: Buffer) => {
    const asked = said.includes('[y/N]');
    said += chunk.toString('utf8');
    if (!asked && said.includes('[y/N]')) meet(demo);
  });
  await ended;
  return { exitCode: demo.exitCode, said };
};

test('a rejection ends the demo: nothing went to production, and the exit code says so', async () => {
  const { exitCode, said } = await play((demo) => void demo.stdin?.write('n\n'));
  expect(said).toContain('0.1.0 rejected by rui in the terminal');
  expect(exitCode).toBe(1);
  expect(JSON.parse(readFileSync(join(FOLDER, 'result.json'), 'utf8'))).toMatchObject({
    deliveries: [{ version: '0.1.0', environment: 'staging', decision: 'done' }],
    live: { staging: '0.1.0', production: 'nothing' }
  });
  expect(said).toContain('.demo/report/index.html');
  expect(readFileSync(join(FOLDER, 'report', 'index.html'), 'utf8')).toContain('0.1.0');
  expect(leftOver()).toEqual([]);
});

test('an interrupt ends the demo: no process survives, and the exit code says so', async () => {
  const { exitCode, said } = await play((demo) => void demo.kill('SIGINT'));
  expect(said).toContain('interrupted');
  expect(exitCode).toBe(130);
  expect(existsSync(join(FOLDER, 'result.json'))).toBe(false);
  expect(leftOver()).toEqual([]);
});
