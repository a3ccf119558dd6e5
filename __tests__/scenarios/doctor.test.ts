import { expect, test } from '@jest/globals';
import { template } from './project.ts';
import { LINE, openStage, saidBy } from './stage.ts';
import type { Stage } from './stage.ts';

const GOOD = {
  staging: {},
  production: { reviewers: ['bruno'], preventSelfReview: true, adminsCanBypass: false }
};

const flaws = (shop: Stage, run: Awaited<ReturnType<Stage['schedule']>>): readonly string[] => {
  const result = saidBy(shop.job(run, 'doctor'))['result'] ?? '';
  return [...result.matchAll(/"severity":"(\w+)","flaw":\{"kind":"([\w-]+)"/g)].map(
    ([, severity, kind]) => `${severity} ${kind}`
  );
};

test('on Monday morning: a sound set-up is green, and the copied templates are as they were published', async () => {
  const shop = await openStage({ environments: GOOD, files: { ...LINE, ...template('preview') } });
  shop.hub.defineRuleset({ include: ['refs/tags/v*'], rules: ['update', 'deletion'] });
  const run = await shop.waitFor(await shop.schedule('delivery-doctor.yml', '23 6 * * 1'), 'completed');
  expect(run.conclusion).toBe('success');
  expect(shop.told(run)).toEqual({ doctor: 'success done/examined' });
  expect(flaws(shop, run).filter((flaw) => !flaw.startsWith('unchecked'))).toEqual([
    'note any-branch',
    'note any-branch'
  ]);
});

const siteFlaws = async (hub: NonNullable<Parameters<typeof openStage>[0]>['hub']): Promise<readonly string[]> => {
  const files = { ...LINE, ...template('delivery-report') };
  const shop = await openStage({ environments: GOOD, files, ...(hub === undefined ? {} : { hub }) });
  const run = await shop.waitFor(await shop.dispatch('delivery-doctor.yml'), 'completed');
  expect(shop.told(run)).toEqual({ doctor: 'success done/examined' });
  expect(shop.operations(run, 'doctor')).toContain('repos/get-pages');
  return flaws(shop, run).filter((flaw) => flaw.includes('site'));
};

test('with the report copied: whether its page can be published is seen, in a private repository as well', async () => {
  expect(await siteFlaws({})).toEqual(['note site-off']);
  expect(await siteFlaws({ site: 'legacy', visibility: 'private' })).toEqual(['note site-of-branch']);
  expect(await siteFlaws({ site: 'workflow', visibility: 'private' })).toEqual([]);
});

test('by hand: a gate that nobody guards is red, a copy that was changed is named', async () => {
  const shop = await openStage({ environments: { staging: {}, production: { adminsCanBypass: false } } });
  const path = '.github/workflows/deploy-version.yml';
  const text = template('deploy-version')[path] ?? '';
  await shop.hub.commit({ message: 'chore: our own line', files: { [path]: `${text}# ours\n` } });
  const run = await shop.waitFor(await shop.dispatch('delivery-doctor.yml'), 'completed');
  expect(run.conclusion).toBe('failure');
  expect(shop.told(run)).toEqual({ doctor: 'failure failed/promise-broken' });
  expect(flaws(shop, run)).toEqual(expect.arrayContaining(['broken gate-open', 'note copy-changed', 'note tags-free']));
  expect(shop.summaries(run).join('')).toContain('/settings/environments');
});

test('a second look takes the place of the first', async () => {
  const shop = await openStage({ environments: GOOD });
  const first = await shop.dispatch('delivery-doctor.yml');
  const second = await shop.dispatch('delivery-doctor.yml');
  expect(await shop.waitFor(first, 'completed')).toMatchObject({ conclusion: 'cancelled' });
  expect(await shop.waitFor(second, 'completed')).toMatchObject({ conclusion: 'success' });
});
