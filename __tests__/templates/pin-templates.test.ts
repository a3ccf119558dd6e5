import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { hashOf, readHeader } from '../../scripts/pin-templates/template.ts';
import { TEMPLATES } from './workflow.ts';

const COMMIT = '0123456789abcdef0123456789abcdef01234567';
const SCRIPT = 'scripts/pin-templates/index.ts';

describe('templates of a published version', () => {
  let folder = '';

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'pin-templates-'));
    const asked = ['--repository', 'acme/esteira', '--commit', COMMIT, '--version', '2.3.4', '--into', folder];
    execFileSync(process.execPath, [SCRIPT, ...asked]);
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  test('are all there, with what the gallery needs', () => {
    expect(readdirSync(folder).toSorted()).toEqual(readdirSync('workflows-templates').toSorted());
  });

  test.each(TEMPLATES)('%s names the commit and the version, and says so in its header', (path) => {
    const text = readFileSync(join(folder, basename(path)), 'utf8');
    const { header, body = '' } = readHeader(text) ?? {};
    expect(header).toEqual({ template: basename(path, '.yml'), version: '2.3.4', sha256: hashOf(body) });
    expect(text).not.toMatch(/OWNER|@0{40}|v0\.1\.0/);
    const ours = text.split('\n').filter((line) => line.includes('acme/esteira@'));
    expect(ours.length).toBeGreaterThan(0);
    expect(ours.filter((line) => !line.includes(`@${COMMIT}`) || !line.endsWith(' # v2.3.4'))).toEqual([]);
  });
});

describe('what cannot be published is refused', () => {
  const whole = { repository: 'acme/esteira', commit: COMMIT, version: '2.3.4', into: 'never-written' };

  test.each([
    ['a branch instead of a commit', { commit: 'main' }, '40 lowercase hex'],
    ['a short commit', { commit: COMMIT.slice(0, 7) }, '40 lowercase hex'],
    ['the placeholder', { commit: '0'.repeat(40) }, 'not the placeholder'],
    ['a tag instead of a version', { version: 'v2.3.4' }, 'X.Y.Z'],
    ['a repository without owner', { repository: 'esteira' }, 'OWNER/NAME'],
    ['a repository that is more', { repository: 'acme/esteira@main' }, 'OWNER/NAME'],
    ['nowhere to write', { into: '' }, '--into']
  ])('%s', (_, wrong, words) => {
    const asked = Object.entries({ ...whole, ...wrong }).flatMap(([name, value]) => [`--${name}`, value]);
    const { status, stderr } = spawnSync(process.execPath, [SCRIPT, ...asked], { encoding: 'utf8' });
    expect(stderr).toContain(words);
    expect(status).toBe(1);
  });
});
