import { expect, test } from '@jest/globals';
import { faring } from './project.ts';
import { CARD, openStage, past } from './stage.ts';
import type { Stage } from './stage.ts';

const two = past(2);

type Order = Readonly<Record<string, string>>;

const order = (shop: Stage, inputs: Order): ReturnType<Stage['dispatch']> =>
  shop.dispatch('deploy-version.yml', { environment: 'production', reason: 'because', ...inputs }, { actor: 'clara' });

/** An order that somebody approves. */
const ordered = async (shop: Stage, inputs: Order): Promise<Awaited<ReturnType<typeof order>>> => {
  const run = await order(shop, inputs);
  await shop.waitFor(run, { environment: 'production' });
  shop.approve(run, 'production', 'bruno');
  return shop.waitFor(run, 'completed');
};

test('an older version by hand is a rollback: its own files, and the reason in the record', async () => {
  const shop = await openStage({ from: await two() });
  const run = await ordered(shop, { version: '0.1.0', reason: 'prices look odd' });
  expect(run).toMatchObject({ conclusion: 'success', title: '0.1.0 to production, asked by clara' });
  expect(shop.told(run)).toEqual({
    [CARD]: 'success done/proposed',
    deploy: 'success done/rolled-back-by-request',
    announce: 'success done/announced'
  });
  expect(await shop.records('production')).toEqual([
    '0.1.0 deploy by bruno: INACTIVE',
    '0.2.0 deploy after 0.1.0 by bruno: INACTIVE',
    '0.1.0 rollback after 0.2.0 by bruno: ACTIVE'
  ]);
  expect(await shop.payload('production')).toMatchObject({
    reason: 'prices look odd',
    requestedBy: 'clara',
    manualTouches: 2
  });
  expect(await shop.touched('production')).toEqual(['deploy 0.1.0', 'deploy 0.2.0', 'rollback 0.1.0']);
});

test('previous: the last good version before the live one', async () => {
  const shop = await openStage({ from: await two() });
  const run = await ordered(shop, { version: 'previous' });
  expect(shop.told(run)['deploy']).toBe('success done/rolled-back-by-request');
  expect(await shop.running('production')).toBe('0.1.0');
});

test('latest: the newest version that staging has proven', async () => {
  const shop = await openStage({ from: await two() });
  const push = await shop.deliver('feat: three');
  await shop.waitFor(push, { environment: 'production' });
  shop.cancel(push);
  const unproven = await shop.deliver('feat: four', faring('broken in staging'));
  await shop.waitFor(unproven, 'completed');
  await shop.resume();
  const run = await ordered(shop, { version: 'latest' });
  expect(shop.told(run)['deploy']).toBe('success done/delivered');
  expect(await shop.running('production')).toBe('0.3.0');
  expect(await shop.payload('production')).toMatchObject({ version: '0.3.0', requestedBy: 'clara', previous: '0.2.0' });
});

test('a version that does not exist: refused before anybody is asked', async () => {
  const shop = await openStage({ from: await two() });
  const run = await shop.waitFor(await order(shop, { version: '9.9.9' }), 'completed');
  expect(run.conclusion).toBe('failure');
  expect(shop.told(run)).toEqual({ [CARD]: 'failure refused/version-unknown', deploy: 'skipped', announce: 'skipped' });
  expect(await shop.touched('production')).toHaveLength(2);
});

test('an environment that does not exist: refused, and none comes into being', async () => {
  const shop = await openStage({ from: await two() });
  const run = await shop.waitFor(await order(shop, { version: '0.1.0', environment: 'producton' }), 'completed');
  expect(shop.told(run)).toEqual({
    [CARD]: 'failure refused/environment-unknown',
    deploy: 'skipped',
    announce: 'skipped'
  });
  expect(shop.summaries(run).join('')).toContain('production');
  expect((await shop.hub.snapshot()).environments.map(({ name }) => name)).toEqual(['staging', 'production']);
});

test('the version that is live already: nothing to press, green', async () => {
  const shop = await openStage({ from: await two() });
  const run = await shop.waitFor(await order(shop, { version: '0.2.0' }), 'completed');
  expect(run.conclusion).toBe('success');
  expect(shop.told(run)).toEqual({
    [CARD]: 'success nothing-to-do/already-live',
    deploy: 'skipped',
    announce: 'skipped'
  });
});

test('a version that never passed staging is refused; with an override and a reason a person may, on record', async () => {
  const shop = await openStage({ from: await two() });
  const push = await shop.deliver('feat: three', { 'health.txt': 'broken in staging\n' });
  await shop.waitFor(push, 'completed');
  await shop.resume();
  const plain = await shop.waitFor(await order(shop, { version: '0.3.0' }), 'completed');
  expect(shop.told(plain)).toEqual({ [CARD]: 'failure refused/not-proven', deploy: 'skipped', announce: 'skipped' });
  const forced = await ordered(shop, { version: '0.3.0', override: 'not-proven', reason: 'staging is on fire' });
  expect(shop.told(forced)['deploy']).toBe('success done/delivered');
  expect(await shop.payload('production')).toMatchObject({
    version: '0.3.0',
    override: ['not-proven'],
    reason: 'staging is on fire',
    requestedBy: 'clara',
    approvedBy: ['bruno']
  });
  expect(shop.summaries(forced).join('')).toContain('not-proven');
  expect(await shop.running('production')).toBe('0.3.0');
});

test('an override that does not exist is refused, and the ones there are named', async () => {
  const shop = await openStage({ from: await two() });
  const run = await shop.waitFor(await order(shop, { version: '0.1.0', override: 'frozen' }), 'completed');
  expect(shop.told(run)).toEqual({ [CARD]: 'failure refused/invalid-input', deploy: 'skipped', announce: 'skipped' });
  expect(shop.job(run, CARD).log.join('\n')).toContain('freeze');
});

test('to staging nobody is asked', async () => {
  const shop = await openStage({ from: await two() });
  const run = await shop.waitFor(await order(shop, { version: '0.1.0', environment: 'staging' }), 'completed');
  expect(shop.told(run)).toEqual({
    [CARD]: 'success done/cleared',
    deploy: 'success done/rolled-back-by-request',
    announce: 'success done/announced-elsewhere'
  });
  expect([await shop.running('staging'), await shop.running('production')]).toEqual(['0.1.0', '0.2.0']);
});

test('a second order takes the place of the first that still waits; the waiting push stays', async () => {
  const shop = await openStage({ from: await two() });
  const push = await shop.deliver('feat: three');
  await shop.waitFor(push, { environment: 'production' });
  const first = await order(shop, { version: '0.1.0' });
  await shop.waitFor(first, { environment: 'production' });
  const second = await order(shop, { version: '0.3.0' });
  await shop.waitFor(second, { environment: 'production' });
  expect(await shop.waitFor(first, 'completed')).toMatchObject({ conclusion: 'cancelled' });
  expect(shop.run(push).status).toBe('waiting');
  shop.approve(second, 'production', 'bruno');
  await shop.waitFor(second, 'completed');
  expect(await shop.running('production')).toBe('0.3.0');
});

test('an input left out, or unknown: the platform starts nothing', async () => {
  const shop = await openStage({ from: await two() });
  const environment = 'production';
  await expect(shop.dispatch('deploy-version.yml', { version: '0.1.0', environment })).rejects.toThrow('reason');
  await expect(order(shop, { version: '0.1.0', force: 'true' })).rejects.toThrow('Unexpected inputs');
  expect((await shop.hub.snapshot()).runs).toHaveLength(2);
});
