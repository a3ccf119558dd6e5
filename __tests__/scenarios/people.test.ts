import { expect, test } from '@jest/globals';
import { deliverySaying } from './project.ts';
import { openStage, past, saidBy } from './stage.ts';

const live = past(1);

test('self-approval is allowed where GitHub allows it, and recorded', async () => {
  const shop = await openStage({ from: await live() });
  shop.hub.defineEnvironment('production', { reviewers: ['ana'] });
  const run = await shop.deliver('feat: my own');
  await shop.waitFor(run, { environment: 'production' });
  shop.approve(run, 'production', 'ana');
  await shop.waitFor(run, 'completed');
  expect(await shop.records('production')).toContain('0.2.0 deploy after 0.1.0 by ana: ACTIVE');
  const said = saidBy(shop.job(run, 'production'))['result'];
  expect(JSON.parse(said ?? '')).toMatchObject({ selfApproved: true, approvedBy: ['ana'] });
  expect(
    shop
      .job(run, 'production')
      .annotations.map(({ message }) => message)
      .join()
  ).toContain('ana');
});

test('prevent self-review: the card says so, who pushed is refused, another one may', async () => {
  const shop = await openStage({ from: await live() });
  shop.hub.defineEnvironment('production', { reviewers: ['ana', 'bruno'], preventSelfReview: true });
  const run = await shop.deliver('feat: for four eyes');
  await shop.waitFor(run, { environment: 'production' });
  expect(shop.summaries(run).join('')).toContain('not whoever started this run');
  expect(() => shop.approve(run, 'production', 'ana')).toThrow('not allowed to review');
  shop.approve(run, 'production', 'bruno');
  await shop.waitFor(run, 'completed');
  const said = saidBy(shop.job(run, 'production'))['result'];
  expect(JSON.parse(said ?? '')).toMatchObject({ selfApproved: false, approvedBy: ['bruno'] });
  expect(await shop.running('production')).toBe('0.2.0');
});

test('a wait timer goes on after the approval, and costs no machine either', async () => {
  const shop = await openStage({ from: await live() });
  shop.hub.defineEnvironment('production', { reviewers: ['bruno'], waitMinutes: 30 });
  const run = await shop.deliver('feat: patience');
  await shop.waitFor(run, { environment: 'production' });
  expect(
    shop
      .job(run, 'propose')
      .annotations.map(({ message }) => message)
      .join()
  ).toContain('30 min');
  shop.approve(run, 'production', 'bruno');
  await shop.waitFor(run, { environment: 'production' });
  expect(shop.hub.gate(run, { environment: 'production', job: 'production' })).toBe('waiting');
  expect(shop.job(run, 'production')).toMatchObject({ startedAt: undefined, machineMs: 0 });
  expect(await shop.running('production')).toBe('0.1.0');
  shop.advance(31);
  await shop.waitFor(run, 'completed');
  expect(shop.told(run)['production']).toBe('success done/delivered');
  expect(await shop.running('production')).toBe('0.2.0');
});

test('an administrator goes past the gate: it is delivered, and said that nobody is known to have approved', async () => {
  const shop = await openStage({ from: await live() });
  const run = await shop.deliver('feat: in a hurry');
  await shop.waitFor(run, { environment: 'production' });
  shop.bypass(run, 'production');
  await shop.waitFor(run, 'completed');
  expect(shop.told(run)['production']).toBe('success done/delivered');
  expect(await shop.payload('production')).toMatchObject({ version: '0.2.0', approvedBy: [] });
  const said = saidBy(shop.job(run, 'production'))['result'];
  expect(JSON.parse(said ?? '')).toMatchObject({
    notes: expect.arrayContaining([
      { kind: 'approver-unknown' },
      { kind: 'admins-can-bypass', environment: 'production' }
    ])
  });
  expect(await shop.running('production')).toBe('0.2.0');
});

test('where administrators may not bypass, they cannot', async () => {
  const shop = await openStage({ from: await live() });
  shop.hub.defineEnvironment('production', { adminsCanBypass: false });
  const run = await shop.deliver('feat: in a hurry');
  await shop.waitFor(run, { environment: 'production' });
  expect(() => shop.bypass(run, 'production')).toThrow('cannot be bypassed');
  expect(shop.job(run, 'propose').annotations).toEqual([]);
  expect(await shop.running('production')).toBe('0.1.0');
});

test('a stop set while it waits is obeyed after the approval', async () => {
  const shop = await openStage({ from: await live() });
  const run = await shop.deliver('feat: too late');
  await shop.waitFor(run, { environment: 'production' });
  await shop.stopTheLine('The payment provider is down');
  shop.approve(run, 'production', 'bruno');
  expect(await shop.waitFor(run, 'completed')).toMatchObject({ conclusion: 'failure' });
  expect(shop.told(run)).toMatchObject({ production: 'failure refused/line-stopped', announce: 'skipped' });
  expect(await shop.touched('production')).toEqual(['deploy 0.1.0']);
  expect(await shop.records('production')).toEqual(['0.1.0 deploy by bruno: ACTIVE']);
});

test('a freeze written while it waits is obeyed after the approval', async () => {
  const shop = await openStage({ from: await live() });
  const run = await shop.deliver('feat: too late');
  await shop.waitFor(run, { environment: 'production' });
  const frozen = 'gate: approval\n    freeze: [{ from: 2020-01-01, to: 2099-12-31, reason: stocktaking }]';
  // by hand, so that no newer proposal takes this one's place
  await shop.hub.commit({ message: 'chore: freeze', files: deliverySaying('gate: approval', frozen) });
  shop.approve(run, 'production', 'bruno');
  expect(await shop.waitFor(run, 'completed')).toMatchObject({ conclusion: 'failure' });
  expect(shop.told(run)).toMatchObject({ production: 'failure refused/freeze', announce: 'skipped' });
  expect(shop.job(run, 'production').log.join('\n')).toContain('stocktaking');
  expect(await shop.touched('production')).toEqual(['deploy 0.1.0']);
});

test('cancelled while it waits: nothing is touched, and the next version is not held up', async () => {
  const shop = await openStage({ from: await live() });
  const run = await shop.deliver('feat: changed my mind');
  await shop.waitFor(run, { environment: 'production' });
  shop.cancel(run);
  expect(await shop.waitFor(run, 'completed')).toMatchObject({ conclusion: 'cancelled' });
  expect(shop.job(run, 'production')).toMatchObject({ conclusion: 'cancelled', steps: [], machineMs: 0 });
  expect(await shop.records('production')).toEqual(['0.1.0 deploy by bruno: ACTIVE']);
  const next = await shop.deliver('feat: better');
  await shop.waitFor(next, { environment: 'production' });
  shop.approve(next, 'production', 'bruno');
  await shop.waitFor(next, 'completed');
  expect(await shop.running('production')).toBe('0.3.0');
});
