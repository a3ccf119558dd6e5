import { expect, test } from '@jest/globals';
import { deliverySaying, template } from './project.ts';
import { CARD, LINE, openStage } from './stage.ts';
import type { Stage, StageOptions } from './stage.ts';

/** A first version that comes as far as the gate. */
const offer = async (options: StageOptions): Promise<{ shop: Stage; run: Awaited<ReturnType<Stage['deliver']>> }> => {
  const shop = await openStage(options);
  const run = await shop.deliver('feat: open the shop');
  return { shop, run };
};

const UP_TO_STAGING = {
  build: 'success done/built',
  release: 'success done/released',
  staging: 'success done/delivered'
};

const names = async (shop: Stage): Promise<readonly string[]> =>
  (await shop.hub.snapshot()).environments.map(({ name }) => name).toSorted();

test('no environment: refused before the button, and none comes into being', async () => {
  const { shop, run } = await offer({ environments: { staging: {} } });
  expect(await shop.waitFor(run, 'completed')).toMatchObject({ conclusion: 'failure' });
  expect(shop.told(run)).toEqual({
    ...UP_TO_STAGING,
    propose: 'failure refused/gate-missing',
    production: 'skipped',
    announce: 'skipped'
  });
  expect(await names(shop)).toEqual(['staging']);
  expect(shop.summaries(run).join('')).toContain('New environment');
  expect(await shop.touched('production')).toEqual([]);
});

test('the environment made good, the failed jobs run again: the rest is kept, and it goes out', async () => {
  const { shop, run } = await offer({ environments: { staging: {} } });
  await shop.waitFor(run, 'completed');
  shop.hub.defineEnvironment('production', { reviewers: ['bruno'] });
  const again = shop.rerun(run, { failedOnly: true });
  await shop.waitFor(again, { environment: 'production' });
  expect(
    shop
      .jobs(again)
      .filter(({ reused }) => reused)
      .map(({ key }) => key)
  ).toEqual(['build', 'release', 'staging']);
  shop.approve(again, 'production', 'bruno');
  expect(await shop.waitFor(again, 'completed')).toMatchObject({ conclusion: 'success', attempt: 2 });
  expect(await shop.records('production')).toEqual(['0.1.0 deploy by bruno: ACTIVE']);
  expect(await shop.touched('staging')).toEqual(['deploy 0.1.0']);
});

test('an environment without reviewers is no gate: refused', async () => {
  const { shop, run } = await offer({ environments: { staging: {}, production: {} } });
  await shop.waitFor(run, 'completed');
  expect(shop.told(run)).toEqual({
    ...UP_TO_STAGING,
    propose: 'failure refused/gate-unprotected',
    production: 'skipped',
    announce: 'skipped'
  });
  expect(shop.summaries(run).join('')).toContain('Required reviewers');
  expect(await shop.records('production')).toEqual([]);
});

test('a private repository whose plan has no reviewers: refused, and the plan is named', async () => {
  const { shop, run } = await offer({ environments: { staging: {}, production: {} }, hub: { visibility: 'private' } });
  await shop.waitFor(run, 'completed');
  expect(shop.told(run)).toMatchObject({ propose: 'failure refused/gate-unenforced', production: 'skipped' });
  expect(shop.summaries(run).join('')).toContain('GitHub Enterprise');
  expect(shop.summaries(run).join('')).toContain('gate: dispatch');
  expect(await shop.touched('production')).toEqual([]);
});

test('gate: none, but GitHub would ask somebody: refused, instead of hanging', async () => {
  const { shop, run } = await offer({ files: { ...LINE, ...deliverySaying('gate: approval', 'gate: none') } });
  await shop.waitFor(run, 'completed');
  expect(shop.told(run)).toMatchObject({ propose: 'failure refused/gate-unexpected', production: 'skipped' });
  expect(shop.summaries(run).join('')).toContain('Required reviewers');
  expect(await shop.touched('production')).toEqual([]);
});

test('gate: none without rules: straight to production', async () => {
  const { shop, run } = await offer({
    files: { ...LINE, ...deliverySaying('gate: approval', 'gate: none') },
    environments: { staging: {}, production: {} }
  });
  expect(await shop.waitFor(run, 'completed')).toMatchObject({ conclusion: 'success' });
  expect(shop.told(run)).toMatchObject({ propose: 'success done/cleared', production: 'success done/delivered' });
  expect(await shop.running('production')).toBe('0.1.0');
  expect(shop.timeline(run).map(({ what }) => what)).not.toContain('waiting for production');
});

const BY_HAND: StageOptions = {
  files: { ...LINE, ...deliverySaying('gate: approval', 'gate: dispatch') },
  environments: { staging: {}, production: {} },
  hub: { visibility: 'private' }
};

test('gate: dispatch, a private repository without reviewers: the card says how, and a person delivers', async () => {
  const { shop, run } = await offer(BY_HAND);
  expect(await shop.waitFor(run, 'completed')).toMatchObject({ conclusion: 'success' });
  expect(shop.told(run)).toEqual({
    ...UP_TO_STAGING,
    propose: 'success done/proposed-by-hand',
    production: 'skipped',
    announce: 'skipped'
  });
  expect(shop.summaries(run).join('')).toContain('Run workflow');
  const order = await shop.dispatch(
    'deploy-version.yml',
    { environment: 'production', reason: 'the first one' },
    { actor: 'clara' }
  );
  expect(await shop.waitFor(order, 'completed')).toMatchObject({ conclusion: 'success' });
  expect(order.title).toBe('latest to production, asked by clara');
  expect(shop.told(order)).toEqual({
    [CARD]: 'success done/cleared',
    deploy: 'success done/delivered',
    announce: 'success done/announced'
  });
  expect(await shop.payload('production')).toMatchObject({
    version: '0.1.0',
    requestedBy: 'clara',
    reason: 'the first one',
    approvedBy: [],
    manualTouches: 1
  });
  expect(await shop.running('production')).toBe('0.1.0');
});

test('a ref that the environment does not admit never reaches its secrets or the target', async () => {
  const { shop, run } = await offer({
    files: { ...LINE, ...template('continuous-delivery') },
    environments: { staging: { branches: ['release/*'] }, production: { reviewers: ['bruno'] } }
  });
  expect(await shop.waitFor(run, 'completed')).toMatchObject({ conclusion: 'failure' });
  expect(shop.job(run, 'staging')).toMatchObject({ conclusion: 'failure', steps: [] });
  expect(shop.told(run)).toMatchObject({ propose: 'skipped', production: 'skipped' });
  expect(await shop.touched('staging')).toEqual([]);
});
