import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { StartedRun } from '../../rehearsal/hub/index.ts';
import { openProject } from './harness.ts';
import type { JobResult, Workshop } from './harness.ts';

type Project = Workshop & { readonly first: string };

let shop: Project;
beforeAll(async () => {
  shop = await openProject({ visibility: 'private' });
});
afterAll(() => shop.close());

const propose = (run: StartedRun, version: string, inputs: Readonly<Record<string, string>> = {}): Promise<JobResult> =>
  shop.job('propose', { run, inputs: { environment: 'production', version, ...inputs } });

const change = (message: string): Promise<string> =>
  shop.hub.commit({ message, files: { 'health.txt': `${message}\n` } });

const runOf = async (run: StartedRun) => (await shop.hub.snapshot()).runs.find(({ id }) => id === run.id);

describe('proposals in a private repository', () => {
  let older: StartedRun;
  let newest: StartedRun;

  test('the first version is offered with a card, and nothing changes', async () => {
    const { run, version } = await shop.stage(shop.first);
    const before = await shop.hub.snapshot();
    const card = await propose(run, version);
    expect(card).toMatchObject({
      exitCode: 0,
      outputs: { decision: 'done', 'reason-code': 'proposed', changed: 'true', version: '0.1.0' }
    });
    expect(await shop.hub.snapshot()).toEqual(before);
    expect(card.calls).toEqual([
      'graphql',
      'repos/get-environment',
      'repos/list-release-assets',
      'actions/get-workflow-run',
      'actions/list-workflow-runs'
    ]);
    expect(card.summary).toContain('| Who may approve | bruno; not whoever started this run |');
    expect(card.summary).toContain('| Live now | nothing yet |');
    expect(card.summary).toContain(`[Review deployments](${shop.hub.url}/acme/shop/actions/runs/${run.id})`);
    expect(card.summary).toContain('open the shop');
    shop.hub.gate(run, { environment: 'production' });
    older = run;
  });

  test('the next one takes the place of the one that still waits', async () => {
    const { run, version } = await shop.stage(await change('feat: a basket'));
    const deploying = shop.start(shop.first);
    shop.hub.gate(deploying, { environment: 'production', job: 'deploy' });
    shop.hub.gate(deploying, { environment: 'staging', job: 'stage' });
    const elsewhere = shop.hub.startRun({
      event: 'push',
      actor: 'ana',
      sha: shop.first,
      ref: 'refs/heads/main',
      workflow: 'other.yml'
    });
    shop.hub.gate(elsewhere, { environment: 'production' });
    newest = shop.start(shop.first);
    shop.hub.gate(newest, { environment: 'production' });
    const card = await propose(run, version, { language: 'pt-BR' });
    expect(card.result).toMatchObject({ proposal: { batch: { changes: 2, releases: 2 } } });
    expect(card.summary).toContain('2 mudanças em 2 releases');
    // started after this run: never touched; `deploying` is newer as well
    expect((await runOf(older))?.conclusion).toBe('cancelled');
    for (const each of [deploying, elsewhere, newest]) expect((await runOf(each))?.status).toBe('waiting');
    expect(card.log).toContain(`actions/runs/${older.id}`);
    expect(card.log).toContain(`actions/runs/${newest.id}`);
  });

  test('a run whose other job works is left alone', async () => {
    const later = shop.start(shop.first);
    const card = await propose(later, '0.2.0');
    expect(card.exitCode).toBe(0);
    expect((await runOf(newest))?.conclusion).toBe('cancelled');
    const busy = (await shop.hub.snapshot()).runs.filter(({ status }) => status === 'waiting');
    expect(busy.map(({ workflow }) => workflow).toSorted()).toEqual(['delivery.yml', 'other.yml']);
  });

  test('a gate that nobody guards is refused, and the plan is named', async () => {
    shop.hub.defineEnvironment('production', { reviewers: [] });
    const run = shop.start(shop.first);
    const card = await propose(run, '0.2.0');
    expect(card).toMatchObject({
      exitCode: 1,
      outputs: { decision: 'refused', 'reason-code': 'gate-unenforced', changed: 'false' }
    });
    expect(card.summary).toContain('GitHub Enterprise');
    shop.hub.defineEnvironment('production', { reviewers: ['bruno'] });
  });

  test('what is live already leaves no button', async () => {
    const run = shop.start(shop.first);
    shop.hub.review(run, { environment: 'production', user: 'bruno', state: 'approved' });
    const delivered = await shop.job('deploy', { run, inputs: { environment: 'production', version: '0.2.0' } });
    expect(delivered.exitCode).toBe(0);
    const card = await propose(shop.start(shop.first), '0.2.0');
    expect(card).toMatchObject({ exitCode: 0, outputs: { 'reason-code': 'already-live', changed: 'false' } });
  });

  test('without the right to cancel the card is made and the old button named', async () => {
    const { run, version } = await shop.stage(await change('feat: cards'));
    const waiting = shop.start(shop.first);
    shop.hub.gate(waiting, { environment: 'production' });
    const again = shop.start(shop.first);
    const permissions = { contents: 'read', deployments: 'read', actions: 'read', issues: 'read' } as const;
    const card = await shop.job('propose', {
      run: again,
      permissions,
      inputs: { environment: 'production', version }
    });
    expect(card).toMatchObject({ exitCode: 0, outputs: { changed: 'true' } });
    expect(card.result).toMatchObject({
      notes: expect.arrayContaining([expect.objectContaining({ kind: 'proposal-not-replaced' })])
    });
    expect((await runOf(waiting))?.status).toBe('waiting');
    shop.hub.finishRun(run, 'success');
  });
});
