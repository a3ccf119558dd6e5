import { describe, expect, test } from '@jest/globals';
import type { Pushed } from '../../../rehearsal/engine/index.ts';
import { open } from './open.ts';

const JOBS = 'jobs: { one: { runs-on: ubuntu-latest, steps: [{ run: "true" }] } }\n';
const names = ({ runs }: Pushed): readonly string[] => runs.map(({ workflow }) => workflow);

describe('a push', () => {
  test('starts what its branch, tag and files concern', async () => {
    const rehearsal = await open({
      'all.yml': `on: push\n${JOBS}`,
      'main.yml': `on: { push: { branches: [main, 'release/**'] } }\n${JOBS}`,
      'tags.yml': `on: { push: { tags: ['v*'] } }\n${JOBS}`,
      'docs.yml': `on: { push: { paths: ['docs/**', '!docs/old/**'] } }\n${JOBS}`,
      'code.yml': `on: [push, pull_request]\n${JOBS}`,
      'hand.yml': `on: workflow_dispatch\n${JOBS}`
    });
    expect(names(await rehearsal.push({ 'a.txt': 'a' }, 'feat: a'))).toEqual(['all.yml', 'code.yml', 'main.yml']);
    expect(names(await rehearsal.push({ 'docs/a.md': 'a' }, 'docs: a', { branch: 'topic' }))).toEqual([
      'all.yml',
      'code.yml',
      'docs.yml'
    ]);
    expect(names(await rehearsal.push({ 'docs/old/a.md': 'a' }, 'docs: b', { branch: 'release/1/x' }))).toEqual([
      'all.yml',
      'code.yml',
      'main.yml'
    ]);
    const tagged = await rehearsal.pushTag('v1.0.0', rehearsal.first);
    expect(names(tagged)).toEqual(['all.yml', 'code.yml', 'docs.yml', 'tags.yml']);
    expect(names(await rehearsal.push({ 'b.txt': 'b' }, 'feat: quiet [skip ci]'))).toEqual([]);
  });

  test('shows its payload, title and default variables to the steps', async () => {
    const rehearsal = await open({
      'ci.yml': `on: push
run-name: build of \${{ github.ref_name }} by \${{ github.actor }}
jobs:
  one:
    runs-on: ubuntu-latest
    steps:
      - run: echo "\${{ github.event.head_commit.message }} \${{ github.event.before }} $GITHUB_WORKFLOW_REF $GITHUB_EVENT_NAME"
`
    });
    const { runs } = await rehearsal.push({ a: 'a' }, 'feat: shown', { actor: 'dora' });
    const [run] = runs;
    if (run === undefined) throw new Error('no run');
    await rehearsal.waitFor(run, 'completed');
    expect(run).toMatchObject({ title: 'build of main by dora', actor: 'dora', event: 'push' });
    expect(rehearsal.job(run, 'one').log.at(-1)).toBe(
      `feat: shown ${rehearsal.first} acme/shop/.github/workflows/ci.yml@refs/heads/main push`
    );
  });
});

describe('workflow_dispatch', () => {
  const HAND = `on:
  workflow_dispatch:
    inputs:
      version: { required: true, type: string }
      environment: { type: choice, options: [staging, production] }
      force: { type: boolean, default: false }
      count: { type: number, default: 3 }
jobs:
  one:
    runs-on: ubuntu-latest
    steps:
      - run: echo "\${{ inputs.version }} \${{ inputs.environment }} \${{ inputs.force == true }} \${{ inputs.count + 0 == 3 }} \${{ github.event.inputs.force }}"
`.replace(' + 0', '');

  test('gives typed inputs and defaults', async () => {
    const rehearsal = await open({ 'hand.yml': HAND });
    const run = await rehearsal.dispatch('hand.yml', { version: '1.2.3', force: 'true' }, { actor: 'bruno' });
    await rehearsal.waitFor(run, 'completed');
    expect(rehearsal.job(run, 'one').log.at(-1)).toBe('1.2.3 staging true true true');
    expect(run).toMatchObject({ actor: 'bruno', event: 'workflow_dispatch', sha: rehearsal.first });
  });

  test.each([
    [{}, "Required input 'version' not provided"],
    [{ version: '1', other: 'x' }, 'Unexpected inputs provided: ["other"]'],
    [{ version: '1', environment: 'moon' }, "Provided value 'moon'"],
    [{ version: '1', force: 'yes' }, "not a boolean: 'yes'"]
  ])('%j is refused', async (inputs, message) => {
    const rehearsal = await open({ 'hand.yml': HAND });
    await expect(rehearsal.dispatch('hand.yml', inputs)).rejects.toThrow(message);
    await expect(rehearsal.dispatch('other.yml')).rejects.toThrow('there is no workflow other.yml');
  });

  test('runs the version of the chosen branch', async () => {
    const rehearsal = await open({ 'hand.yml': `on: workflow_dispatch\n${JOBS}` });
    const { sha } = await rehearsal.push({ a: 'b' }, 'feat: b', { branch: 'topic' });
    const run = await rehearsal.dispatch('hand.yml', {}, { ref: 'refs/heads/topic' });
    expect(run.sha).toBe(sha);
    expect((await rehearsal.waitFor(run, 'completed')).conclusion).toBe('success');
  });
});

describe('pull requests and clocks', () => {
  test('a pull request runs on the trial merge', async () => {
    const rehearsal = await open({
      'plan.yml': `on: { pull_request: { branches: [main], paths: ['src/**'] } }
jobs:
  plan:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v6
      - run: cat src/b.txt a.txt; echo "$GITHUB_HEAD_REF $GITHUB_BASE_REF $GITHUB_REF \${{ github.event.number }}"
`
    });
    await rehearsal.push({ 'src/b.txt': 'b\n' }, 'feat: b', { branch: 'topic' });
    await rehearsal.push({ 'a.txt': 'a\n' }, 'feat: a');
    const { runs, sha } = await rehearsal.pullRequest({ branch: 'topic', number: 7, actor: 'bruno' });
    const [run] = runs;
    if (run === undefined) throw new Error('no run');
    expect((await rehearsal.waitFor(run, 'completed')).sha).toBe(sha);
    expect(rehearsal.job(run, 'plan').log.slice(-5, -2)).toEqual(['b', 'a', 'topic main refs/pull/7/merge 7']);
    expect(names(await rehearsal.pullRequest({ branch: 'topic', number: 7, action: 'closed' }))).toEqual([]);
  });

  test('a schedule strikes by hand', async () => {
    const rehearsal = await open({ 'cron.yml': `on: { schedule: [{ cron: '0 3 * * 1' }] }\n${JOBS}` });
    await expect(rehearsal.schedule('cron.yml', '* * * * *')).rejects.toThrow('has no schedule');
    const run = await rehearsal.schedule('cron.yml', '0 3 * * 1');
    expect((await rehearsal.waitFor(run, 'completed')).conclusion).toBe('success');
  });
});
