import { readdirSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { pagesFolder } from '../../../rehearsal/engine/shims/deploy-pages.ts';
import { open, pushOne, results } from './open.ts';

const FIRST = `name: line
on: push
jobs: { one: { runs-on: ubuntu-latest, steps: [{ run: 'test "$GITHUB_ACTOR" = ana || exit 1' }] } }
`;
const after = (head: string): string => `on: { workflow_run: ${head} }
jobs:
  look:
    runs-on: ubuntu-latest
    steps:
      - run: echo "$WHO $GITHUB_REF"
        env: { WHO: "\${{ github.event.workflow_run.name }} \${{ github.event.workflow_run.conclusion }}" }
`;

describe('on: workflow_run', () => {
  test('starts from the default branch when a run of that name has ended, however it ended', async () => {
    const rehearsal = await open({
      'ci.yml': FIRST,
      'after.yml': after('{ workflows: [line], types: [completed], branches: [main] }'),
      'other.yml': after('{ workflows: [another], types: [completed] }')
    });
    const run = await rehearsal.waitFor(await pushOne(rehearsal), 'completed');
    const next = await rehearsal.waitFor(await rehearsal.follower(run, 'after.yml'), 'completed');
    expect(next).toMatchObject({ event: 'workflow_run', conclusion: 'success', follows: run.id });
    expect(rehearsal.job(next, 'look').log).toContain('line success refs/heads/main');
    const { runs } = await rehearsal.push({ 'b.txt': 'b' }, 'feat: b', { actor: 'zoe' });
    const failed = await rehearsal.waitFor(runs[0] ?? run, 'completed');
    const again = await rehearsal.waitFor(await rehearsal.follower(failed, 'after.yml'), 'completed');
    expect(rehearsal.job(again, 'look').log).toContain('line failure refs/heads/main');
    expect(rehearsal.runs().map(({ workflow }) => workflow)).toEqual(['ci.yml', 'after.yml', 'ci.yml', 'after.yml']);
  });

  test('not for runs of other branches', async () => {
    const rehearsal = await open({
      'ci.yml': FIRST,
      'after.yml': after('{ workflows: [line], types: [completed], branches: [release] }')
    });
    await rehearsal.waitFor(await pushOne(rehearsal), 'completed');
    await rehearsal.waitFor(await pushOne(rehearsal, 'two'), 'completed');
    expect(rehearsal.runs().map(({ workflow }) => workflow)).toEqual(['ci.yml', 'ci.yml']);
  });

  test('another type than completed is not known', async () => {
    const rehearsal = await open({ 'ci.yml': FIRST, 'after.yml': after('{ workflows: [line] }') });
    await expect(pushOne(rehearsal)).rejects.toThrow('does not know the type "requested"');
  });
});

const SITE = (permissions: string): string => `on: push
permissions: {}
jobs:
  make:
    runs-on: ubuntu-latest
    steps:
      - run: mkdir -p .site/.hidden && echo hi > .site/index.html && echo no > .site/.hidden/a
      - { uses: actions/upload-pages-artifact@v5, with: { path: .site } }
  publish:
    needs: make
    runs-on: ubuntu-latest
    permissions: ${permissions}
    steps: [{ id: d, uses: actions/deploy-pages@v5 }, { run: 'test "\${{ steps.d.outputs.page_url }}" != ""' }]
`;

describe('a site of Pages', () => {
  test('is published from the artifact of the run, without hidden files', async () => {
    const rehearsal = await open({ 'ci.yml': SITE('{ pages: write, id-token: write }') });
    const run = await rehearsal.waitFor(await pushOne(rehearsal), 'completed');
    expect(results(rehearsal, run)).toEqual({ make: 'success', publish: 'success' });
    expect(readdirSync(pagesFolder(rehearsal.directory))).toEqual(['index.html']);
  });

  test('asks for both permissions', async () => {
    const rehearsal = await open({ 'ci.yml': SITE('{ pages: write }') });
    const run = await rehearsal.waitFor(await pushOne(rehearsal), 'completed');
    expect(results(rehearsal, run)).toEqual({ make: 'success', publish: 'failure' });
    expect(rehearsal.job(run, 'publish').log.join('\n')).toContain('"id-token: write"');
  });
});
