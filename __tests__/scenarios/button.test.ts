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
  expect(shop.told(run)).toMatchObject({ production: 'success done/delivered', announce: 'success done/announced' });
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

test('an approved version replaces the one before it, in eight calls', async () => {
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

test('waiting for approval takes no machine, runs no step, and holds up no other run', async () => {
  const shop = await openStage({ from: await live() });
  const run = await shop.deliver('feat: waits');
  await shop.waitFor(run, { environment: 'production' });
  const order = await shop.dispatch('deploy-version.yml', {
    version: '0.1.0',
    environment: 'staging',
    reason: 'compare with the old one'
  });
  expect(await shop.waitFor(order, 'completed')).toMatchObject({ conclusion: 'success' });
  expect(await shop.running('staging')).toBe('0.1.0');
  const waiting = shop.job(run, 'production');
  expect(waiting).toMatchObject({ status: 'waiting', machineMs: 0, startedAt: undefined, steps: [], log: [] });
  expect(shop.operations(run, 'production')).toEqual([]);
  expect(shop.run(run)).toMatchObject({ status: 'waiting' });
  shop.approve(run, 'production', 'bruno');
  await shop.waitFor(run, 'completed');
  expect(await shop.running('production')).toBe('0.2.0');
});

test('rejected: nothing is touched, nothing is recorded, and the next version is offered anew', async () => {
  const shop = await openStage({ from: await live() });
  const run = await shop.deliver('feat: ugly');
  await shop.waitFor(run, { environment: 'production' });
  shop.reject(run, 'production', 'bruno', 'not like this');
  expect(await shop.waitFor(run, 'completed')).toMatchObject({ conclusion: 'failure' });
  expect(shop.job(run, 'production')).toMatchObject({ conclusion: 'failure', steps: [], machineMs: 0 });
  expect(shop.told(run)['announce']).toBe('skipped');
  expect(await shop.touched('production')).toEqual(['deploy 0.1.0']);
  expect(await shop.records('production')).toEqual(['0.1.0 deploy by bruno: ACTIVE']);
  const next = await shop.deliver('fix: nicer');
  await shop.waitFor(next, { environment: 'production' });
  expect(shop.summaries(next).join('')).toContain('2 changes in 2 releases');
  shop.approve(next, 'production', 'bruno');
  await shop.waitFor(next, 'completed');
  expect(await shop.running('production')).toBe('0.2.1');
});

test('a newer proposal takes the place of the one that still waits', async () => {
  const shop = await openStage({ from: await live() });
  const older = await shop.deliver('feat: first');
  await shop.waitFor(older, { environment: 'production' });
  const newer = await shop.deliver('feat: second');
  await shop.waitFor(newer, { environment: 'production' });
  expect(await shop.waitFor(older, 'completed')).toMatchObject({ conclusion: 'cancelled' });
  expect(() => shop.approve(older, 'production', 'bruno')).toThrow('no job of run');
  expect(shop.summaries(newer).join('')).toContain('0.3.0');
  shop.approve(newer, 'production', 'bruno');
  await shop.waitFor(newer, 'completed');
  expect(await shop.touched('production')).toEqual(['deploy 0.1.0', 'deploy 0.3.0']);
});

test('an older run that could not be cancelled is refused when approved after the newer one: green', async () => {
  const shop = await openStage({ from: await live() });
  const older = await shop.deliver('feat: first');
  await shop.waitFor(older, { environment: 'production' });
  shop.hub.fault({ match: { operation: 'actions/cancel-workflow-run' }, kind: 'primary-403', times: 9 });
  const newer = await shop.deliver('feat: second');
  await shop.waitFor(newer, { environment: 'production' });
  shop.approve(newer, 'production', 'bruno');
  await shop.waitFor(newer, 'completed');
  shop.approve(older, 'production', 'clara');
  expect(await shop.waitFor(older, 'completed')).toMatchObject({ conclusion: 'success' });
  expect(shop.told(older)).toMatchObject({ production: 'success refused/superseded', announce: 'skipped' });
  expect(await shop.touched('production')).toEqual(['deploy 0.1.0', 'deploy 0.3.0']);
  expect(await shop.records('production')).toEqual([
    '0.1.0 deploy by bruno: INACTIVE',
    '0.3.0 deploy after 0.1.0 by bruno: ACTIVE'
  ]);
});

test('two buttons pressed at once: one delivery after the other, and the newer version stays', async () => {
  const shop = await openStage({ from: await live() });
  const push = await shop.deliver('feat: by the line', { 'health.txt': 'slow in production\n' });
  await shop.waitFor(push, { environment: 'production' });
  const order = await shop.dispatch('deploy-version.yml', {
    version: '0.2.0',
    environment: 'production',
    reason: 'asked twice'
  });
  await shop.waitFor(order, { environment: 'production' });
  shop.approve(push, 'production', 'bruno');
  await shop.marked('production/pid');
  shop.approve(order, 'production', 'clara');
  await shop.waitFor(order, { job: 'deploy', status: 'in_progress' });
  await shop.mark('go');
  await Promise.all([shop.waitFor(push, 'completed'), shop.waitFor(order, 'completed')]);
  expect(shop.told(push)).toMatchObject({ production: 'success done/delivered', announce: 'success done/announced' });
  expect(shop.told(order)).toMatchObject({
    deploy: 'success nothing-to-do/already-live',
    announce: 'success done/announced'
  });
  expect(await shop.touched('production')).toEqual(['deploy 0.1.0', 'deploy 0.2.0']);
});

test('two people answer one question: the second is told that nothing waits', async () => {
  const shop = await openStage({ from: await live() });
  const run = await shop.deliver('feat: wanted by two');
  await shop.waitFor(run, { environment: 'production' });
  shop.approve(run, 'production', 'bruno');
  expect(() => shop.reject(run, 'production', 'clara')).toThrow('no job of run');
  await shop.waitFor(run, 'completed');
  expect(await shop.payload('production')).toMatchObject({ version: '0.2.0', approvedBy: ['bruno'] });
});

test('somebody who is no reviewer cannot press it', async () => {
  const shop = await openStage({ from: await live() });
  const run = await shop.deliver('feat: wanted');
  await shop.waitFor(run, { environment: 'production' });
  expect(() => shop.approve(run, 'production', 'ana')).toThrow('not allowed to review');
  expect(shop.job(run, 'production').status).toBe('waiting');
  expect(await shop.running('production')).toBe('0.1.0');
});
