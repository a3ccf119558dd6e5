import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { DEPLOY_LINES, VERIFY_LINES } from '../../src/config/deploy-lines.ts';
import { loadDelivery } from '../../src/config/load.ts';
import { readDelivery } from '../../src/config/read.ts';

const DEFAULT = '.github/delivery.yml';

let workspace = '';

beforeEach(async () => {
  workspace = await mkdtemp(join(tmpdir(), 'delivery-'));
  await mkdir(join(workspace, '.github'));
});

afterEach(() => rm(workspace, { recursive: true }));

test('the file at the path is read', async () => {
  await writeFile(join(workspace, 'other.yml'), 'rollback: manual\n');
  expect(await loadDelivery(workspace, 'other.yml')).toMatchObject({ file: 'other.yml', rollback: 'manual' });
});

test('without a file at the default path only defaults hold', async () => {
  const delivery = await loadDelivery(workspace, DEFAULT);
  expect(delivery).toEqual(readDelivery(undefined, DEFAULT));
  expect(delivery).not.toHaveProperty('file');
});

test('a file that was asked for must be there, and the lines to write are shown', async () => {
  for (const path of ['deliver.yml', 'deliver.yml/x']) {
    await expect(loadDelivery(workspace, path)).rejects.toMatchObject({
      reason: { code: 'config-missing', details: { file: path, lines: DEPLOY_LINES } }
    });
  }
});

const invalid = (problem: string): object => ({
  reason: { code: 'config-invalid', details: { file: DEFAULT, line: '1', column: '1', problem } }
});

test.each<[string, () => unknown, string]>([
  ['a folder', () => mkdir(join(workspace, DEFAULT)), 'is no file'],
  ['a pipe', () => execFileSync('mkfifo', [join(workspace, DEFAULT)]), 'is no file'],
  ['a device', () => symlink('/dev/zero', join(workspace, DEFAULT)), 'is a link out of the workspace'],
  ['a link out', () => symlink('/proc/self/environ', join(workspace, DEFAULT)), 'is a link out of the workspace'],
  ['a link in a circle', () => symlink('delivery.yml', join(workspace, DEFAULT)), 'cannot be read (ELOOP)'],
  ['a flood', () => writeFile(join(workspace, DEFAULT), '#'.repeat(65_537)), 'is larger than 65536 bytes']
])('%s is refused unread', async (_, make, problem) => {
  await make();
  await expect(loadDelivery(workspace, DEFAULT)).rejects.toMatchObject(invalid(problem));
});

test('a link to another file of the workspace is followed', async () => {
  await writeFile(join(workspace, 'shared.yml'), 'rollback: manual\n');
  await symlink('../shared.yml', join(workspace, DEFAULT));
  expect(await loadDelivery(workspace, DEFAULT)).toMatchObject({ rollback: 'manual' });
});

test('bytes that are no UTF-8 do no harm', async () => {
  await writeFile(join(workspace, DEFAULT), Buffer.from([0xff, 0xfe, 0x00, 0x80]));
  await expect(loadDelivery(workspace, DEFAULT)).rejects.toMatchObject({ reason: { code: 'config-invalid' } });
});

test('the lines to write are a delivery that works', () => {
  expect(DEPLOY_LINES.split('\n')).toHaveLength(4);
  expect(readDelivery(`${DEPLOY_LINES}\n${VERIFY_LINES}\n`, DEFAULT)).toMatchObject({
    process: { deploy: { run: './deploy.sh' }, verify: { withinSeconds: 120 } },
    environments: [{ name: 'production', gate: 'approval' }]
  });
});
