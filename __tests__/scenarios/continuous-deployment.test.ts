import { expect, test } from '@jest/globals';
import { CONFIG, DELIVERY, PROJECT, deliverySaying, faring, template } from './project.ts';
import { openStage, past } from './stage.ts';

const FILES = {
  ...PROJECT,
  ...deliverySaying('gate: approval', 'gate: none'),
  ...template('continuous-deployment'),
  ...template('deploy-version')
};
const OPEN = { files: FILES, environments: { staging: {}, production: {} } };

const live = past(1, OPEN);

const GOOD = {
  build: 'success done/built',
  release: 'success done/released',
  staging: 'success done/delivered',
  production: 'success done/delivered',
  announce: 'success done/announced'
};

test('a good version goes all the way, and nobody is asked', async () => {
  const shop = await openStage({ from: await live() });
  const run = await shop.waitFor(await shop.deliver('feat: two'), 'completed');
  expect(run.conclusion).toBe('success');
  expect(shop.told(run)).toEqual(GOOD);
  expect(await shop.records('production')).toEqual(['0.1.0 deploy: INACTIVE', '0.2.0 deploy after 0.1.0: ACTIVE']);
  expect(await shop.payload('production')).toMatchObject({ approvedBy: [], manualTouches: 0, requestedBy: 'ana' });
  expect(await shop.running('production')).toBe('0.2.0');
});

test('a bad version comes back by itself and stops the line; closed issue, next push: it goes on', async () => {
  const shop = await openStage({ from: await live() });
  const bad = await shop.waitFor(await shop.deliver('feat: two', faring('sick in production')), 'completed');
  expect(bad.conclusion).toBe('failure');
  expect(shop.told(bad)).toEqual({ ...GOOD, production: 'failure rolled-back/rolled-back' });
  expect([await shop.running('staging'), await shop.running('production')]).toEqual(['0.2.0', '0.1.0']);
  expect(await shop.records('production')).toEqual([
    '0.1.0 deploy: INACTIVE',
    '0.2.0 deploy after 0.1.0: FAILURE',
    '0.1.0 rollback after 0.2.0: ACTIVE'
  ]);
  const next = await shop.waitFor(await shop.deliver('feat: three', faring('well')), 'completed');
  expect(next.conclusion).toBe('failure');
  expect(shop.told(next)).toEqual({
    build: 'success done/built',
    release: 'success done/released',
    staging: 'failure refused/line-stopped',
    production: 'skipped',
    announce: 'skipped'
  });
  expect(await shop.resume()).toBe(1);
  const again = await shop.waitFor(shop.rerun(next, { failedOnly: true }), 'completed');
  expect(shop.told(again)).toEqual(GOOD);
  expect([await shop.running('staging'), await shop.running('production')]).toEqual(['0.3.0', '0.3.0']);
});

test('a version that failed does not go there again by itself, but a person may insist', async () => {
  const shop = await openStage({ from: await live() });
  const bad = await shop.waitFor(await shop.deliver('feat: two', faring('broken in production')), 'completed');
  expect(shop.told(bad)['production']).toBe('failure rolled-back/rolled-back');
  await shop.resume();
  const again = await shop.waitFor(shop.rerun(bad, { failedOnly: true }), 'completed');
  expect(shop.told(again)).toMatchObject({ production: 'failure refused/veto', announce: 'skipped' });
  expect(await shop.touched('production')).toEqual(['deploy 0.1.0', 'deploy 0.2.0', 'rollback 0.1.0']);
  const order = await shop.dispatch('deploy-version.yml', {
    version: '0.2.0',
    environment: 'production',
    reason: 'the disk was full',
    override: 'veto'
  });
  await shop.waitFor(order, 'completed');
  expect(shop.told(order)).toMatchObject({
    deploy: 'failure rolled-back/rolled-back',
    announce: 'success done/announced'
  });
  expect(await shop.running('production')).toBe('0.1.0');
});

test('what breaks in staging never reaches production', async () => {
  const shop = await openStage({ from: await live() });
  const run = await shop.waitFor(await shop.deliver('feat: two', faring('broken in staging')), 'completed');
  expect(shop.told(run)).toMatchObject({
    staging: 'failure rolled-back/rolled-back',
    production: 'skipped',
    announce: 'skipped'
  });
  expect([await shop.running('staging'), await shop.running('production')]).toEqual(['0.1.0', '0.1.0']);
  expect(await shop.touched('production')).toEqual(['deploy 0.1.0']);
  expect(await shop.resume()).toBe(1);
});

test('the very first version is bad: nothing to go back to, said, and the line stops', async () => {
  const shop = await openStage({ ...OPEN, files: { ...FILES, ...faring('broken in production') } });
  const run = await shop.waitFor(await shop.deliver('feat: one'), 'completed');
  expect(shop.told(run)).toMatchObject({
    production: 'failure failed/deploy-failed',
    announce: 'success nothing-to-do/nothing-live'
  });
  expect(await shop.records('production')).toEqual(['0.1.0 deploy: FAILURE']);
  expect(await shop.running('production')).toBe('changing');
  expect(await shop.resume()).toBe(1);
});

test('rollback: manual leaves the broken version to people', async () => {
  const shop = await openStage({ from: await live() });
  const config = DELIVERY.replace('gate: approval', 'gate: none').replace('verify:', 'rollback: manual\nverify:');
  const files = { [CONFIG]: config, ...faring('broken in production') };
  const run = await shop.waitFor(await shop.deliver('feat: two', files), 'completed');
  expect(shop.told(run)).toMatchObject({
    production: 'failure failed/deploy-failed',
    announce: 'success nothing-to-do/nothing-live'
  });
  expect(await shop.touched('production')).toEqual(['deploy 0.1.0', 'deploy 0.2.0']);
  const back = await shop.dispatch('deploy-version.yml', {
    version: '0.1.0',
    environment: 'production',
    reason: 'it broke'
  });
  await shop.waitFor(back, 'completed');
  expect(shop.told(back)['deploy']).toBe('success done/rolled-back-by-request');
  expect(await shop.running('production')).toBe('0.1.0');
});

test('three quick pushes: whole runs queue, none is dropped, each is delivered', async () => {
  const shop = await openStage({ from: await live() });
  await shop.mark('hold-shop');
  const first = await shop.deliver('feat: two');
  await shop.marked('building-shop');
  const second = await shop.deliver('feat: three');
  const third = await shop.deliver('feat: four');
  expect([shop.run(second).status, shop.run(third).status]).toEqual(['pending', 'pending']);
  expect(shop.jobs(third)).toEqual([]);
  await shop.unmark('hold-shop');
  for (const run of [first, second, third]) {
    expect(shop.told(await shop.waitFor(run, 'completed'))).toEqual(GOOD);
  }
  expect(await shop.touched('production')).toEqual(['deploy 0.1.0', 'deploy 0.2.0', 'deploy 0.3.0', 'deploy 0.4.0']);
});

test('a run that queues can be cancelled without a trace', async () => {
  const shop = await openStage({ from: await live() });
  await shop.mark('hold-shop');
  const first = await shop.deliver('feat: two');
  await shop.marked('building-shop');
  const second = await shop.deliver('feat: three');
  shop.cancel(second);
  expect(await shop.waitFor(second, 'completed')).toMatchObject({ conclusion: 'cancelled' });
  await shop.unmark('hold-shop');
  expect(shop.told(await shop.waitFor(first, 'completed'))).toEqual(GOOD);
  expect(await shop.touched('production')).toEqual(['deploy 0.1.0', 'deploy 0.2.0']);
});

test('in a freeze production is refused; with a reason a person goes on', async () => {
  const shop = await openStage({ from: await live() });
  const freeze = 'gate: none\n    freeze: [{ from: 2020-01-01, to: 2099-12-31, reason: stocktaking }]';
  const run = await shop.waitFor(
    await shop.deliver('feat: two', deliverySaying('gate: approval', freeze)),
    'completed'
  );
  expect(shop.told(run)).toMatchObject({
    staging: 'success done/delivered',
    production: 'failure refused/freeze',
    announce: 'skipped'
  });
  const order = await shop.dispatch(
    'deploy-version.yml',
    { version: '0.2.0', environment: 'production', reason: 'it saves the day', override: 'freeze' },
    { actor: 'bruno' }
  );
  await shop.waitFor(order, 'completed');
  expect(shop.told(order)['deploy']).toBe('success done/delivered');
  expect(await shop.payload('production')).toMatchObject({ override: ['freeze'], requestedBy: 'bruno' });
});
