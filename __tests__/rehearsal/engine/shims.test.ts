import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { findFiles } from '../../../rehearsal/engine/shims/find-files.ts';
import { open, play, pushOne } from './open.ts';

const job = (steps: string): string => `  one:\n    runs-on: ubuntu-latest\n    steps:\n${steps}`;
const CHECKOUT = 'uses: actions/checkout@v7';

describe('actions/checkout', () => {
  test('is one commit deep, on its branch, without tags, and leaves no token when the job is over', async () => {
    const { rehearsal, run } = await play(
      job(`      - ${CHECKOUT}
      - run: |
          git rev-list --count HEAD; git branch --show-current; git tag | wc -l
          git config --get-regexp extraheader | grep -c basic
          git fetch --quiet --unshallow && git rev-list --count HEAD
`)
    );
    expect(run.conclusion).toBe('success');
    expect(rehearsal.job(run, 'one').log.filter((line) => !line.startsWith('##'))).toEqual(
      expect.arrayContaining(['1', 'main', '0', '2'])
    );
  });

  test('with persist-credentials: false no later step has the token', async () => {
    const { run } = await play(
      job(`      - { ${CHECKOUT}, with: { persist-credentials: false } }
      - run: test -z "$(git config --get-regexp extraheader)"
`)
    );
    expect(run.conclusion).toBe('success');
  });

  test('fetch-depth: 0 brings all branches and tags', async () => {
    const rehearsal = await open({
      'ci.yml': `on: { push: { branches: [main] } }\njobs:\n${job(`      - { ${CHECKOUT}, with: { fetch-depth: 0, persist-credentials: false } }
      - run: git tag; git branch --remotes; git rev-list --count HEAD
`)}`
    });
    await rehearsal.pushTag('v1', rehearsal.first);
    await rehearsal.push({ 'b.txt': 'b' }, 'feat: b', { branch: 'other' });
    const run = await rehearsal.waitFor(await pushOne(rehearsal), 'completed');
    expect(rehearsal.job(run, 'one').log.slice(-4)).toEqual(['v1', '  origin/main', '  origin/other', '2']);
  });

  test('stays at the commit of the run when the branch has moved on', async () => {
    const workflow = `on: push
jobs:
  first: { runs-on: ubuntu-latest, environment: { name: p, deployment: false }, steps: [{ run: echo }] }
${job(`      - { ${CHECKOUT}, with: { fetch-depth: 0, persist-credentials: false } }
      - run: test "$(git rev-parse HEAD)" = "$GITHUB_SHA" && git rev-list --count HEAD
`).replace('    runs-on', '    needs: first\n    runs-on')}`;
    const rehearsal = await open({ 'ci.yml': workflow }, { environments: { p: { reviewers: ['bruno'] } } });
    const run = await rehearsal.waitFor(await pushOne(rehearsal), { environment: 'p' });
    await rehearsal.push({ 'a.txt': 'b' }, 'feat: b [skip ci]');
    rehearsal.approve(run, 'p', 'bruno');
    expect((await rehearsal.waitFor(run, 'completed')).conclusion).toBe('success');
    expect(rehearsal.job(run, 'one').log.at(-1)).toBe('2');
  });

  test('takes a tag, and a folder inside the workspace only', async () => {
    const rehearsal = await open({
      'ci.yml': `on: { push: { branches: [main] } }\njobs:\n${job(`      - { ${CHECKOUT}, with: { ref: v1, path: old } }
      - run: test ! -e old/app.txt && git -C old describe --tags
      - { id: out, ${CHECKOUT}, with: { path: ../../out } }
`)}`
    });
    await rehearsal.pushTag('v1', rehearsal.first);
    const run = await rehearsal.waitFor(await pushOne(rehearsal), 'completed');
    expect(rehearsal.job(run, 'one').steps.map(({ outcome }) => outcome)).toEqual(['success', 'success', 'failure']);
    expect(rehearsal.job(run, 'one').annotations[0]?.message).toMatch(/is not under/);
  });
});

describe('artifacts', () => {
  test('go from job to job; a second of the same name is refused', async () => {
    const { rehearsal, run } = await play(`  make:
    runs-on: ubuntu-latest
    steps:
      - run: mkdir -p out/.kept && echo hi > out/.kept/a.txt
      - { id: up, uses: actions/upload-artifact@v7, with: { name: built, path: out, include-hidden-files: true } }
      - { uses: actions/upload-artifact@v7, with: { name: built, path: out, include-hidden-files: true } }
  use:
    needs: make
    if: always()
    runs-on: ubuntu-latest
    steps:
      - { uses: actions/download-artifact@v8, with: { name: built, path: in } }
      - run: cat in/.kept/a.txt
`);
    const { steps, annotations } = rehearsal.job(run, 'make');
    expect(steps.map(({ outcome }) => outcome)).toEqual(['success', 'success', 'failure']);
    expect(annotations[0]?.message).toMatch(/409\) Conflict/);
    expect(rehearsal.job(run, 'use').log.at(-1)).toBe('hi');
  });

  test.each([
    ['ignore', 'success', []],
    ['warn', 'success', ['warning']],
    ['error', 'failure', ['error']]
  ])('where nothing is found, if-no-files-found: %s is a %s', async (how, conclusion, levels) => {
    const { rehearsal, run } = await play(
      job(
        `      - { uses: actions/upload-artifact@v7, with: { name: built, path: none, if-no-files-found: ${how} } }\n`
      )
    );
    expect(run.conclusion).toBe(conclusion);
    expect(rehearsal.job(run, 'one').annotations.map(({ level }) => level)).toEqual(levels);
  });

  test('one that is not there fails the step', async () => {
    const { rehearsal, run } = await play(
      job('      - { uses: actions/download-artifact@v8, with: { name: other } }\n')
    );
    expect(run.conclusion).toBe('failure');
    expect(rehearsal.job(run, 'one').annotations[0]?.message).toMatch('Artifact not found for name: other');
  });
});

describe('the files that upload-artifact finds', () => {
  let workspace: string;
  beforeEach(() => {
    workspace = mkdtempSync(join(tmpdir(), 'find-files-'));
    const files = [
      'dist/a.js',
      'dist/deep/b.js',
      'dist/deep/c.css',
      'dist/.hidden/d.js',
      '.env',
      'read[me].md',
      'x+y.md'
    ];
    for (const file of files) {
      mkdirSync(join(workspace, dirname(file)), { recursive: true });
      writeFileSync(join(workspace, file), '');
    }
  });
  afterEach(() => rmSync(workspace, { recursive: true, force: true }));

  test.each([
    ['dist', ['a.js', 'deep/b.js', 'deep/c.css']],
    ['dist/', ['a.js', 'deep/b.js', 'deep/c.css']],
    ['dist/*', ['a.js', 'deep/b.js', 'deep/c.css']],
    ['dist/*.js', ['a.js']],
    ['dist/**/*.js', ['a.js', 'deep/b.js']],
    ['dist/d??p', ['deep/b.js', 'deep/c.css']],
    ['dist/deep/[!b].*', ['c.css']],
    ['dist\n!dist/deep', ['a.js']],
    ['dist\n!**/*.css', ['a.js', 'deep/b.js']],
    ['dist/a.js\ndist/deep/b.js', ['a.js', 'deep/b.js']],
    ['dist/a.js', ['a.js']],
    ['x+y.md', ['x+y.md']],
    ['x*y.md', ['x+y.md']],
    ['xxy.md', []],
    ['read[[]me].md', ['read[me].md']],
    ['.env', []]
  ])('%j: %j', (patterns, paths) => {
    expect(findFiles({ workspace, patterns, hidden: false }).map(({ path }) => path)).toEqual(paths);
  });

  test('with include-hidden-files the hidden ones too', () => {
    expect(findFiles({ workspace, patterns: 'dist/**/*.js', hidden: true }).map(({ path }) => path)).toEqual([
      '.hidden/d.js',
      'a.js',
      'deep/b.js'
    ]);
    expect(findFiles({ workspace, patterns: '.env', hidden: true }).map(({ path }) => path)).toEqual(['.env']);
  });
});

test('actions/setup-node takes the Node there is, and says when another is asked for', async () => {
  const major = process.version.slice(1).split('.')[0] ?? '';
  const { rehearsal, run } = await play(
    job(`      - { uses: actions/setup-node@v6, with: { node-version: ${major} } }
      - { uses: actions/setup-node@v6, with: { node-version: 8 } }
`)
  );
  expect(rehearsal.job(run, 'one').steps.map(({ outcome }) => outcome)).toEqual(['success', 'failure']);
});
