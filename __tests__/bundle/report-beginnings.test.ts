import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { DeliveryReport } from '../../src/domain/report.ts';
import { readReport } from '../../src/config/report.ts';
import { openProject, PROJECT } from './harness.ts';
import type { JobResult, Workshop } from './harness.ts';

const HOUR = 3600 * 1000;
/** Git knows whole seconds. */
const NOW = Math.floor(Date.now() / 1000) * 1000;
const ago = (hours: number): Date => new Date(NOW - hours * HOUR);
const iso = (hours: number): string => ago(hours).toISOString();

type Project = Workshop & { readonly first: string };

let shop: Project;
/** Where `delivery.yml` asks for titles, private as the repository is. */
let titled = '';
let folder = '';

/** Commits of a branch, so many hours ago. */
const work = async (branch: string, hours: readonly number[]): Promise<readonly string[]> => {
  const made: string[] = [];
  for (const each of hours)
    made.push(
      await shop.hub.commit({
        branch,
        message: `feat: ${branch}, ${each} hours ago`,
        files: { [`${branch}.txt`]: String(each) },
        date: ago(each)
      })
    );
  return made;
};

/** The number the next pull request or issue gets. */
const nextNumber = async (): Promise<number> => (await shop.hub.snapshot()).issues.length + 1;

const squash = async (branch: string, hours: readonly number[], merged: number): Promise<void> => {
  const commits = await work(branch, hours);
  const message = `feat: ${branch} (#${await nextNumber()})`;
  const mergeCommit = await shop.hub.commit({ message, files: { [`${branch}.txt`]: 'done' }, date: ago(merged) });
  shop.hub.openPull({ title: branch, commits, mergeCommit });
};

/** Each commit again on the main line, made at the merge, written when it was. */
const rebase = async (branch: string, hours: readonly number[], merged: number): Promise<void> => {
  const commits = await work(branch, hours);
  let mergeCommit = '';
  for (const each of hours)
    mergeCommit = await shop.hub.commit({
      message: `feat: ${branch}, ${each} hours ago`,
      files: { [`${branch}.txt`]: String(each) },
      date: ago(merged),
      authored: ago(each)
    });
  shop.hub.openPull({ title: branch, commits, mergeCommit });
};

const merge = async (branch: string, hours: readonly number[], merged: number): Promise<void> => {
  const commits = await work(branch, hours);
  const message = `Merge pull request #${await nextNumber()} from acme/${branch}\n\nfeat: ${branch}`;
  const merges = commits.at(-1) ?? '';
  const files = { [`${branch}.txt`]: String(hours.at(-1)) };
  const mergeCommit = await shop.hub.commit({ message, files, merges, date: ago(merged) });
  shop.hub.openPull({ title: branch, commits, mergeCommit });
};

const READ = { contents: 'read', deployments: 'read', issues: 'read', actions: 'read' } as const;

const report = (request: { workspace?: string; permissions?: Record<string, 'read'> } = {}): Promise<JobResult> =>
  shop.job('report', { run: shop.start(titled), ...request });

const written = async (job: JobResult): Promise<DeliveryReport> => {
  const read = await readReport([await readFile(join(job.artifact, 'delivery.json'), 'utf8')]);
  if (read === undefined) throw new Error(`no report:\n${job.log}`);
  return read;
};

const graphs = ({ calls }: JobResult): number => calls.filter((call) => call === 'graphql').length;

const begun = ({ changes }: DeliveryReport): Readonly<Record<string, readonly [string, string]>> =>
  Object.fromEntries(changes.map(({ subject, begunAt, begunBy }) => [subject ?? '', [begunBy, begunAt]]));

beforeAll(async () => {
  shop = await openProject({ visibility: 'private' });
  const path = '.github/delivery.yml';
  const files = { [path]: `${PROJECT[path] ?? ''}report: { titles: true }\n` };
  titled = await shop.hub.commit({ message: 'ci: tell titles', files });
  await shop.line(titled);
  await squash('squashed', [50, 40], 20);
  await rebase('rebased', [48, 44], 19);
  await merge('merged', [46, 42], 18);
  await shop.line(await shop.hub.commit({ message: 'fix: pushed (#1)', files: { 'd.txt': 'd' }, date: ago(17) }));
});
afterAll(() => shop.close());

test('without pull-requests: read lead times begin with the merge, and page and summary say so', async () => {
  const job = await report({ permissions: READ });
  folder = job.workspace;
  expect([job.exitCode, graphs(job)]).toEqual([0, 2]);
  const told = await written(job);
  expect(told.history.unbegun).toBe(told.changes.filter(({ begunBy }) => begunBy === 'unread').length);
  expect(begun(told)['squashed']).toEqual(['unread', iso(20)]);
  expect(job.summary).toContain('Give the job `pull-requests: read`');
  const page = await readFile(join(job.artifact, 'index.html'), 'utf8');
  expect(page).toContain(`lead times of ${told.history.unbegun} changes begin with the merge`);
});

test('a squash begins with the first commit of its pull request; what has commits of its own begins with them', async () => {
  const job = await report({ workspace: folder });
  expect([job.exitCode, graphs(job)]).toEqual([0, 2]);
  const told = await written(job);
  expect(begun(told)).toMatchObject({
    squashed: ['pull-request', iso(50)],
    'rebased, 48 hours ago': ['commit', iso(48)],
    'rebased, 44 hours ago': ['commit', iso(44)],
    'merged, 46 hours ago': ['commit', iso(46)],
    'merged, 42 hours ago': ['commit', iso(42)],
    pushed: ['commit', iso(17)]
  });
  expect(told.history.unbegun).toBe(0);
  expect(job.summary).not.toContain('pull-requests: read');
});

test('the next report asks for nothing; a new squash takes one more call', async () => {
  const before = await written(await report({ workspace: folder }));
  const same = await report({ workspace: folder });
  expect(graphs(same)).toBe(1);
  expect((await written(same)).changes).toEqual(before.changes);
  await squash('another', [5], 1);
  await shop.stage(await shop.hub.commit({ message: 'fix: a word', files: { 'e.txt': 'e' } }));
  const next = await report({ workspace: folder });
  expect(graphs(next)).toBe(2);
  const told = await written(next);
  expect(begun(told)['another']).toEqual(['pull-request', iso(5)]);
  expect(told.changes).toEqual(expect.arrayContaining([...before.changes]));
});

test('a report from nothing knows the same', async () => {
  const kept = await written(await report({ workspace: folder }));
  const job = await report();
  expect(graphs(job)).toBe(2);
  expect((await written(job)).changes).toEqual(kept.changes);
});
