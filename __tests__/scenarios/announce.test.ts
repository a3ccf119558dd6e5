import { expect, test } from '@jest/globals';
import { latestIn } from './judge.ts';
import { faring } from './project.ts';
import { LINE, openStage, past } from './stage.ts';
import type { Stage } from './stage.ts';
import type { RunView } from '../../rehearsal/engine/index.ts';

const live = past(1);

const latest = async ({ hub }: Stage): Promise<string | undefined> => latestIn(await hub.snapshot());

/** What is written below a pull request, oldest first. */
const said = async ({ hub }: Stage, pull: number): Promise<readonly { readonly id: number; readonly body: string }[]> =>
  (await hub.snapshot()).comments.filter(({ issue }) => issue === pull).map(({ id, body }) => ({ id, body }));

interface Merged {
  readonly run: RunView;
  readonly pull: number;
}

/** A pull request is merged, and its version comes as far as the button. */
const merge = async (shop: Stage, title: string, files?: Readonly<Record<string, string>>): Promise<Merged> => {
  const pull = (await shop.hub.snapshot()).issues.length + 1;
  const message = `${title} (#${pull})`;
  const { sha, runs } = await shop.push(files ?? { 'change.txt': message }, message);
  expect(shop.hub.openPull({ title, mergeCommit: sha })).toBe(pull);
  const [run] = runs;
  if (run === undefined) throw new Error('no run');
  return { run: await shop.waitFor(run, { environment: 'production' }), pull };
};

const press = (shop: Stage, run: RunView): Promise<RunView> => {
  shop.approve(run, 'production', 'bruno');
  return shop.waitFor(run, 'completed');
};

const order = async (shop: Stage, version: string): Promise<RunView> => {
  const inputs = { version, environment: 'production', reason: 'prices look odd' };
  const run = await shop.dispatch('deploy-version.yml', inputs, { actor: 'clara' });
  return shop.waitFor(run, { environment: 'production' });
};

test('after production: its release is the latest, and each pull request in it has one comment', async () => {
  const shop = await openStage({ from: await live() });
  expect(await latest(shop)).toBe('v0.1.0');
  const two = await merge(shop, 'feat: two');
  const three = await merge(shop, 'feat: three');
  expect([await latest(shop), await said(shop, two.pull), await said(shop, three.pull)]).toEqual(['v0.1.0', [], []]);
  const run = await press(shop, three.run);
  expect(shop.told(run)['announce']).toBe('success done/announced');
  expect(await latest(shop)).toBe('v0.3.0');
  const [[first, ...more], [second, ...others]] = [await said(shop, two.pull), await said(shop, three.pull)];
  expect([more, others]).toEqual([[], []]);
  expect(first?.body).toContain('Version [**0.2.0**]');
  expect(second?.body).toContain('Version [**0.3.0**]');
  for (const comment of [first, second])
    expect(comment?.body).toMatch(
      /\[\*\*production\*\*\]\(https:\/\/example\.com\/\): in use since .*version .*0\.3\.0/
    );
});

test('a rollback takes "latest" back and edits the same comment; forward again, both follow', async () => {
  const shop = await openStage({ from: await live() });
  const { run, pull } = await merge(shop, 'feat: two');
  await press(shop, run);
  const [before, ...more] = await said(shop, pull);
  expect([await latest(shop), before?.body, more]).toEqual(['v0.2.0', expect.stringContaining('in use since'), []]);
  const back = await press(shop, await order(shop, 'previous'));
  expect(shop.told(back)).toMatchObject({
    deploy: 'success done/rolled-back-by-request',
    announce: 'success done/announced'
  });
  expect(await latest(shop)).toBe('v0.1.0');
  expect(await said(shop, pull)).toEqual([{ id: before?.id, body: expect.stringContaining('without this change') }]);
  await press(shop, await order(shop, '0.2.0'));
  expect(await latest(shop)).toBe('v0.2.0');
  expect(await said(shop, pull)).toEqual([{ id: before?.id, body: expect.stringContaining('in use since') }]);
});

test('a version that broke and went back by itself is nobody’s news; the next good one tells of it', async () => {
  const shop = await openStage({ from: await live() });
  const broken = await merge(shop, 'feat: two', faring('broken in production'));
  const run = await press(shop, broken.run);
  expect(run.conclusion).toBe('failure');
  expect(shop.told(run)).toMatchObject({
    production: 'failure rolled-back/rolled-back',
    announce: 'success done/announced'
  });
  expect([await latest(shop), await said(shop, broken.pull)]).toEqual(['v0.1.0', []]);
  await shop.resume();
  const healed = await merge(shop, 'fix: health', faring('well'));
  await press(shop, healed.run);
  expect(await latest(shop)).toBe('v0.2.1');
  for (const { pull } of [broken, healed]) expect(await said(shop, pull)).toHaveLength(1);
});

test('all jobs again, and an order for what is live already: nothing is said twice', async () => {
  const shop = await openStage({ from: await live() });
  const { run, pull } = await merge(shop, 'feat: two', faring('slow in production'));
  const twice = await order(shop, '0.2.0');
  shop.approve(run, 'production', 'bruno');
  await shop.marked('production/pid');
  shop.approve(twice, 'production', 'clara');
  await shop.waitFor(twice, { job: 'deploy', status: 'in_progress' });
  await shop.mark('go');
  await Promise.all([shop.waitFor(run, 'completed'), shop.waitFor(twice, 'completed')]);
  expect([shop.told(run)['announce'], shop.told(twice)['announce']]).toEqual([
    'success done/announced',
    'success done/announced'
  ]);
  const before = await said(shop, pull);
  expect(before).toHaveLength(1);
  const again = await shop.waitFor(shop.rerun(run), 'completed');
  expect(shop.told(again)).toMatchObject({ production: 'skipped', announce: 'skipped' });
  expect([await said(shop, pull), await latest(shop)]).toEqual([before, 'v0.2.0']);
});

test('without pull-requests: write the run is green, "latest" moves, and the warning names what to grant', async () => {
  const path = '.github/workflows/continuous-delivery.yml';
  const copy = (LINE[path] ?? '').replace('pull-requests: write, ', '');
  expect(copy).not.toBe(LINE[path]);
  const shop = await openStage({ from: await live() });
  const { run, pull } = await merge(shop, 'feat: two', { [path]: copy });
  expect(await press(shop, run)).toMatchObject({ conclusion: 'success' });
  expect(shop.told(run)['announce']).toBe('success done/announced-in-part');
  const warnings = shop.job(run, 'announce').annotations.filter(({ level }) => level === 'warning');
  expect(warnings.map(({ message }) => message).join('\n')).toContain('pull-requests: write');
  expect([await latest(shop), await said(shop, pull)]).toEqual(['v0.2.0', []]);
});

test('an announcement that fails keeps the run green, and the next one catches up', async () => {
  const shop = await openStage({ from: await live() });
  const { run, pull } = await merge(shop, 'feat: two', faring('slow in production'));
  shop.approve(run, 'production', 'bruno');
  await shop.marked('production/pid');
  const fault = shop.hub.fault({ match: { path: /git-upload-pack/ }, kind: 500, times: 9 });
  await shop.mark('go');
  expect(await shop.waitFor(run, 'completed')).toMatchObject({ conclusion: 'success' });
  expect(fault.fired).toBeGreaterThan(0);
  expect(shop.told(run)).toMatchObject({ production: 'success done/delivered', announce: 'failure' });
  expect([await latest(shop), await said(shop, pull)]).toEqual(['v0.1.0', []]);
  fault.cancel();
  const next = await merge(shop, 'feat: three', faring('well'));
  await press(shop, next.run);
  expect(await latest(shop)).toBe('v0.3.0');
  for (const each of [pull, next.pull]) expect(await said(shop, each)).toHaveLength(1);
});
