import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cp, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, expect, test } from '@jest/globals';
import { gitEnvironment } from '../../rehearsal/hub/git.ts';
import { CONFIG, PROJECT, deliverySaying } from './project.ts';
import { newFolder, openStage } from './stage.ts';
import type { Stage, StageOptions } from './stage.ts';

const execute = promisify(execFile);

/** The caller's workflow as docs/templates.md shows it. */
const shown = /```yaml\n(name: delivery\n[^`]*ORGANISATION\/esteira[^`]*)```/.exec(
  readFileSync('docs/templates.md', 'utf8')
)?.[1];

/** The organisation's own copy of this repository, as far as a run needs it, at a commit. */
const copyKit = async (): Promise<{ folder: string; commit: string }> => {
  const folder = await newFolder();
  for (const file of ['action.yml', 'dist/index.js', '.github/workflows/delivery.yml']) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await cp(file, join(folder, file));
  }
  const git = (...args: readonly string[]) => execute('git', ['-C', folder, ...args], { env: gitEnvironment() });
  await git('init', '--quiet', '--initial-branch=main', '.');
  await git('add', '-A');
  const identity = ['-c', 'user.name=org', '-c', 'user.email=org@example.com', '-c', 'commit.gpgsign=false'];
  await git(...identity, 'commit', '--quiet', '-m', 'feat: our own copy');
  return { folder, commit: (await git('rev-parse', 'HEAD')).stdout.trim() };
};

let kit: Awaited<ReturnType<typeof copyKit>>;
beforeAll(async () => {
  kit = await copyKit();
});

/** The caller of the docs, with other inputs where a scenario has some. */
const caller = (inputs = 'language: pt-BR'): Record<string, string> => {
  if (shown === undefined) throw new Error('docs/templates.md shows no caller');
  const text = shown
    .replace('ORGANISATION/esteira', 'acme/esteira')
    .replace('<full commit SHA>', kit.commit)
    .replace('language: pt-BR', inputs);
  return { '.github/workflows/delivery.yml': text };
};

const open = (inputs?: string, options: StageOptions = {}): Promise<Stage> =>
  openStage({
    actionMap: {},
    repositories: { [`acme/esteira@${kit.commit}`]: kit.folder },
    files: { ...PROJECT, ...deliverySaying('gate: approval', 'gate: approval'), ...caller(inputs) },
    ...options
  });

test('approve: the whole line by one call, in the language the caller asks for', async () => {
  const shop = await open();
  const run = await shop.deliver('feat: open the shop');
  await shop.waitFor(run, { environment: 'production' });
  expect(shop.told(run)).toMatchObject({
    'line / build': 'success done/built',
    'line / release': 'success done/released',
    'line / staging': 'success done/delivered',
    'line / propose': 'success done/proposed',
    'line / production': 'waiting'
  });
  expect(shop.summaries(run).join('')).toContain('espera');
  shop.approve(run, 'production', 'bruno');
  expect(await shop.waitFor(run, 'completed')).toMatchObject({ conclusion: 'success' });
  expect(shop.told(run)['line / announce']).toBe('success done/announced');
  expect(shop.job(run, 'line').outputs).toEqual({ version: '0.1.0', decision: 'done' });
  expect(await shop.records('production')).toEqual(['0.1.0 deploy by bruno: ACTIVE']);
  expect(await shop.running('production')).toBe('0.1.0');
});

test('reject: the call fails, nothing is touched', async () => {
  const shop = await open();
  const run = await shop.deliver('feat: open the shop');
  await shop.waitFor(run, { environment: 'production' });
  shop.reject(run, 'production', 'clara');
  expect(await shop.waitFor(run, 'completed')).toMatchObject({ conclusion: 'failure' });
  expect(shop.job(run, 'line')).toMatchObject({ result: 'failure', outputs: { version: '0.1.0', decision: '' } });
  expect(shop.told(run)['line / announce']).toBe('skipped');
  expect(await shop.touched('production')).toEqual([]);
});

test('gate: false with gate: none: straight through, and nothing is proposed', async () => {
  const shop = await open('gate: false', {
    files: { ...PROJECT, ...deliverySaying('gate: approval', 'gate: none'), ...caller('gate: false') },
    environments: { staging: {}, production: {} }
  });
  const run = await shop.waitFor(await shop.deliver('feat: open the shop'), 'completed');
  expect(run.conclusion).toBe('success');
  expect(shop.told(run)).toMatchObject({ 'line / propose': 'skipped', 'line / production': 'success done/delivered' });
  expect(await shop.running('production')).toBe('0.1.0');
});

test('gate: false where delivery.yml promises a gate: refused by the delivery itself', async () => {
  const shop = await open('gate: false', { environments: { staging: {}, production: {} } });
  const run = await shop.waitFor(await shop.deliver('feat: open the shop'), 'completed');
  expect(run.conclusion).toBe('failure');
  expect(shop.told(run)['line / production']).toBe('failure refused/gate-unprotected');
  expect(await shop.touched('production')).toEqual([]);
});

test('other names of file and environments, other limits: as the inputs say', async () => {
  const config = deliverySaying('gate: approval', 'gate: approval')[CONFIG] ?? '';
  const named = config.replace('  staging:', '  qa:').replace('  production:', '  live:').replace('[staging]', '[qa]');
  const inputs = [
    'config: shop/delivery.yml',
    'staging: qa',
    'production: live',
    'build-minutes: 5',
    'deploy-minutes: 5',
    'retention-days: 2',
    'runner: ubuntu-latest',
    'language: en'
  ].join('\n      ');
  const shop = await open(inputs, {
    files: { ...PROJECT, 'shop/delivery.yml': named, ...caller(inputs) },
    environments: { qa: {}, live: { reviewers: ['bruno'] } }
  });
  const run = await shop.deliver('feat: open the shop');
  await shop.waitFor(run, { environment: 'live' });
  shop.approve(run, 'live', 'bruno');
  expect(await shop.waitFor(run, 'completed')).toMatchObject({ conclusion: 'success' });
  expect([await shop.running('qa'), await shop.running('live')]).toEqual(['0.1.0', '0.1.0']);
  expect(await shop.records('live')).toEqual(['0.1.0 deploy by bruno: ACTIVE']);
});

test('a caller with fewer permissions than the line needs: the platform starts nothing', async () => {
  const shop = await open(undefined, {
    files: {
      ...PROJECT,
      ...deliverySaying('gate: approval', 'gate: approval'),
      '.github/workflows/delivery.yml': (caller()['.github/workflows/delivery.yml'] ?? '').replace(
        'deployments: write',
        'deployments: read'
      )
    }
  });
  await expect(shop.deliver('feat: open the shop')).rejects.toThrow("requesting 'deployments: write'");
  expect((await shop.hub.snapshot()).runs).toEqual([]);
});
