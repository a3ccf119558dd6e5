import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import * as v from 'valibot';

const Current = v.object({ pid: v.number(), port: v.number(), version: v.string(), files: v.string() });

/** False also for one that ended and only awaits burial by its parent. */
const isRunning = (pid: number): boolean =>
  spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' })
    .stdout.trim()
    .replace(/^Z.*/, '') !== '';

describe('the example shop', () => {
  let home: string;
  let shop: string;
  let front: ChildProcess;
  let address: string;

  const run = (command: string, args: readonly string[], variables: Record<string, string>) =>
    spawnSync(command, args, {
      cwd: shop,
      encoding: 'utf8',
      env: { ...process.env, SHOP_STATE: join(home, 'state'), ...variables }
    });

  const delivery = (version: string, environment = 'production'): Record<string, string> => ({
    DELIVERY_VERSION: version,
    DELIVERY_ENVIRONMENT: environment,
    DELIVERY_URL: `${address}/${environment}`
  });

  const build = (version: string) => run('node', ['build.js'], { DELIVERY_VERSION: version });
  const deploy = (version: string) => run('./deploy.sh', [], delivery(version));
  const smoke = (version: string) => run('./smoke.sh', [], delivery(version));

  const current = () => v.parse(Current, JSON.parse(readFileSync(join(home, 'state/production/current.json'), 'utf8')));

  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'shop-'));
    shop = join(home, 'shop');
    cpSync('examples/shop', shop, { recursive: true });
    front = spawn('node', ['src/operate/front.js', '0'], {
      cwd: shop,
      env: { ...process.env, SHOP_STATE: join(home, 'state') },
      stdio: ['ignore', 'pipe', 'inherit']
    });
    const lines: unknown[] = await once(front.stdout ?? front, 'data');
    address = /http:\/\/127\.0\.0\.1:\d+/.exec(String(lines[0]))?.[0] ?? '';
  });

  beforeEach(() => {
    build('1.0.0');
    deploy('1.0.0');
  });

  afterAll(() => {
    run('node', ['src/operate/stop.js'], delivery('1.0.0'));
    front.kill();
    rmSync(home, { recursive: true, force: true });
  });

  test('passes its own tests', () => {
    const { FORCE_COLOR: _, NODE_OPTIONS: __, ...rest } = process.env;
    const { status } = spawnSync('node', ['--test'], { cwd: shop, env: rest });
    expect(status).toBe(0);
  });

  test('a deployment replaces the old process and is seen by customers', () => {
    const old = current();
    build('1.1.0');
    expect(deploy('1.1.0').stdout).toBe('production: 1.0.0 -> 1.1.0\n');
    expect(isRunning(old.pid)).toBe(false);
    expect(readdirSync(join(home, 'state/production')).filter((name) => name.startsWith('files-'))).toHaveLength(1);
    expect(smoke('1.1.0')).toMatchObject({ status: 0, stdout: 'production sells coffee with version 1.1.0\n' });
  });

  test('deploying the same version again leaves one process', () => {
    const old = current();
    expect(deploy('1.0.0').status).toBe(0);
    expect(isRunning(old.pid)).toBe(false);
    expect(smoke('1.0.0').status).toBe(0);
  });

  test('a process that died is no obstacle', async () => {
    process.kill(current().pid, 'SIGKILL');
    await sleep(50);
    expect(smoke('1.0.0').status).toBe(1);
    expect(deploy('1.0.0').status).toBe(0);
    expect(smoke('1.0.0').status).toBe(0);
  });

  test('a number that belongs to somebody else by now is left alone', () => {
    const stranger = spawn('sleep', ['60']);
    const { pid } = current();
    const file = join(home, 'state/production/current.json');
    writeFileSync(file, JSON.stringify({ ...current(), pid: stranger.pid }));
    expect(deploy('1.0.0').status).toBe(0);
    expect(stranger.exitCode === null && isRunning(stranger.pid ?? 0)).toBe(true);
    stranger.kill();
    process.kill(pid);
  });

  test('a version that does not start leaves the old one in place', () => {
    writeFileSync(join(shop, 'dist/src/main.js'), 'process.exit(3)');
    const { status, stderr } = deploy('2.0.0');
    expect(status).toBe(1);
    expect(stderr).toContain('the shop ended with 3');
    expect(smoke('1.0.0').status).toBe(0);
  });

  test('the smoke test fails for another version', () => {
    expect(smoke('9.9.9')).toMatchObject({
      status: 1,
      stderr: 'smoke test of production: the version is 1.0.0, not 9.9.9\n'
    });
  });

  test('the shop is in no process group of the one who deployed it', () => {
    const { pid } = current();
    const group = spawnSync('ps', ['-o', 'pgid=', '-p', String(pid)], { encoding: 'utf8' }).stdout.trim();
    expect(group).toBe(String(pid));
  });
});
