import { expect, test } from '@jest/globals';
import { CONFIG, DELIVERY, faring } from './project.ts';
import { openStage, past } from './stage.ts';

const live = past(1);

const alive = (pid: string): boolean => {
  try {
    return process.kill(Number(pid), 0);
  } catch {
    return false;
  }
};

test('a build out of luck: the failed jobs run again, and the same version goes out', async () => {
  const shop = await openStage({ from: await live() });
  await shop.mark('no-network');
  const run = await shop.deliver('feat: two');
  expect(await shop.waitFor(run, 'completed')).toMatchObject({ conclusion: 'failure' });
  expect(shop.told(run)).toEqual({
    build: 'failure failed/build-failed',
    release: 'skipped',
    staging: 'skipped',
    propose: 'skipped',
    production: 'skipped',
    announce: 'skipped'
  });
  await shop.unmark('no-network');
  const again = shop.rerun(run, { failedOnly: true });
  await shop.waitFor(again, { environment: 'production' });
  shop.approve(again, 'production', 'bruno');
  expect(await shop.waitFor(again, 'completed')).toMatchObject({ conclusion: 'success', attempt: 2 });
  expect(await shop.payload('production')).toMatchObject({ version: '0.2.0', run: { attempt: 2 } });
});

test('all jobs of a finished run again: everything is there already, green, and nothing changes', async () => {
  const shop = await openStage({ from: await live() });
  const run = await shop.deliver('feat: two');
  await shop.waitFor(run, { environment: 'production' });
  shop.approve(run, 'production', 'bruno');
  await shop.waitFor(run, 'completed');
  const before = await shop.hub.snapshot();
  const again = await shop.waitFor(shop.rerun(run), 'completed');
  expect(again).toMatchObject({ conclusion: 'success', attempt: 2 });
  expect(shop.told(again)).toEqual({
    build: 'success done/built',
    release: 'success nothing-to-do/already-released',
    staging: 'success nothing-to-do/already-live',
    propose: 'success nothing-to-do/already-live',
    production: 'skipped',
    announce: 'skipped'
  });
  const { deployments, releases, latestRelease, tags } = await shop.hub.snapshot();
  expect({ deployments, releases, latestRelease, tags }).toEqual({
    deployments: before.deployments,
    releases: before.releases,
    latestRelease: before.latestRelease,
    tags: before.tags
  });
});

test('all jobs of an old run again: superseded, green, and the newer version stays', async () => {
  const shop = await openStage({ from: await live() });
  const old = await shop.deliver('feat: two');
  await shop.waitFor(old, { environment: 'production' });
  shop.reject(old, 'production', 'bruno');
  await shop.waitFor(old, 'completed');
  const newer = await shop.deliver('feat: three');
  await shop.waitFor(newer, { environment: 'production' });
  shop.approve(newer, 'production', 'bruno');
  await shop.waitFor(newer, 'completed');
  const again = await shop.waitFor(shop.rerun(old), 'completed');
  expect(again.conclusion).toBe('success');
  expect(shop.told(again)).toMatchObject({
    staging: 'success refused/superseded',
    propose: 'success refused/superseded',
    production: 'skipped',
    announce: 'skipped'
  });
  expect([await shop.running('staging'), await shop.running('production')]).toEqual(['0.3.0', '0.3.0']);
});

test('a rejected button is asked anew when the failed job runs again', async () => {
  const shop = await openStage({ from: await live() });
  const run = await shop.deliver('feat: two');
  await shop.waitFor(run, { environment: 'production' });
  shop.reject(run, 'production', 'bruno', 'on Monday');
  await shop.waitFor(run, 'completed');
  const again = shop.rerun(run, { failedOnly: true });
  await shop.waitFor(again, { environment: 'production' });
  expect(await shop.running('production')).toBe('0.1.0');
  shop.approve(again, 'production', 'clara');
  await shop.waitFor(again, 'completed');
  expect(await shop.records('production')).toContain('0.2.0 deploy after 0.1.0 by clara: ACTIVE');
});

test('cancelled while it deploys: nothing goes on, the record is closed; the same run again finishes it', async () => {
  const shop = await openStage({ from: await live() });
  const run = await shop.deliver('feat: two', faring('slow in production'));
  await shop.waitFor(run, { environment: 'production' });
  shop.approve(run, 'production', 'bruno');
  const pid = (await shop.marked('production/pid')).trim();
  expect(alive(pid)).toBe(true);
  shop.cancel(run);
  expect(await shop.waitFor(run, 'completed')).toMatchObject({ conclusion: 'cancelled' });
  expect(alive(pid)).toBe(false);
  expect(shop.told(run)).toMatchObject({ production: 'cancelled failed/cancelled', announce: 'skipped' });
  expect(await shop.records('production')).toEqual([
    '0.1.0 deploy by bruno: ACTIVE',
    '0.2.0 deploy after 0.1.0 by bruno: ERROR'
  ]);
  await shop.mark('go');
  expect(await shop.running('production')).toBe('changing');
  const again = shop.rerun(run, { failedOnly: true });
  await shop.waitFor(again, { environment: 'production' });
  shop.approve(again, 'production', 'bruno');
  expect(await shop.waitFor(again, 'completed')).toMatchObject({ conclusion: 'success' });
  expect(await shop.running('production')).toBe('0.2.0');
  expect((await shop.records('production')).filter((line) => line.endsWith(': ACTIVE'))).toHaveLength(1);
});

test('the machine dies while it deploys: the next delivery closes what was left and takes over', async () => {
  const shop = await openStage({ from: await live(), patience: { interrupt: 0, terminate: 0 } });
  const run = await shop.deliver('feat: two', faring('slow in production'));
  await shop.waitFor(run, { environment: 'production' });
  shop.approve(run, 'production', 'bruno');
  await shop.marked('production/pid');
  shop.cancel(run);
  await shop.waitFor(run, 'completed');
  const next = await shop.deliver('fix: faster', faring('well'));
  await shop.waitFor(next, { environment: 'production' });
  shop.approve(next, 'production', 'bruno');
  expect(await shop.waitFor(next, 'completed')).toMatchObject({ conclusion: 'success' });
  expect(await shop.running('production')).toBe('0.2.1');
  expect(await shop.records('production')).toContain('0.2.0 deploy after 0.1.0 by bruno: ERROR');
});

test('two pushes during one build: the first to release has the version, the other says version-taken', async () => {
  const shop = await openStage({ from: await live() });
  await shop.mark('hold-two');
  await shop.mark('hold-three');
  const two = await shop.deliver('feat: two', { 'name.txt': 'two\n' });
  await shop.marked('building-two');
  const three = await shop.deliver('feat: three', { 'name.txt': 'three\n' });
  await shop.marked('building-three');
  await shop.unmark('hold-two');
  await shop.waitFor(two, { environment: 'production' });
  await shop.unmark('hold-three');
  expect(await shop.waitFor(three, 'completed')).toMatchObject({ conclusion: 'failure' });
  expect(shop.told(three)).toMatchObject({
    build: 'success done/built',
    release: 'failure refused/version-taken',
    staging: 'skipped'
  });
  const again = shop.rerun(three);
  await shop.waitFor(again, { environment: 'production' });
  expect(await shop.waitFor(two, 'completed')).toMatchObject({ conclusion: 'cancelled' });
  shop.approve(again, 'production', 'bruno');
  await shop.waitFor(again, 'completed');
  expect(await shop.running('production')).toBe('0.3.0');
});

test('the later push releases first: it carries the earlier change, whose run can only say so', async () => {
  const shop = await openStage({ from: await live() });
  await shop.mark('hold-two');
  const two = await shop.deliver('feat: two', { 'name.txt': 'two\n' });
  await shop.marked('building-two');
  const three = await shop.deliver('feat: three', { 'name.txt': 'three\n' });
  await shop.waitFor(three, { environment: 'production' });
  await shop.unmark('hold-two');
  await shop.waitFor(two, 'completed');
  expect(shop.told(two)['release']).toBe('failure refused/version-taken');
  const again = await shop.waitFor(shop.rerun(two), 'completed');
  expect(shop.told(again)).toMatchObject({ build: 'failure refused/version-taken', release: 'skipped' });
  expect(shop.summaries(three).join('')).toContain('2 changes');
  shop.approve(three, 'production', 'bruno');
  await shop.waitFor(three, 'completed');
  expect(await shop.running('production')).toBe('0.2.0');
});

test('nothing releasable was pushed: the run ends green after the build', async () => {
  const shop = await openStage({ from: await live() });
  const conventional = `version: { release-on: conventional }\n${DELIVERY}`;
  const run = await shop.waitFor(await shop.deliver('docs: say it better', { [CONFIG]: conventional }), 'completed');
  expect(run.conclusion).toBe('success');
  expect(shop.told(run)).toEqual({
    build: 'success nothing-to-do/nothing-to-release',
    release: 'skipped',
    staging: 'skipped',
    propose: 'skipped',
    production: 'skipped',
    announce: 'skipped'
  });
  expect((await shop.hub.snapshot()).releases).toHaveLength(1);
});

test('three deliveries to staging take turns in the order they came, and none is dropped', async () => {
  const shop = await openStage({ from: await live() });
  const first = await shop.deliver('feat: two', faring('slow in staging'));
  await shop.marked('staging/pid');
  const second = await shop.deliver('feat: three');
  await shop.waitFor(second, { job: 'staging', status: 'pending' });
  const third = await shop.deliver('feat: four');
  await shop.waitFor(third, { job: 'staging', status: 'pending' });
  expect(shop.job(second, 'staging')).toMatchObject({ startedAt: undefined, machineMs: 0 });
  await shop.mark('go');
  await shop.waitFor(third, { environment: 'production' });
  expect(await shop.touched('staging')).toEqual(['deploy 0.1.0', 'deploy 0.2.0', 'deploy 0.3.0', 'deploy 0.4.0']);
  expect((await shop.records('staging')).at(-1)).toBe('0.4.0 deploy after 0.3.0: ACTIVE');
  expect(shop.job(first, 'staging').conclusion).toBe('success');
  expect(shop.job(second, 'staging').conclusion).toBe('success');
});
