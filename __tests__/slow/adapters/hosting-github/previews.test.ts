import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startHub } from '../../../../rehearsal/hub/index.ts';
import type { Hub } from '../../../../rehearsal/hub/index.ts';
import { hostingAt } from './hub-scene.ts';

const RIGHTS = { deployments: 'write', 'pull-requests': 'read' } as const;

let hub: Hub;
let main = '';
let head = '';

beforeAll(async () => {
  hub = await startHub({ visibility: 'private' });
  main = await hub.commit({ message: 'feat: begin', files: { 'a.txt': 'a' } });
  // the first query loads the schema, which may take longer than a client waits here
  await hostingAt(hub).facts({ environments: [] });
  head = await hub.commit({ branch: 'work', message: 'work', files: { 'b.txt': 'b' } });
});

afterAll(async () => {
  await hub.stop();
  if (hub.problems.length > 0) throw new Error(hub.problems.join('\n'));
});

const recordOf = (pull: number) =>
  ({
    commit: head,
    description: 'Make it',
    payload: {
      schema: 1,
      pull,
      kind: 'up',
      requestedBy: 'ana',
      expires: '2030-01-01T00:00:00.000Z',
      run: { id: 1, attempt: 1, url: 'https://github.test/runs/1' }
    }
  }) as const;

test('by the schemas of GitHub: records of previews, and pull requests in every state', async () => {
  const hosting = hostingAt(hub, RIGHTS);
  const open = hub.openPull({ title: 'open', commits: [head] });
  const fork = hub.openPull({ title: 'fork', head, fork: true });
  const merged = hub.openPull({ title: 'merged', head, mergeCommit: main });
  const closed = hub.openPull({ title: 'closed', head });
  hub.changePull(closed, { state: 'closed' });
  const id = await hosting.createPreviewRecord(recordOf(open));
  await hosting.setStatus(id, { state: 'success', description: 'It is up', environmentUrl: 'https://pr-1.test' });
  const gone = await hosting.createPreviewRecord(recordOf(closed));
  await hosting.setStatus(gone, { state: 'inactive', description: 'It is gone' });
  const { records, pulls, next } = await hosting.previewFacts({ pulls: [open, fork, merged, closed, 999] });
  expect(records.map((each) => [each.id, each.state, each.payload.pull])).toEqual([
    [gone, 'inactive', closed],
    [id, 'success', open]
  ]);
  expect(Object.fromEntries(pulls)).toMatchObject({
    [open]: { open: true, fork: false, head },
    [fork]: { open: true, fork: true },
    [merged]: { open: false },
    [closed]: { open: false },
    999: null
  });
  expect(next).toBeNull();
});

test('a success leaves the records of other previews alone', async () => {
  const hosting = hostingAt(hub, RIGHTS);
  const before = (await hosting.previewFacts({ pulls: [] })).records.filter(({ state }) => state === 'success');
  const another = hub.openPull({ title: 'another', commits: [head] });
  const id = await hosting.createPreviewRecord(recordOf(another));
  await hosting.setStatus(id, { state: 'success', description: 'It is up' });
  const after = (await hosting.previewFacts({ pulls: [] })).records.filter(({ state }) => state === 'success');
  expect(after).toHaveLength(before.length + 1);
});

test('pages lead back to the first record', async () => {
  const hosting = hostingAt(hub, RIGHTS);
  const pull = hub.openPull({ title: 'busy', commits: [head] });
  for (let count = 0; count < 101; count += 1) await hosting.createPreviewRecord(recordOf(pull));
  const first = await hosting.previewFacts({ pulls: [] });
  expect(first.records).toHaveLength(100);
  const second = await hosting.previewFacts({ pulls: [], ...(first.next === null ? {} : { after: first.next }) });
  expect(second.records.length).toBeGreaterThan(0);
  expect(second.next).toBeNull();
});
