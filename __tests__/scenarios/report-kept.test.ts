import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { DeliveryReport } from '../../src/domain/report.ts';
import { tagMessage } from '../../src/domain/tag-message.ts';
import { pagesFolder } from '../../rehearsal/engine/shims/deploy-pages.ts';
import { manifest } from '../config/documents.ts';
import { v } from '../fakes/builders.ts';
import { template } from './project.ts';
import { newFolder, openStage, past } from './stage.ts';
import type { Stage } from './stage.ts';

const PATH = '.github/workflows/delivery-report.yml';

const live = past(1);

const openShop = async (): Promise<Stage> => {
  const shop = await openStage({ from: await live(), hub: { hourlyLimit: 100_000 } });
  await shop.hub.commit({ message: 'ci: tell everybody', files: template('delivery-report') });
  return shop;
};

/** As somebody with a token of their own. */
const write = async ({ hub }: Stage, path: string, body: object | Buffer): Promise<Record<string, unknown>> => {
  const address = path.startsWith('http') ? path : `${hub.apiUrl}/repos/${hub.owner}/${hub.name}/${path}`;
  const answer = await fetch(address, {
    method: 'POST',
    headers: { authorization: `Bearer ${hub.personToken('ana')}`, 'content-type': 'application/json' },
    body: body instanceof Buffer ? new Uint8Array(body) : JSON.stringify(body)
  });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return Object(await answer.json());
};

const payloadOf = (shop: Stage, version: string, previous: string): object => ({
  schema: 1,
  version,
  tag: `v${version}`,
  digest: `sha256:${'d'.repeat(64)}`,
  kind: 'deploy',
  previous,
  reason: null,
  override: [],
  requestedBy: 'ana',
  approvedBy: ['bruno'],
  run: { id: 1, attempt: 1, url: `${shop.hub.url}/acme/shop/actions/runs/1` },
  changes: 1,
  manualTouches: 1
});

/** A delivery that went live and was replaced, told straight to GitHub. */
const delivered = async (shop: Stage, nth: number): Promise<void> => {
  const { id } = await write(shop, 'deployments', {
    ref: shop.first,
    task: 'deploy',
    auto_merge: false,
    required_contexts: [],
    environment: 'production',
    production_environment: true,
    payload: payloadOf(shop, `1.${nth}.0`, `1.${nth - 1}.0`)
  });
  for (const state of ['in_progress', 'success', 'inactive'])
    await write(shop, `deployments/${String(id)}/statuses`, { state });
};

/** The first release whose tag carries its changes. */
const CARRIES = 20;

/** A release with its document, as `release` makes one, or made one when tags carried no changes. */
const released = async (shop: Stage, nth: number): Promise<void> => {
  const [version, commit] = [`1.${nth}.0`, shop.first];
  const previous = v(`1.${nth - 1}.0`);
  const change = { commit, type: 'feat', subject: `makes ${version}`, breaking: false, author: 'ana' };
  const changes = [
    { ...change, commit: createHash('sha1').update(version).digest('hex'), date: new Date().toISOString() }
  ];
  const document = { ...manifest, version, tag: `v${version}`, commit, previous, changes };
  const text = Buffer.from(JSON.stringify(document));
  const manifestSha256 = createHash('sha256').update(text).digest('hex');
  const note = { manifestSha256, tarSha256: manifest.archive.tarSha256, changes: 1 };
  const message = tagMessage(v(version), note, nth < CARRIES ? undefined : { previous, changes });
  const tag = await write(shop, 'git/tags', { tag: `v${version}`, object: commit, type: 'commit', message });
  await write(shop, 'git/refs', { ref: `refs/tags/v${version}`, sha: tag['sha'] });
  const release = await write(shop, 'releases', { tag_name: `v${version}`, prerelease: true });
  await write(shop, String(release['upload_url']).replace(/\{.*$/, '?name=release.json'), text);
};

const history = async (shop: Stage, from: number, to: number): Promise<void> => {
  for (let nth = from; nth < to; nth += 1) await delivered(shop, nth);
};

const releases = async (shop: Stage, from: number, to: number): Promise<void> => {
  for (let nth = from; nth < to; nth += 1) await released(shop, nth);
};

const published = (shop: Stage): DeliveryReport =>
  JSON.parse(readFileSync(join(pagesFolder(shop.directory), 'delivery.json'), 'utf8'));

type Run = Awaited<ReturnType<Stage['dispatch']>>;

/** What the run asked GitHub for, by name; documents of releases among it. */
const askedBy = (shop: Stage, run: Run): Record<string, number> => {
  const asked = shop.hub.log.filter((entry) => entry.run === run.id && entry.kind !== 'git');
  return Object.fromEntries(
    [...new Set(asked.map(({ operation }) => operation))].map((name) => [
      name,
      asked.filter(({ operation }) => operation === name).length
    ])
  );
};

const DONE = { report: 'success done/reported', publish: 'success' };

const report = async (shop: Stage, start = shop.dispatch('delivery-report.yml')): Promise<Record<string, number>> => {
  const run = await shop.waitFor(await start, 'completed');
  expect(shop.told(run)).toEqual(DONE);
  return askedBy(shop, run);
};

const DOCUMENTS = 'repos/get-release-asset';
const WAITING = { 'actions/list-workflow-runs-for-repo': 1 };
const LOOKED = { 'actions/list-artifacts-for-repo': 1 };
/** The live record of staging is older than the newest hundred, so it is looked at in a call of its own. */
const WENT_ON = { ...LOOKED, 'actions/download-artifact': 1, graphql: 2, ...WAITING };
const ELEVEN_DAYS = 11 * 24 * 60;

test('the copied template asks for what is new, whatever lies behind it', async () => {
  const shop = await openShop();
  await history(shop, 1, 320);
  await releases(shop, 1, 40);
  expect(await report(shop)).toEqual({ graphql: 3, [DOCUMENTS]: CARRIES - 1, ...LOOKED, ...WAITING });
  expect(await report(shop)).toEqual(WENT_ON);
  await history(shop, 320, 325);
  await releases(shop, 320, 323);
  expect(await report(shop, shop.schedule('delivery-report.yml', '41 5 * * 1'))).toEqual(WENT_ON);
  const wentOn = published(shop);
  shop.advance(ELEVEN_DAYS);
  expect(await report(shop)).toEqual({ graphql: 3, [DOCUMENTS]: CARRIES - 1, ...LOOKED, ...WAITING });
  const { deliveries, releases: listed, changes, attempts } = published(shop);
  expect(wentOn).toMatchObject({ deliveries, releases: listed, changes, attempts });
  expect(wentOn.history).toMatchObject({ complete: true, unread: 0 });
  expect(wentOn.deliveries).toHaveLength(326);
});

/** What a stranger would have the page say: another report, whole and of this repository. */
const forged = async (shop: Stage): Promise<string> => {
  const file = join(await newFolder(), 'delivery.json');
  const { deliveries, ...rest } = published(shop);
  writeFileSync(file, JSON.stringify({ ...rest, deliveries: deliveries.slice(0, 1) }));
  return file;
};

test('what runs of forks and of other branches left under that name is passed over', async () => {
  const shop = await openShop();
  await history(shop, 1, 120);
  await report(shop);
  const file = await forged(shop);
  const left = { event: 'pull_request', actor: 'eve', sha: shop.first };
  const [fork, other] = [
    shop.hub.startRun({ ...left, ref: 'refs/heads/main' }),
    shop.hub.startRun({ ...left, event: 'push', ref: 'refs/heads/sly' })
  ];
  shop.hub.keepArtifact({ run: fork.id, name: 'delivery.json', file, fork: true });
  shop.hub.keepArtifact({ run: other.id, name: 'delivery.json', file });
  for (const run of [fork, other]) shop.hub.finishRun(run, 'success');
  expect(await report(shop)).toEqual(WENT_ON);
  expect(published(shop).deliveries).toHaveLength(121);
});

test('where nothing can be kept the page is published all the same, and the next report begins afresh', async () => {
  const shop = await openShop();
  await history(shop, 1, 120);
  const text = (template('delivery-report')[PATH] ?? '').replace('retention-days: 10', 'retention-days: 100');
  await shop.hub.commit({ message: 'ci: keep nothing', files: { [PATH]: text } });
  for (const _ of [1, 2]) expect(await report(shop)).toEqual({ graphql: 2, ...LOOKED, ...WAITING });
});
