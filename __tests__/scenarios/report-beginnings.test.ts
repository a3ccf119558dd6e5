import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { pagesFolder } from '../../rehearsal/engine/shims/deploy-pages.ts';
import type { DeliveryReport, Figure } from '../../src/domain/report.ts';
import { template } from './project.ts';
import { openStage, past, saidBy } from './stage.ts';
import type { Stage } from './stage.ts';

const PATH = '.github/workflows/delivery-report.yml';
const REPORT = template('delivery-report');
const DAY = 24 * 3600;

const live = past(1);

/** A private shop whose second version is one pull request, squashed, its work three days old. */
const squashed = async (workflow: Readonly<Record<string, string>>): Promise<Stage> => {
  const shop = await openStage({ from: await live(), hub: { visibility: 'private' } });
  await shop.hub.commit({ message: 'ci: tell everybody', files: workflow });
  const date = new Date(Date.now() - 3 * DAY * 1000);
  const work = await shop.hub.commit({ branch: 'prices', message: 'prices', files: { 'change.txt': 'draft' }, date });
  const number = (await shop.hub.snapshot()).issues.length + 1;
  const message = `feat: prices (#${number})`;
  const { sha, runs } = await shop.push({ 'change.txt': 'done' }, message);
  shop.hub.openPull({ title: 'feat: prices', commits: [work], mergeCommit: sha });
  const [run] = runs;
  if (run === undefined) throw new Error('no run');
  await shop.waitFor(run, { environment: 'production' });
  shop.approve(run, 'production', 'bruno');
  await shop.waitFor(run, 'completed');
  return shop;
};

const site = (shop: Stage, path: string): string => readFileSync(join(pagesFolder(shop.directory), path), 'utf8');
const published = (shop: Stage): DeliveryReport => JSON.parse(site(shop, 'delivery.json'));

const leadTime = (report: DeliveryReport): Figure | undefined =>
  report.environments
    .find(({ name }) => name === 'production')
    ?.lines[0]?.windows[0]?.figures.find(({ rule }) => rule === 'lead-time');

const byHand = async (shop: Stage) => shop.waitFor(await shop.dispatch('delivery-report.yml'), 'completed');

test('the template as it is may see when the work of a squash merge began', async () => {
  const shop = await squashed(REPORT);
  const run = await byHand(shop);
  expect(shop.told(run)['report']).toBe('success done/reported');
  const report = published(shop);
  expect(report.history.unbegun).toBe(0);
  const { p90, n } = leadTime(report) ?? {};
  expect(n).toBe(2);
  expect(p90).toBeGreaterThanOrEqual(3 * DAY);
  expect(p90).toBeLessThan(4 * DAY);
});

test('without its pull-requests: read lead times begin with the merge, and the page says so', async () => {
  const text = REPORT[PATH] ?? '';
  const less = text.replace('pull-requests: read, ', '');
  expect(less).not.toBe(text);
  const shop = await squashed({ ...REPORT, [PATH]: less });
  const run = await byHand(shop);
  expect(shop.told(run)).toEqual({ report: 'success done/reported', publish: 'success' });
  const report = published(shop);
  expect(report.history.unbegun).toBe(1);
  expect(leadTime(report)?.p90).toBeLessThan(DAY);
  expect(site(shop, 'index.html')).toContain('The lead times of 1 change begin with the merge');
  expect(saidBy(shop.job(run, 'report'))['result']).toContain('beginnings-unseen');
});
