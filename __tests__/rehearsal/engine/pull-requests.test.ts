import { describe, expect, test } from '@jest/globals';
import type { Pushed, Rehearsal, RunView } from '../../../rehearsal/engine/index.ts';
import { open } from './open.ts';

const FOLLOW = `on:
  pull_request: { types: [opened, synchronize, reopened, closed] }
concurrency: { group: 'pull-\${{ github.event.number }}', cancel-in-progress: '\${{ github.event.number > 0 }}' }
permissions: { contents: read, issues: write }
jobs:
  look:
    runs-on: ubuntu-latest
    env: { SECRET: '\${{ secrets.SECRET }}', TOKEN: '\${{ github.token }}' }
    steps:
      - uses: actions/checkout@v6
      - id: look
        run: |
          wrote=$(curl -s -o /dev/null -w '%{http_code}' -H "authorization: Bearer $TOKEN" -d '{"title":"seen"}' "$GITHUB_API_URL/repos/$GITHUB_REPOSITORY/issues")
          echo "seen=\${{ github.event.action }} \${{ github.event.pull_request.merged }} \${{ github.ref }} $(cat app.txt) \${SECRET:-none} $wrote" >> "$GITHUB_OUTPUT"
`;
const seen = (rehearsal: Rehearsal, run: RunView): string | undefined =>
  rehearsal.job(run, 'look').steps.find(({ outputs }) => 'seen' in outputs)?.outputs['seen'];

const opened = (options: Parameters<typeof open>[1] = {}): Promise<Rehearsal> =>
  open({ 'follow.yml': FOLLOW }, { secrets: { SECRET: 'deep' }, ...options });

const only = ({ runs }: Pushed): RunView => {
  const [run] = runs;
  if (run === undefined || runs.length > 1) throw new Error(`${runs.length} runs`);
  return run;
};

const wholly = async (rehearsal: Rehearsal, told: Pushed): Promise<string | undefined> => {
  const run = await rehearsal.waitFor(only(told), 'completed');
  expect(run.conclusion).toBe('success');
  return seen(rehearsal, run);
};

describe('the life of a pull request', () => {
  test('opened, pushed to, closed without a merge: its runs are of the trial merge, and its branch may be gone', async () => {
    const rehearsal = await opened();
    const pull = await rehearsal.openPull({ 'app.txt': 'one' }, { branch: 'topic' });
    expect(await wholly(rehearsal, pull)).toBe(`opened false refs/pull/${pull.number}/merge one deep 201`);
    const pushed = await rehearsal.pushToPull(pull.number, { 'app.txt': 'two' });
    expect(await wholly(rehearsal, pushed)).toBe(`synchronize false refs/pull/${pull.number}/merge two deep 201`);
    expect(pushed.sha).not.toBe(pull.sha);
    const closed = await rehearsal.closePull(pull.number);
    expect(await wholly(rehearsal, closed)).toBe(`closed false refs/pull/${pull.number}/merge two deep 201`);
    expect((await rehearsal.hub.snapshot()).branches.map(({ name }) => name)).toEqual(['main']);
    const again = await rehearsal.reopenPull(pull.number);
    expect(await wholly(rehearsal, again)).toBe(`reopened false refs/pull/${pull.number}/merge two deep 201`);
  });

  test('merged: its last run is of the branch it went to, at the merge', async () => {
    const rehearsal = await opened();
    const pull = await rehearsal.openPull({ 'app.txt': 'one' }, { branch: 'topic' });
    await wholly(rehearsal, pull);
    const merged = await rehearsal.closePull(pull.number, { merge: true });
    expect(await wholly(rehearsal, merged)).toBe('closed true refs/heads/main one deep 201');
    const { issues, branches } = await rehearsal.hub.snapshot();
    const main = branches.find(({ name }) => name === 'main');
    expect(issues.find(({ number }) => number === pull.number)).toMatchObject({
      state: 'closed',
      pull: { mergeCommit: only(merged).sha, head: pull.sha }
    });
    expect(main?.oid).toBe(only(merged).sha);
  });

  test('in conflict with its base: nothing starts, not even when it is closed', async () => {
    const rehearsal = await opened();
    const pull = await rehearsal.openPull({ 'app.txt': 'one' }, { branch: 'topic' });
    await wholly(rehearsal, pull);
    await rehearsal.push({ 'app.txt': 'other' }, 'feat: other');
    const pushed = await rehearsal.pushToPull(pull.number, { 'app.txt': 'two' });
    const closed = await rehearsal.closePull(pull.number);
    expect([pushed.runs, closed.runs]).toEqual([[], []]);
  });

  test('of a fork: no secret, and a token that only reads', async () => {
    const rehearsal = await opened();
    const pull = await rehearsal.openPull({ 'app.txt': 'one' }, { branch: 'topic', from: 'eve/shop' });
    expect(await wholly(rehearsal, pull)).toBe(`opened false refs/pull/${pull.number}/merge one none 403`);
    const pushed = await rehearsal.pushToPull(pull.number, { 'app.txt': 'two' });
    expect(await wholly(rehearsal, pushed)).toBe(`synchronize false refs/pull/${pull.number}/merge two none 403`);
    const { branches, issues } = await rehearsal.hub.snapshot();
    expect(branches.map(({ name }) => name)).toEqual(['main']);
    expect(issues.find(({ number }) => number === pull.number)).toMatchObject({
      pull: { fork: true, head: pushed.sha }
    });
  });

  test('a push while the run before is under way: the new one takes its place', async () => {
    const slow = FOLLOW.replace('          wrote', '          [ "$(cat app.txt)" = two ] || sleep 60\n          wrote');
    const rehearsal = await open({ 'follow.yml': slow }, { patience: { interrupt: 100, terminate: 100 } });
    const pull = await rehearsal.openPull({ 'app.txt': 'one' }, { branch: 'topic' });
    await rehearsal.waitFor(only(pull), { job: 'look', status: 'in_progress' });
    const other = await rehearsal.openPull({ 'app.txt': 'two' }, { branch: 'other' });
    const pushed = await rehearsal.pushToPull(pull.number, { 'app.txt': 'two' });
    expect((await rehearsal.waitFor(only(pull), 'completed')).conclusion).toBe('cancelled');
    expect(await wholly(rehearsal, pushed)).toContain('synchronize');
    expect(await wholly(rehearsal, other)).toContain('opened');
  });
});
