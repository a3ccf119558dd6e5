import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { openPreviews, runOf, short } from './previewing.ts';
import { saidBy } from './stage.ts';

const ADDRESS = 'https://pr-1.preview.example.com/';

/** As long as `expires: 1s` says. */
const A_SECOND_MS = 1000;

/** The machine is gone within a moment, and says nothing. */
const DEADLY = { patience: { interrupt: 0, terminate: 0 } };

describe('the life of a preview', () => {
  test('made when its pull request is opened, brought to the next commit, gone when it is closed', async () => {
    const shop = await openPreviews();
    const pull = await shop.propose();
    const first = await shop.ended(pull);
    expect(shop.told(first)).toEqual({ up: 'success done/preview-up', down: 'skipped' });
    expect(saidBy(shop.job(first, 'up'))).toMatchObject({ 'environment-url': ADDRESS, commit: pull.sha });
    expect(shop.showing(1)).toBe(pull.sha);
    expect(await shop.previews(1)).toEqual([`up ${short(pull.sha)}: ACTIVE ${ADDRESS}`]);
    expect(shop.operations(first, 'up')).toEqual([
      'graphql',
      'repos/create-deployment',
      'graphql',
      'repos/create-deployment-status',
      'repos/create-deployment-status'
    ]);
    const next = await shop.pushToPull(pull.number, { 'change.txt': 'more\n' });
    expect(shop.told(await shop.ended(next))).toEqual({ up: 'success done/preview-up', down: 'skipped' });
    expect(shop.showing(1)).toBe(next.sha);
    expect(shop.calls(runOf(next))).toHaveLength(6);
    expect(await shop.previews(1)).toEqual([
      `up ${short(pull.sha)}: DESTROYED ${ADDRESS}`,
      `up ${short(next.sha)}: ACTIVE ${ADDRESS}`
    ]);
    const last = await shop.ended(await shop.closePull(pull.number));
    expect(shop.told(last)).toEqual({ up: 'skipped', down: 'success done/preview-down' });
    expect(shop.showing(1)).toBe('');
    expect((await shop.previews(1)).map((each) => each.split(' ')[2])).toEqual(['DESTROYED', 'DESTROYED', 'DESTROYED']);
  });

  test('gone when it is merged, though its branch is gone as well', async () => {
    const shop = await openPreviews();
    const pull = await shop.propose();
    await shop.ended(pull);
    const merged = await shop.ended(await shop.closePull(pull.number, { merge: true }));
    expect(shop.told(merged)).toEqual({ up: 'skipped', down: 'success done/preview-down' });
    expect(shop.showing(1)).toBe('');
  });

  test('made again when the pull request is opened again', async () => {
    const shop = await openPreviews();
    const pull = await shop.propose();
    await shop.ended(pull);
    await shop.ended(await shop.closePull(pull.number));
    expect(shop.told(await shop.ended(await shop.reopenPull(pull.number)))).toMatchObject({
      up: 'success done/preview-up'
    });
    expect(shop.showing(1)).toBe(pull.sha);
  });

  test('a run again makes nothing anew: it says where the preview is, or that a newer commit has it', async () => {
    const shop = await openPreviews();
    const pull = await shop.propose();
    const first = await shop.ended(pull);
    const again = await shop.waitFor(shop.rerun(first), 'completed');
    expect(shop.told(again)).toMatchObject({ up: 'success nothing-to-do/preview-there' });
    expect(saidBy(shop.job(again, 'up'))['environment-url']).toBe(ADDRESS);
    const next = await shop.pushToPull(pull.number, { 'change.txt': 'more\n' });
    await shop.ended(next);
    const old = await shop.waitFor(shop.rerun(first), 'completed');
    expect(shop.told(old)).toMatchObject({ up: 'success nothing-to-do/pull-moved' });
    expect(shop.showing(1)).toBe(next.sha);
  });

  test('of a fork there is none: no machine starts, not even when it is closed', async () => {
    const shop = await openPreviews();
    const pull = await shop.openPull({ 'health.txt': 'evil\n' }, { branch: 'topic', from: 'eve/shop' });
    const pushed = await shop.pushToPull(pull.number, { 'health.txt': 'worse\n' });
    for (const told of [pull, pushed, await shop.closePull(pull.number)]) {
      const run = await shop.ended(told);
      expect(shop.told(run)).toEqual({ up: 'skipped', down: 'skipped' });
      expect(shop.calls(run)).toEqual([]);
    }
    expect((await shop.hub.snapshot()).deployments).toEqual([]);
  });

  test('of two pull requests there are two, and neither waits for the other', async () => {
    const shop = await openPreviews();
    const [one, two] = [await shop.propose('slow', 'one'), await shop.propose('well', 'two')];
    expect(shop.told(await shop.ended(two))).toMatchObject({ up: 'success done/preview-up' });
    expect(shop.run(runOf(one)).status).toBe('in_progress');
    await shop.mark('go');
    await shop.ended(one);
    expect([shop.showing(1), shop.showing(2)]).toEqual([one.sha, two.sha]);
    await shop.ended(await shop.closePull(one.number));
    expect([shop.showing(1), shop.showing(2)]).toEqual(['', two.sha]);
  });
});

describe('while it is being made', () => {
  test('a push ends the run before, and the new one makes it', async () => {
    const shop = await openPreviews();
    const pull = await shop.propose('slow');
    await shop.marked('previews/pr-1/pid');
    const next = await shop.pushToPull(pull.number, { 'health.txt': 'well\n' });
    expect(await shop.ended(pull)).toMatchObject({ conclusion: 'cancelled' });
    expect(shop.told(await shop.ended(next))).toMatchObject({ up: 'success done/preview-up' });
    expect(shop.showing(1)).toBe(next.sha);
    expect(await shop.previews(1)).toEqual([
      `up ${short(pull.sha)}: DESTROYED`,
      `up ${short(next.sha)}: ACTIVE ${ADDRESS}`
    ]);
  });

  test('the pull request is closed: what was half made goes', async () => {
    const shop = await openPreviews();
    const pull = await shop.propose('slow');
    await shop.marked('previews/pr-1/pid');
    const closed = await shop.closePull(pull.number);
    expect(await shop.ended(pull)).toMatchObject({ conclusion: 'cancelled' });
    expect(shop.told(await shop.ended(closed))).toMatchObject({ down: 'success done/preview-down' });
    expect(shop.showing(1)).toBe('');
  });

  test('its script fails: red, with what it said; closing takes away what it left', async () => {
    const shop = await openPreviews();
    const pull = await shop.propose('broken');
    const run = await shop.ended(pull);
    expect(run.conclusion).toBe('failure');
    expect(shop.told(run)).toEqual({ up: 'failure failed/preview-failed', down: 'skipped' });
    expect(shop.showing(1)).toBe('half');
    expect(await shop.previews(1)).toEqual([`up ${short(pull.sha)}: FAILURE`]);
    await shop.ended(await shop.closePull(pull.number));
    expect(shop.showing(1)).toBe('');
  });

  test('its machine dies: the next push closes what was left, makes it, and says so', async () => {
    const shop = await openPreviews('', DEADLY);
    const pull = await shop.propose('slow');
    await shop.marked('previews/pr-1/pid');
    shop.cancel(runOf(pull));
    await shop.ended(pull);
    expect(await shop.previews(1)).toEqual([`up ${short(pull.sha)}: IN_PROGRESS`]);
    const next = await shop.pushToPull(pull.number, { 'health.txt': 'well\n' });
    const run = await shop.ended(next);
    expect(shop.told(run)).toMatchObject({ up: 'success done/preview-up' });
    expect(shop.showing(1)).toBe(next.sha);
    expect(shop.summaries(run).join('')).toContain('An earlier run about pr-1 broke off');
    expect(await shop.previews(1)).toEqual([
      `up ${short(pull.sha)}: DESTROYED`,
      `up ${short(next.sha)}: ACTIVE ${ADDRESS}`
    ]);
  });
});

describe('every day', () => {
  test('what a dead run left half made goes, and the summary says why', async () => {
    const shop = await openPreviews('', DEADLY);
    const pull = await shop.propose('slow');
    await shop.marked('previews/pr-1/pid');
    shop.cancel(runOf(pull));
    await shop.ended(pull);
    const run = await shop.daily();
    expect(shop.told(run)).toEqual({ up: 'skipped', down: 'success done/previews-down' });
    expect(shop.showing(1)).toBe('');
    expect(shop.summaries(run).join('')).toContain('pr-1 is not needed any more: a run left it unfinished.');
  });

  test('what is past its time goes, what was made later stays', async () => {
    const shop = await openPreviews('  expires: 1s\n');
    const pull = await shop.propose();
    await shop.ended(pull);
    await pause(A_SECOND_MS);
    const run = await shop.daily();
    expect(shop.told(run)).toMatchObject({ down: 'success done/previews-down' });
    expect(shop.summaries(run).join('')).toContain('pr-1 is not needed any more: its time is over.');
    expect(shop.showing(1)).toBe('');
    const next = await shop.ended(await shop.pushToPull(pull.number, { 'change.txt': 'more\n' }));
    expect(shop.told(next)).toMatchObject({ up: 'success done/preview-up' });
  });

  test('in Portuguese', async () => {
    const shop = await openPreviews('language: pt-BR\n');
    const pull = await shop.propose('broken');
    const failed = shop.summaries(await shop.ended(pull)).join('');
    expect(failed).toContain('## ❌ Falhou: pr-1');
    expect(failed).toContain('Não foi possível fazer a prévia pr-1: o script terminou com o código de saída 3.');
    const run = await shop.ended(await shop.pushToPull(pull.number, { 'health.txt': 'well\n' }));
    expect(shop.summaries(run).join('')).toContain('Ela fica até o pull request ser fechado, ou no máximo até ');
    shop.hub.changePull(pull.number, { state: 'closed' });
    const daily = shop.summaries(await shop.daily()).join('');
    expect(daily).toContain('## ✅ Prévia desfeita: pr-1');
    expect(daily).toContain('1 prévia de que ninguém mais precisa foi desfeita: pr-1.');
    expect(daily).toContain('- pr-1 não é mais necessária: o seu pull request foi fechado.');
    expect(shop.summaries(await shop.daily()).join('')).toContain('**Não há nenhuma prévia.**');
  });

  test('what was closed in conflict with main goes: no run was told of it', async () => {
    const shop = await openPreviews();
    const pull = await shop.propose('fine');
    await shop.ended(pull);
    await shop.push({ 'health.txt': 'otherwise\n' }, 'feat: otherwise');
    expect((await shop.closePull(pull.number)).runs).toEqual([]);
    const run = await shop.daily();
    expect(shop.told(run)).toMatchObject({ down: 'success done/previews-down' });
    expect(shop.summaries(run).join('')).toContain('pr-1 is not needed any more: its pull request is closed.');
    expect(shop.showing(1)).toBe('');
  });

  test('what is wanted stays; one that cannot go keeps no other, and is tried again', async () => {
    const shop = await openPreviews();
    const [one, two] = [await shop.propose('well', 'one'), await shop.propose('well', 'two')];
    for (const told of [one, two]) await shop.ended(told);
    expect(shop.told(await shop.daily())).toMatchObject({ down: 'success nothing-to-do/previews-wanted' });
    await shop.mark('stuck-pr-1');
    expect(shop.told(await shop.ended(await shop.closePull(one.number)))).toMatchObject({
      down: 'failure failed/preview-not-down'
    });
    const run = await shop.daily();
    expect(shop.told(run)).toMatchObject({ down: 'failure failed/previews-not-down' });
    expect([shop.showing(1), shop.showing(2)]).toEqual([one.sha, two.sha]);
    await shop.unmark('stuck-pr-1');
    expect(shop.told(await shop.daily())).toMatchObject({ down: 'success done/previews-down' });
    expect([shop.showing(1), shop.showing(2)]).toEqual(['', two.sha]);
  });

  test('a preview that is being made is left alone, and the daily run ends no other', async () => {
    const shop = await openPreviews();
    const pull = await shop.propose('slow');
    await shop.marked('previews/pr-1/pid');
    const run = await shop.daily();
    expect(shop.told(run)).toMatchObject({ down: 'success nothing-to-do/previews-wanted' });
    expect(shop.summaries(run).join('')).toContain('A run is at work on pr-1');
    await shop.mark('go');
    expect(await shop.ended(pull)).toMatchObject({ conclusion: 'success' });
  });
});

describe('by hand', () => {
  test('one that is named goes, whatever its pull request is; it comes again with the next commit', async () => {
    const shop = await openPreviews();
    const [one, two] = [await shop.propose('well', 'one'), await shop.propose('well', 'two')];
    for (const told of [one, two]) await shop.ended(told);
    const run = await shop.waitFor(await shop.dispatch('preview.yml', { preview: 'pr-1' }), 'completed');
    expect(shop.told(run)).toEqual({ up: 'skipped', down: 'success done/preview-down' });
    expect([shop.showing(1), shop.showing(2)]).toEqual(['', two.sha]);
    const next = await shop.pushToPull(one.number, { 'change.txt': 'more\n' });
    await shop.ended(next);
    expect(shop.showing(1)).toBe(next.sha);
  });

  test('without a name it is the daily run', async () => {
    const shop = await openPreviews();
    await shop.ended(await shop.propose());
    const run = await shop.waitFor(await shop.dispatch('preview.yml'), 'completed');
    expect(shop.told(run)).toEqual({ up: 'skipped', down: 'success nothing-to-do/previews-wanted' });
    const wrong = await shop.waitFor(await shop.dispatch('preview.yml', { preview: 'prod' }), 'completed');
    expect(wrong.conclusion).toBe('failure');
  });
});
