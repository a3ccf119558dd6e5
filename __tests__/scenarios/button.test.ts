import { expect, test } from '@jest/globals';
import { openStage, past } from './stage.ts';

const live = past(1);

test('the first version ever: build, tag, staging, the button, production', async () => {
  const shop = await openStage();
  const run = await shop.deliver('feat: open the shop');
  await shop.waitFor(run, { environment: 'production' });
  expect(shop.told(run)).toEqual({
    build: 'success done/built',
    release: 'success done/released',
    staging: 'success done/delivered',
    propose: 'success done/proposed',
    production: 'waiting'
  });
  expect([await shop.running('staging'), await shop.running('production')]).toEqual(['0.1.0', '']);
  shop.approve(run, 'production', 'bruno', 'go');
  expect(await shop.waitFor(run, 'completed')).toMatchObject({ conclusion: 'success' });
  expect(shop.told(run)['production']).toBe('success done/delivered');
  expect(await shop.records('production')).toEqual(['0.1.0 deploy by bruno: ACTIVE']);
  expect(await shop.payload('production')).toMatchObject({
    version: '0.1.0',
    kind: 'deploy',
    previous: null,
    requestedBy: 'ana',
    approvedBy: ['bruno'],
    manualTouches: 1
  });
  expect(await shop.running('production')).toBe('0.1.0');
});

test('an approved version replaces the one before it, with eight calls and by digest', async () => {
  const shop = await openStage({ from: await live() });
  const run = await shop.deliver('fix: prices');
  await shop.waitFor(run, { environment: 'production' });
  shop.approve(run, 'production', 'clara');
  await shop.waitFor(run, 'completed');
  expect(await shop.records('production')).toEqual([
    '0.1.0 deploy by bruno: INACTIVE',
    '0.1.1 deploy after 0.1.0 by clara: ACTIVE'
  ]);
  expect(await shop.touched('production')).toEqual(['deploy 0.1.0', 'deploy 0.1.1']);
  expect(shop.operations(run, 'production')).toEqual([
    'graphql',
    'actions/get-reviews-for-run',
    'repos/create-deployment',
    'graphql',
    'repos/list-release-assets',
    'repos/create-deployment-status',
    'repos/create-deployment-status',
    'repos/create-deployment-status'
  ]);
});
