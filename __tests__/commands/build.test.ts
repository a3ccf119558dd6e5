import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { build } from '../../src/commands/build.ts';
import { plan } from '../../src/commands/plan.ts';
import { deploy } from '../../src/commands/deploy.ts';
import { parseManifest } from '../../src/config/manifest.ts';
import type { Commit } from '../../src/domain/change.ts';
import type { HistoryAnswer } from '../../src/domain/history.ts';
import { Refusal } from '../../src/domain/refusal.ts';
import type { Archives, History, PackOrder } from '../../src/ports.ts';
import { environment, v } from '../fakes/builders.ts';
import { asking, publish, world } from '../fakes/world.ts';
import type { World } from '../fakes/world.ts';

const sha = (text: string): string => createHash('sha1').update(text).digest('hex');
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const commit = (message: string): Commit => ({
  sha: sha(message),
  parents: [],
  date: '2026-11-24T10:00:00Z',
  author: 'Ana',
  message
});

const answer = (overrides: Partial<HistoryAnswer> = {}): HistoryAnswer => ({
  head: commit('feat: pay by pix (#12)'),
  base: { version: v('1.0.0'), tag: 'v1.0.0', commit: sha('old') },
  onHead: [],
  newer: [],
  commits: [commit('feat: pay by pix (#12)'), commit('fix: totals')],
  ...overrides
});

const historyOf = (said: HistoryAnswer): History => ({
  read: () => Promise.resolve(said),
  tracked: () => Promise.resolve(['README.md'])
});

/** Writes the order down as the archive, so that a test sees what would be packed. */
const packing = (orders: PackOrder[]): Archives => ({
  pack: async (order) => {
    orders.push(order);
    await writeFile(order.output, 'bytes');
    const name = order.output.split('/').at(-1) ?? '';
    const archive = { name, size: 5, sha256: sha256('bytes'), tarSha256: sha256('tar') };
    return { archive, files: [{ path: 'a', size: 1, sha256: sha256('a'), mode: '100644' }] };
  },
  unpack: () => Promise.reject(new Error('nothing to unpack'))
});

const building = async (said: HistoryAnswer, files: readonly string[] = []) => {
  const base = await world();
  const orders: PackOrder[] = [];
  const ports = { ...base.ports, history: historyOf(said), archives: packing(orders) };
  const delivery = { ...base.delivery, build: { ...base.delivery.build, run: 'npm run build', files } };
  return { base: { ...base, ports, delivery }, orders };
};

const command = { name: 'build', config: '.github/delivery.yml', outputDir: '.delivery', dryRun: false } as const;

describe('build', () => {
  test('runs the build once, packs, and writes a document that names everything', async () => {
    const { base } = await building(answer());
    const outcome = await build(base, command);
    expect(outcome).toMatchObject({
      verdict: 'done',
      reason: { code: 'built' },
      version: '1.1.0',
      tag: 'v1.1.0',
      previous: '1.0.0',
      changed: true,
      digest: `sha256:${sha256('tar')}`
    });
    expect(base.target.tasks.map(({ label }) => label)).toEqual(['build']);
    expect(base.target.tasks[0]?.variables).toMatchObject({
      DELIVERY_VERSION: '1.1.0',
      DELIVERY_PREVIOUS_VERSION: '1.0.0'
    });
    const text = await readFile(join(base.surroundings.workspace, '.delivery', 'release.json'), 'utf8');
    expect(parseManifest(text)).toMatchObject({
      version: '1.1.0',
      created: '2026-11-24T10:00:00Z',
      changes: [{ type: 'feat', pull: 12 }, { type: 'fix' }],
      archive: { name: 'shop-v1.1.0.tar.zst' },
      process: base.delivery.process,
      builder: { repository: 'acme/shop', run: 100, workflow: 'delivery' }
    });
  });

  test('without patterns the tracked tree is packed, with patterns never our own output', async () => {
    const plain = await building(answer());
    await build(plain.base, command);
    expect(plain.orders[0]).toMatchObject({ patterns: [], tracked: ['README.md'], date: '2026-11-24T10:00:00Z' });
    const wide = await building(answer(), ['**']);
    await build(wide.base, command);
    expect(wide.orders[0]).toMatchObject({ patterns: ['**', '!.delivery/**'], tracked: [] });
  });

  test('records the digests of the images the script pushed', async () => {
    const { base } = await building(answer());
    const delivery = { ...base.delivery, build: { ...base.delivery.build, images: ['ghcr.io/acme/shop'] } };
    await build({ ...base, delivery }, command);
    const text = await readFile(join(base.surroundings.workspace, '.delivery', 'release.json'), 'utf8');
    expect(parseManifest(text).images).toEqual([{ name: 'ghcr.io/acme/shop', digest: `sha256:${'d'.repeat(64)}` }]);
  });

  test('a failing build command is said, and nothing is packed', async () => {
    const { base, orders } = await building(answer());
    base.target.brokenDeploys.add('1.1.0');
    const error: unknown = await build(base, command).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(Refusal);
    expect(error).toMatchObject({ reason: { code: 'build-failed', details: { problem: 'exit code 3' } } });
    expect(orders).toEqual([]);
  });

  test('a commit that carries its version keeps it', async () => {
    const { base } = await building(answer({ onHead: [v('1.1.0')] }));
    expect(await build(base, command)).toMatchObject({ version: '1.1.0', changed: false, reason: { code: 'built' } });
  });

  test('nothing to release builds nothing', async () => {
    const { base } = await building(answer({ commits: [] }));
    expect(await build(base, command)).toMatchObject({
      verdict: 'nothing-to-do',
      reason: { code: 'nothing-to-release' }
    });
    expect(base.target.tasks).toEqual([]);
  });

  test('dry-run stops after the version', async () => {
    const { base, orders } = await building(answer());
    expect(await build(base, { ...command, dryRun: true })).toMatchObject({
      reason: { code: 'dry-run' },
      version: '1.1.0'
    });
    expect([base.target.tasks, orders]).toEqual([[], []]);
  });
});

describe('plan', () => {
  const planning = { name: 'plan', config: '.github/delivery.yml' } as const;
  const seenBy = (base: World, said: HistoryAnswer): World => ({
    ...base,
    ports: { ...base.ports, history: historyOf(said) }
  });

  const withLive = async (): Promise<World> => {
    const base = await world();
    await publish(base, '1.0.0');
    await deploy(base, asking('1.0.0', { environment: 'staging' }));
    base.hosting.calls.length = 0;
    return base;
  };

  test('says the next version, what is live where and what waits; it writes nothing', async () => {
    const base = await withLive();
    const outcome = await plan(seenBy(base, answer()), planning);
    expect(outcome).toMatchObject({
      verdict: 'done',
      reason: { code: 'planned', details: { version: '1.1.0' } },
      rows: [
        { environment: 'staging', live: { kind: 'version' }, waiting: 2, after: [] },
        { environment: 'production', live: { kind: 'nothing' }, waiting: 3, after: ['staging'] }
      ]
    });
    expect(outcome.rows?.every((row) => row.blocked === undefined)).toBe(true);
    expect(base.hosting.calls).toEqual(['facts']);
  });

  test('says why a version would not go somewhere', async () => {
    const base = await withLive();
    await base.hosting.openStop({ title: 'hold', body: '' });
    const outcome = await plan(seenBy(base, answer()), planning);
    expect(outcome.rows).toMatchObject([{ blocked: { code: 'line-stopped' } }, { blocked: { code: 'line-stopped' } }]);
  });

  test('of a released version knows what is proven and what is there', async () => {
    const base = await withLive();
    const released = answer({ onHead: [v('1.0.0')], commits: [] });
    const outcome = await plan(seenBy(base, released), planning);
    expect(outcome).toMatchObject({ changed: false, version: '1.0.0' });
    expect(outcome.rows).toMatchObject([
      { environment: 'staging', blocked: { code: 'already-live' }, waiting: 0 },
      { waiting: 1 }
    ]);
    expect(outcome.rows?.[1]).not.toHaveProperty('blocked');
    expect(outcome.rows?.[1]).not.toHaveProperty('after');
  });

  test('looks at one environment when asked, and at none when none is defined', async () => {
    const base = await withLive();
    const one = await plan(seenBy(base, answer()), { ...planning, environment: 'staging' });
    expect(one.rows?.map((row) => row.environment)).toEqual(['staging']);
    base.hosting.calls.length = 0;
    const none = await world({ environments: [] });
    expect((await plan(seenBy(none, answer()), planning)).rows).toEqual([]);
    expect(none.hosting.calls).toEqual([]);
  });

  test('with nothing to release still shows what waits', async () => {
    const base = await withLive();
    const outcome = await plan(seenBy(base, answer({ commits: [] })), planning);
    expect(outcome).toMatchObject({
      verdict: 'nothing-to-do',
      rows: [{ waiting: 0 }, { environment: 'production', waiting: 1 }]
    });
  });

  test('a gate does not block a plan: it is asked when the time comes', async () => {
    const base = await world({ environments: [environment({ gate: 'approval' })] });
    const outcome = await plan(seenBy(base, answer()), planning);
    expect(outcome.rows).toMatchObject([{ asks: true }]);
    expect(outcome.rows?.[0]?.blocked).toBeUndefined();
  });
});
