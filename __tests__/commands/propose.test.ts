import { describe, expect, test } from '@jest/globals';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deploy } from '../../src/commands/deploy.ts';
import { propose } from '../../src/commands/propose.ts';
import type { Change } from '../../src/domain/change.ts';
import type { ProposeCommand } from '../../src/domain/command.ts';
import type { Environment, Protection } from '../../src/domain/environment.ts';
import { refuse } from '../../src/domain/refusal.ts';
import { environment, minutesAgo } from '../fakes/builders.ts';
import { PROCESS, asking, inRun, publish, world } from '../fakes/world.ts';
import type { World } from '../fakes/world.ts';

const proposing = (version: string, overrides: Partial<ProposeCommand> = {}): ProposeCommand => ({
  ...asking(version),
  ...overrides,
  name: 'propose'
});

const change = (subject: string, days = 0): Change => ({
  commit: Buffer.from(subject).toString('hex').padEnd(40, '0'),
  type: 'feat',
  subject,
  breaking: false,
  author: 'Ana',
  date: minutesAgo(days * 24 * 60)
});

const PROTECTED: Protection = {
  kind: 'present',
  reviewers: ['bruno'],
  preventSelfReview: true,
  adminsCanBypass: true,
  waitMinutes: 0
};

const gated = async (production: Partial<Environment> = {}, protection: Protection = PROTECTED): Promise<World> => {
  const base = await world({
    environments: [
      environment({ name: 'staging' }),
      environment({ needs: ['staging'], gate: 'approval', ...production })
    ]
  });
  base.hosting.protections.set('production', protection);
  return base;
};

const staged = async (base: World, version: string, changes: readonly Change[] = []): Promise<void> => {
  await publish(base, version, PROCESS, changes);
  await deploy(base, asking(version, { environment: 'staging' }));
};

const live = async (base: World, version: string): Promise<void> => {
  await staged(base, version);
  base.hosting.approved.set(100, [{ environments: ['production'], state: 'approved', user: 'bruno', comment: '' }]);
  await deploy(base, asking(version));
};

const kinds = (notes: readonly { readonly kind: string }[] = []): string[] => notes.map(({ kind }) => kind);

describe('a proposal', () => {
  test('says what the button will ship, who may press it and where, and changes nothing', async () => {
    const base = await gated();
    await live(base, '1.0.0');
    await staged(base, '1.1.0', [change('basket', 2)]);
    await staged(base, '1.2.0', [change('cards', 1), change('search')]);
    const before = structuredClone(base.hosting.all);
    base.hosting.calls.length = 0;
    const outcome = await propose(base, proposing('1.2.0'));
    expect(outcome).toMatchObject({
      command: 'propose',
      verdict: 'done',
      reason: { code: 'proposed' },
      changed: true,
      version: '1.2.0',
      previous: '1.0.0',
      proposal: {
        offer: 'button',
        kind: 'deploy',
        batch: { changes: 3, releases: 2, complete: true, oldest: minutesAgo(2 * 24 * 60) },
        proofs: [{ environment: 'staging', runUrl: 'https://hub.test/runs/100' }],
        approvers: ['bruno'],
        preventSelfReview: true,
        runUrl: 'https://hub.test/runs/100'
      }
    });
    expect(outcome.changes?.map(({ subject }) => subject)).toEqual(['cards', 'search', 'basket']);
    expect(kinds(outcome.notes)).toEqual(['admins-can-bypass']);
    expect(base.hosting.all).toEqual(before);
    expect(base.hosting.calls).toEqual(['facts', 'protection', 'assets', 'download', 'assets', 'download', 'waiting']);
  });

  test('asks the gate itself: an approval of an earlier attempt proves nothing', async () => {
    const base = await gated({}, { kind: 'missing' });
    await live(base, '1.0.0');
    await staged(base, '1.1.0');
    expect(await propose(base, proposing('1.1.0'))).toMatchObject({
      verdict: 'refused',
      reason: { code: 'gate-missing' },
      changed: false
    });
  });

  test('in a private repository names the plan', async () => {
    const base = await gated({}, { ...PROTECTED, reviewers: [] });
    base.hosting.visible = 'private';
    await staged(base, '1.0.0');
    expect(await propose(base, proposing('1.0.0'))).toMatchObject({
      reason: { code: 'gate-unenforced' },
      changed: false
    });
  });

  test('of what is live already, or older than that, is nothing to press', async () => {
    const base = await gated();
    await live(base, '1.0.0');
    await live(base, '1.1.0');
    expect(await propose(base, proposing('1.1.0'))).toMatchObject({ verdict: 'nothing-to-do', changed: false });
    expect(await propose(base, proposing('1.0.0'))).toMatchObject({ reason: { code: 'superseded' }, changed: false });
    expect(base.hosting.calls).not.toContain('visibility');
  });

  test('chosen by a person may go back, and says so', async () => {
    const base = await gated();
    await live(base, '1.0.0');
    await live(base, '1.1.0');
    const byHand = inRun(base, {}, { event: 'workflow_dispatch' });
    const outcome = await propose(byHand, proposing('1.0.0'));
    expect(outcome).toMatchObject({ changed: true, proposal: { kind: 'rollback', batch: { changes: 0 } } });
  });

  test('with a gate by hand needs no job of this run', async () => {
    const base = await gated({ gate: 'dispatch' });
    await staged(base, '1.0.0');
    base.hosting.calls.length = 0;
    const outcome = await propose(base, proposing('1.0.0'));
    expect(outcome).toMatchObject({
      reason: { code: 'proposed-by-hand' },
      changed: false,
      proposal: { approvers: [] }
    });
    expect(base.hosting.calls).not.toContain('waiting');
    expect(base.hosting.calls).not.toContain('protection');
    const started = await propose(inRun(base, {}, { event: 'workflow_dispatch' }), proposing('1.0.0'));
    expect(started).toMatchObject({ reason: { code: 'cleared' }, changed: true });
  });

  test('without a gate lets the next job run at once', async () => {
    const base = await gated({ gate: 'none' }, { ...PROTECTED, reviewers: [] });
    await staged(base, '1.0.0');
    expect(await propose(base, proposing('1.0.0'))).toMatchObject({ reason: { code: 'cleared' }, changed: true });
  });

  test('as a dry run leaves the gated job and older runs alone', async () => {
    const base = await gated();
    await staged(base, '1.0.0');
    const outcome = await propose(base, proposing('1.0.0', { dryRun: true }));
    expect(outcome).toMatchObject({ verdict: 'done', reason: { code: 'dry-run' }, changed: false });
    expect(outcome.proposal?.offer).toBe('button');
    expect(base.hosting.calls).not.toContain('waiting');
  });

  test('says what still keeps it waiting, what was overridden and what piles up', async () => {
    const base = await gated({ soakSeconds: 3600, maxChanges: 1 });
    await publish(base, '1.0.0');
    await staged(base, '1.1.0', [change('old', 9), change('new')]);
    await publish(base, '1.2.0', PROCESS, [change('newer')]);
    const outcome = await propose(base, proposing('1.1.0', { override: ['max-changes'], reason: 'a big one' }));
    expect(outcome.notes).toEqual([
      { kind: 'not-before', why: expect.objectContaining({ code: 'soak' }) },
      { kind: 'overridden', code: 'max-changes', by: 'ana' },
      { kind: 'admins-can-bypass', environment: 'production' },
      { kind: 'stock', changes: 4, limit: 1, environment: 'production' },
      { kind: 'stock-old', seconds: 9 * 24 * 3600 + base.clock.elapsed(), environment: 'production' }
    ]);
  });
});

describe('the changes', () => {
  test('of many releases are read from ten of them, and that is said', async () => {
    const base = await gated();
    for (let n = 0; n < 12; n += 1) await publish(base, `1.${n}.0`, PROCESS, [change(`change ${n}`, 12 - n)]);
    await deploy(base, asking('1.11.0', { environment: 'staging' }));
    base.hosting.calls.length = 0;
    const outcome = await propose(base, proposing('1.11.0'));
    expect(base.hosting.calls.filter((call) => call === 'download')).toHaveLength(10);
    expect(outcome.proposal?.batch).toMatchObject({ changes: 12, releases: 12, oldest: minutesAgo(12 * 24 * 60) });
    expect(outcome.notes).toContainEqual({ kind: 'changes-cut', shown: 10, total: 12 });
  });

  test('beyond the releases GitHub lists are more than counted', async () => {
    const base = await gated();
    for (let n = 0; n < 31; n += 1) await publish(base, `1.${n}.0`);
    await deploy(base, asking('1.30.0', { environment: 'staging' }));
    const outcome = await propose(base, proposing('1.30.0'));
    expect(outcome.proposal?.batch).toMatchObject({ changes: 30, complete: false });
    expect(outcome.notes).toContainEqual({ kind: 'older-unlisted', changes: 30 });
  });

  const spoil = async (base: World, tag: string): Promise<void> => {
    const found = base.hosting.stored.find((each) => each.tag === tag);
    const document = [...(found?.assets.values() ?? [])].find(({ name }) => name === 'release.json');
    if (found === undefined || document === undefined) throw new Error(`no release ${tag}`);
    found.assets.delete(document.id);
    const file = join(base.surroundings.temporary, 'spoilt.json');
    await writeFile(file, '{}');
    await base.hosting.uploadAsset({ release: found.id, name: 'release.json', file });
  };

  test('of a damaged release in between are missing, of the version itself a refusal', async () => {
    const base = await gated();
    await publish(base, '1.0.0', PROCESS, [change('one')]);
    await staged(base, '1.1.0', [change('two')]);
    await spoil(base, 'v1.0.0');
    const outcome = await propose(base, proposing('1.1.0'));
    expect(outcome.changes?.map(({ subject }) => subject)).toEqual(['two']);
    expect(outcome.notes).toContainEqual({ kind: 'changes-unread', version: '1.0.0' });
    await spoil(base, 'v1.1.0');
    await expect(propose(base, proposing('1.1.0'))).rejects.toMatchObject({ reason: { code: 'digest-mismatch' } });
  });

  test('that cannot be read for another reason fail the proposal', async () => {
    const base = await gated();
    await publish(base, '1.0.0');
    await staged(base, '1.1.0');
    base.hosting.before = (call) => {
      if (call === 'download') throw refuse('hosting-failed', { call, problem: '500' });
    };
    await expect(propose(base, proposing('1.1.0'))).rejects.toMatchObject({ reason: { code: 'hosting-failed' } });
  });
});

describe('older runs at the same gate', () => {
  const run = (id: number, more: object = {}) => ({
    id,
    number: id,
    event: 'push',
    url: `https://hub.test/runs/${id}`,
    environments: ['Production'],
    ...more
  });

  const crowd = async (): Promise<World> => {
    const base = await gated();
    await staged(base, '1.0.0');
    return base;
  };

  test('are cancelled and named; those at work, elsewhere, newer or chosen by a person are left alone', async () => {
    const base = await crowd();
    base.hosting.atGate.push(
      run(101),
      run(99),
      run(98, { busy: true }),
      run(97, { environments: ['audit'] }),
      run(96, { event: 'workflow_dispatch' })
    );
    base.hosting.calls.length = 0;
    const outcome = await propose(base, proposing('1.0.0'));
    expect(base.hosting.calls.filter((call) => call.startsWith('cancel'))).toEqual(['cancelRun 99']);
    expect(outcome.notes?.slice(1)).toEqual([
      { kind: 'proposal-replaced', url: 'https://hub.test/runs/99' },
      { kind: 'newer-waiting', url: 'https://hub.test/runs/101' }
    ]);
    expect(base.said).toContainEqual({ kind: 'replacing', run: 'https://hub.test/runs/99', environment: 'production' });
  });

  test('that end by themselves meanwhile are not claimed', async () => {
    const base = await crowd();
    base.hosting.atGate.push(run(99));
    base.hosting.before = (call) => {
      if (call === 'cancelRun 99') base.hosting.overRuns.add(99);
    };
    expect(kinds((await propose(base, proposing('1.0.0'))).notes)).toEqual(['admins-can-bypass']);
  });

  test('that cannot be cancelled are a note, unless this run is cancelled itself', async () => {
    const base = await crowd();
    base.hosting.atGate.push(run(99));
    const why = refuse('permission-missing', { permission: 'actions: write', call: 'POST cancel' });
    base.hosting.before = (call) => {
      if (call === 'cancelRun 99') throw why;
    };
    const outcome = await propose(base, proposing('1.0.0'));
    expect(outcome).toMatchObject({ verdict: 'done', changed: true });
    expect(outcome.notes).toContainEqual({
      kind: 'proposal-not-replaced',
      url: 'https://hub.test/runs/99',
      why: why.reason
    });
    base.cancel.abort();
    await expect(propose(base, proposing('1.0.0'))).rejects.toMatchObject({ reason: { code: 'cancelled' } });
  });

  test('are not hidden by a mistake of ours', async () => {
    const base = await crowd();
    base.hosting.atGate.push(run(99));
    base.hosting.before = (call) => {
      if (call === 'cancelRun 99') throw new TypeError('ours');
    };
    await expect(propose(base, proposing('1.0.0'))).rejects.toThrow('ours');
  });
});
