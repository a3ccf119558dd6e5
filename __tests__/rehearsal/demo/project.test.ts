import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { TEMPLATE, WORKFLOW, createProject } from '../../../rehearsal/demo/project.ts';
import { createGit } from '../../../rehearsal/hub/git.ts';

let root: string;
beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'demo-project-'));
  // as the folder of the demo lies inside the repository
  await createGit(root).run(['init', '--quiet']);
  mkdirSync(join(root, 'shop'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

test('is the shop with the templates to the letter, where its environments answer now', () => {
  const files = createProject(join(root, 'shop'), 'http://127.0.0.1:9').files();
  expect(files[WORKFLOW]).toBe(readFileSync(TEMPLATE, 'utf8'));
  for (const name of ['delivery-report.yml', 'deploy-version.yml']) {
    expect(files[`.github/workflows/${name}`]).toBe(readFileSync(`workflows-templates/${name}`, 'utf8'));
  }
  expect(files['.github/delivery.yml']).toContain('url: http://127.0.0.1:9/production');
  expect(Object.keys(files)).toEqual(expect.arrayContaining(['deploy.sh', 'smoke.sh', 'src/main.js']));
});

test('both changes apply, one on the other; a third time nothing does', async () => {
  const project = createProject(join(root, 'shop'), 'http://127.0.0.1:9');
  await project.change('2-discount.patch');
  expect(project.files()['config/production.json']).not.toContain('discount');
  await project.change('3-discount-in-production.patch');
  expect(project.files()['config/production.json']).toContain('discount');
  await expect(project.change('2-discount.patch')).rejects.toThrow('patch does not apply');
});
