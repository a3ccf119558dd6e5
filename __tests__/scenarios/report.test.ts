import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { DeliveryReport, Figure, MetricRule } from '../../src/domain/report.ts';
import { pagesFolder } from '../../rehearsal/engine/shims/deploy-pages.ts';
import { deliverySaying, faring, template } from './project.ts';
import { LINE, openStage, past, saidBy } from './stage.ts';
import type { Stage } from './stage.ts';

const PATH = '.github/workflows/delivery-report.yml';
const REPORT = template('delivery-report');

const live = past(1);

/** A shop with one version live that has just copied the template. */
const openReported = async (
  files: Readonly<Record<string, string>> = {},
  visibility: 'public' | 'private' = 'public'
): Promise<Stage> => {
  const shop = await openStage({ from: await live(), hub: { visibility } });
  await shop.hub.commit({ message: 'ci: tell everybody', files: { ...REPORT, ...files } });
  return shop;
};

const siteFile = (shop: Stage, path: string): string => readFileSync(join(pagesFolder(shop.directory), path), 'utf8');
const siteFiles = (shop: Stage): readonly string[] =>
  readdirSync(pagesFolder(shop.directory), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)
    .toSorted();

const published = (shop: Stage): DeliveryReport => JSON.parse(siteFile(shop, 'delivery.json'));

const lineOf = (
  report: DeliveryReport,
  environment: string
): DeliveryReport['environments'][number]['lines'][number] => {
  const line = report.environments.find(({ name }) => name === environment)?.lines[0];
  if (line === undefined) throw new Error(`nothing is told of ${environment}`);
  return line;
};

const figure = (report: DeliveryReport, rule: MetricRule): Figure | undefined =>
  lineOf(report, 'production').windows[0]?.figures.find((each) => each.rule === rule);

const badge = (shop: Stage, name: string): string => JSON.parse(siteFile(shop, `badges/${name}.json`)).message;

type Run = Awaited<ReturnType<Stage['deliver']>>;

const press = async (shop: Stage, run: Run): Promise<Run> => {
  await shop.waitFor(run, { environment: 'production' });
  shop.approve(run, 'production', 'bruno');
  return shop.waitFor(run, 'completed');
};

const reportAfter = async (shop: Stage, run: Run): Promise<Run> =>
  shop.waitFor(await shop.follower(run, 'delivery-report.yml'), 'completed');

const byHand = async (shop: Stage): Promise<Run> =>
  shop.waitFor(await shop.dispatch('delivery-report.yml'), 'completed');

const DONE = { report: 'success done/reported', publish: 'success' };
const BADGES = ['', '-change-fail-rate', '-deployments', '-lead-time'].map((of) => `production${of}`);

test('after a delivery the site holds the page, the numbers and the badges', async () => {
  const shop = await openReported();
  const run = await press(shop, await shop.deliver('feat: prices'));
  const told = await reportAfter(shop, run);
  expect(shop.told(told)).toEqual(DONE);
  expect(siteFiles(shop)).toEqual(
    [
      'delivery.json',
      'index.html',
      ...[...BADGES, 'staging'].flatMap((name) => [`${name}.json`, `${name}.svg`])
    ].toSorted()
  );
  const report = published(shop);
  expect(lineOf(report, 'production').live).toMatchObject({ kind: 'version', version: '0.2.0', approvedBy: ['bruno'] });
  expect(figure(report, 'failed-attempts')).toMatchObject({ n: 2, part: 0 });
  expect(figure(report, 'change-fail-rate')).toMatchObject({ n: 2, part: 0, value: 0 });
  expect(figure(report, 'batch-size')).toMatchObject({ n: 1, median: 2 });
  expect([badge(shop, 'production'), badge(shop, 'staging')]).toEqual(['0.2.0', '0.2.0']);
  expect(shop.job(told, 'publish').environmentUrl).toBe('https://acme.github.io/shop/');
});

test('after a delivery that was rolled back: the old version is the live one, and the broken one counts', async () => {
  const shop = await openReported();
  const run = await press(shop, await shop.deliver('feat: breaks', faring('sick in production')));
  expect(run.conclusion).toBe('failure');
  expect(shop.told(await reportAfter(shop, run))).toEqual(DONE);
  const report = published(shop);
  expect(lineOf(report, 'production').live).toMatchObject({ kind: 'version', version: '0.1.0' });
  expect(lineOf(report, 'staging').live).toMatchObject({ version: '0.2.0' });
  const [back, broken] = report.deliveries;
  expect(back).toMatchObject({ environment: 'production', version: '0.1.0', kind: 'rollback', mends: [broken?.id] });
  expect(broken).toMatchObject({ version: '0.2.0', outcome: 'taken-back', failure: { recoveredBy: back?.id } });
  expect(figure(report, 'change-fail-rate')).toMatchObject({ n: 3, part: 1, deliveries: [broken?.id] });
  expect(figure(report, 'recovery-time')).toMatchObject({ n: 1, extra: 0 });
  expect(report.incidents).toHaveLength(1);
  expect([badge(shop, 'production'), badge(shop, 'staging')]).toEqual(['0.1.0', '0.2.0']);
});

test('a version chosen by hand is reported too', async () => {
  const shop = await openReported();
  await press(shop, await shop.deliver('feat: two'));
  const order = { version: 'previous', environment: 'production', reason: 'prices look odd' };
  const run = await press(shop, await shop.dispatch('deploy-version.yml', order));
  expect(shop.told(await reportAfter(shop, run))).toEqual(DONE);
  const report = published(shop);
  expect(lineOf(report, 'production').live).toMatchObject({ version: '0.1.0' });
  expect(figure(report, 'change-fail-rate')).toMatchObject({ n: 3, part: 1 });
});

test('on Mondays: what waits for the button is on the page, with the way to it', async () => {
  const shop = await openReported();
  const waiting = await shop.deliver('feat: <b>prices</b>');
  await shop.waitFor(waiting, { environment: 'production' });
  const run = await shop.waitFor(await shop.schedule('delivery-report.yml', '41 5 * * 1'), 'completed');
  expect(shop.told(run)).toEqual(DONE);
  const { waiting: stock } = lineOf(published(shop), 'production');
  const url = `${shop.hub.url}/acme/shop/actions/runs/${waiting.id}`;
  expect(stock).toMatchObject({ version: '0.2.0', changes: 2, run: { version: '0.2.0', url } });
  const page = siteFile(shop, 'index.html');
  for (const part of [`href="${url}"`, '&lt;b&gt;prices&lt;/b&gt;']) expect(page.includes(part)).toBe(true);
  expect(page.includes('<b>prices')).toBe(false);
});

test('by hand, twice: each begins afresh, and says the same', async () => {
  const shop = await openReported();
  await byHand(shop);
  const first = published(shop);
  const again = await byHand(shop);
  const { generatedAt: _, ...second } = published(shop);
  expect(shop.told(again)).toEqual(DONE);
  expect(second.deliveries).toEqual(first.deliveries);
  expect(second.history.unread).toBe(0);
  expect(shop.calls(again, 'report').length).toBeLessThanOrEqual(4);
});

test('before the first delivery there is no data, and no zero', async () => {
  const shop = await openStage({ files: { ...LINE, ...REPORT } });
  const run = await byHand(shop);
  expect(shop.told(run)).toEqual(DONE);
  const report = published(shop);
  expect(report.deliveries).toEqual([]);
  expect(lineOf(report, 'production').live).toEqual({ kind: 'nothing' });
  expect(figure(report, 'deployments')?.value).toBeNull();
  expect(badge(shop, 'production-deployments')).toBe('no data');
  expect(siteFile(shop, 'index.html').includes('no data')).toBe(true);
});

test('in Portuguese where delivery.yml says so', async () => {
  const shop = await openReported(deliverySaying('build:\n', 'language: pt-BR\nbuild:\n'));
  const run = await byHand(shop);
  expect(shop.told(run)).toEqual(DONE);
  expect(siteFile(shop, 'index.html').includes('<html lang="pt-BR"')).toBe(true);
  expect(badge(shop, 'production-lead-time')).toBe('sem dados');
  expect(shop.summaries(run).join('')).toMatch(/[ãç]/);
});

test('of private code no title is published, where nobody asked for it', async () => {
  const shop = await openReported({}, 'private');
  await byHand(shop);
  const site = `${siteFile(shop, 'index.html')}${siteFile(shop, 'delivery.json')}`;
  expect(published(shop).titles).toBe(false);
  expect(published(shop).changes.map(({ subject }) => subject)).toEqual([null, null]);
  expect(site.includes('change 1')).toBe(false);
});

const without = (scope: string): Record<string, string> => {
  const text = REPORT[PATH] ?? '';
  if (!text.includes(scope)) throw new Error(`the template has no ${scope}`);
  return { [PATH]: text.replace(scope, '') };
};

test('a scope that was taken away is named, and the site stays as it was', async () => {
  const shop = await openReported({}, 'private');
  await byHand(shop);
  const before = siteFile(shop, 'delivery.json');
  await shop.hub.commit({ message: 'ci: less', files: without('deployments: read, ') });
  const run = await byHand(shop);
  expect(shop.told(run)).toEqual({ report: 'failure refused/permission-missing', publish: 'skipped' });
  expect(saidBy(shop.job(run, 'report'))['result']).toContain('deployments: read');
  expect(siteFile(shop, 'delivery.json')).toBe(before);
});

test('without actions: read the page is published all the same, and says what it could not see', async () => {
  const shop = await openReported(without(', actions: read'), 'private');
  const run = await byHand(shop);
  expect(shop.told(run)).toEqual(DONE);
  expect(saidBy(shop.job(run, 'report'))['result']).toContain('waiting-unseen');
});

test('where the site cannot be replaced, the report is red and its summary is there', async () => {
  const shop = await openReported(without(', id-token: write'));
  const run = await byHand(shop);
  expect(shop.told(run)).toEqual({ report: 'success done/reported', publish: 'failure' });
  expect(shop.summaries(run).join('')).toContain('0.1.0');
});

test('of reports that wait only the newest stays, and the one under way ends', async () => {
  const shop = await openReported();
  const runs = [];
  for (let at = 0; at < 3; at++) runs.push(await shop.dispatch('delivery-report.yml'));
  const ends = await Promise.all(runs.map((run) => shop.waitFor(run, 'completed')));
  expect(ends.map(({ conclusion }) => conclusion)).toEqual(['success', 'cancelled', 'success']);
});
