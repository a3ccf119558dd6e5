import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startHub } from '../../../../rehearsal/hub/index.ts';
import type { Hub } from '../../../../rehearsal/hub/index.ts';
import { hostingAt } from './hub-scene.ts';

const DAY = 24 * 3600 * 1000;
/** Git knows whole seconds. */
const NOW = Math.floor(Date.now() / 1000) * 1000;
const ago = (days: number): Date => new Date(NOW - days * DAY);

let hub: Hub;
let merge = '';
let work: readonly string[] = [];

const branch = (name: string, date: Date): Promise<string> =>
  hub.commit({ branch: name, message: 'work', files: { [`${name}.txt`]: date.toISOString() }, date });

beforeAll(async () => {
  hub = await startHub({ visibility: 'private' });
  merge = await hub.commit({ message: 'feat: begin', files: { 'a.txt': 'a' } });
  // the first query loads the schema, which may take longer than a client waits here
  await hostingAt(hub).facts({ environments: [] });
  work = [await branch('one', ago(3)), await branch('one', ago(2))];
});

afterAll(async () => {
  await hub.stop();
  if (hub.problems.length > 0) throw new Error(hub.problems.join('\n'));
});

test('by the schema of GitHub: merged, open, empty, older than the repository, an issue, and nothing', async () => {
  const merged = hub.openPull({ title: 'merged', commits: work, mergeCommit: merge });
  const open = hub.openPull({ title: 'open', commits: work });
  const empty = hub.openPull({ title: 'empty', mergeCommit: merge });
  const old = hub.openPull({ title: 'old', commits: [await branch('old', new Date(0))], mergeCommit: merge });
  const { url } = hub;
  const issue = await fetch(`${url}/api/v3/repos/acme/shop/issues`, {
    method: 'POST',
    headers: { authorization: `Bearer ${hub.personToken('ana')}`, 'content-type': 'application/json' },
    body: JSON.stringify({ title: 'an issue' })
  });
  expect(issue.status).toBe(201);
  const before = hub.log.length;
  const reader = hostingAt(hub, { contents: 'read', 'pull-requests': 'read' });
  const first = ago(3).toISOString();
  expect(await reader.pullStarts([merged, open, empty, old, old + 1, 9999])).toEqual({
    pulls: new Map([
      [merged, { mergeCommit: merge, firstCommitAt: first }],
      [open, { mergeCommit: null, firstCommitAt: first }],
      [empty, { mergeCommit: merge, firstCommitAt: null }],
      [old, { mergeCommit: merge, firstCommitAt: null }],
      [old + 1, null],
      [9999, null]
    ]),
    needs: null
  });
  expect(hub.log.length - before).toBe(1);
});

test('a token of a private repository needs the right to read pull requests', async () => {
  const number = hub.openPull({ title: 'unseen', commits: work, mergeCommit: merge });
  const blind = hostingAt(hub, { contents: 'read', issues: 'read', deployments: 'read' });
  expect(await blind.pullStarts([number])).toEqual({ pulls: new Map(), needs: 'pull-requests: read' });
});
