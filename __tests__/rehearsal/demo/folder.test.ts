import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Occupied, createFolder } from '../../../rehearsal/demo/folder.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'demo-folder-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

test('begins empty and leaves the result and the logs', () => {
  writeFileSync(join(root, 'old'), '');
  const folder = createFolder(root);
  folder.fresh('job');
  folder.log('1-build', 'text');
  folder.result({ live: {} });
  folder.keep('report', join(root, 'log'));
  folder.tidy();
  expect(readdirSync(root).toSorted()).toEqual(['log', 'report', 'result.json']);
  expect(readdirSync(join(root, 'report'))).toEqual(['1-build.log']);
  expect(readFileSync(join(root, 'log/1-build.log'), 'utf8')).toBe('text');
});

test('two demos do not play in one folder', () => {
  writeFileSync(join(root, 'pid'), String(process.pid));
  writeFileSync(join(root, 'theirs'), '');
  expect(() => createFolder(root)).toThrow(Occupied);
  expect(existsSync(join(root, 'theirs'))).toBe(true);
});

test('a demo that was killed does not block the next one', () => {
  writeFileSync(join(root, 'pid'), '99999999');
  expect(() => createFolder(root)).not.toThrow();
});
