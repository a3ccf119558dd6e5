import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { release } from '../../src/commands/release.ts';
import { readTagChanges } from '../../src/config/tag-changes.ts';
import { Refusal } from '../../src/domain/refusal.ts';
import type { ReleaseManifest } from '../../src/domain/release.ts';
import { readTagMessage, tagMessage } from '../../src/domain/tag-message.ts';
import type { TagNote } from '../../src/domain/tag-message.ts';
import { changeOf, v } from '../fakes/builders.ts';
import { PROCESS, world } from '../fakes/world.ts';
import type { World } from '../fakes/world.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const manifest = (overrides: Partial<ReleaseManifest> = {}): ReleaseManifest => ({
  schema: 1,
  version: v('1.0.0'),
  tag: 'v1.0.0',
  commit: 'a'.repeat(40),
  previous: null,
  created: '2026-11-24T10:00:00Z',
  changes: [],
  archive: { name: 'shop-1.0.0.tar.zst', size: 5, sha256: sha256('bytes'), tarSha256: sha256('tar') },
  files: [],
  images: [],
  process: PROCESS,
  builder: { repository: 'acme/shop', run: 1, workflow: 'delivery' },
  ...overrides
});

/** What `build` leaves in the output directory. */
const built = async (base: World, document: ReleaseManifest = manifest(), archive = 'bytes'): Promise<World> => {
  const folder = join(base.surroundings.workspace, '.delivery');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'release.json'), JSON.stringify(document));
  await writeFile(join(folder, document.archive.name), archive);
  return base;
};

const command = { name: 'release', config: '.github/delivery.yml', outputDir: '.delivery', dryRun: false } as const;

const refusalOf = async (work: Promise<unknown>): Promise<Refusal['reason']> => {
  const error: unknown = await work.catch((caught: unknown) => caught);
  if (!(error instanceof Refusal)) throw new Error(`not a refusal: ${String(error)}`);
  return error.reason;
};

describe('release', () => {
  test('tags, uploads, publishes, in this order', async () => {
    const base = await built(await world());
    expect(await release(base, command)).toMatchObject({
      verdict: 'done',
      reason: { code: 'released' },
      changed: true
    });
    expect(base.hosting.calls).toEqual([
      'releaseState',
      'createTag',
      'createDraft',
      'uploadAsset shop-1.0.0.tar.zst',
      'uploadAsset release.json',
      'publish'
    ]);
    expect(readTagMessage(base.hosting.tags.get('v1.0.0')?.message ?? '')).toMatchObject({
      tarSha256: sha256('tar'),
      changes: 0
    });
  });

  test('again: nothing to do', async () => {
    const base = await built(await world());
    await release(base, command);
    base.hosting.calls.length = 0;
    expect(await release(base, command)).toMatchObject({
      verdict: 'nothing-to-do',
      reason: { code: 'already-released' },
      changed: false
    });
    expect(base.hosting.calls).toEqual(['releaseState']);
  });

  test('killed at any call, a re-run finishes the job: one tag, one release, every asset', async () => {
    const count = 6;
    for (let k = 1; k <= count; k += 1) {
      const base = await built(await world());
      let calls = 0;
      base.hosting.before = () => {
        calls += 1;
        if (calls >= k) throw new Error('killed');
      };
      await release(base, command).catch(() => undefined);
      base.hosting.before = () => undefined;
      await release(base, command);
      expect(
        base.hosting.stored.map(({ draft, assets }) => ({
          draft,
          assets: [...assets.values()].map(({ name }) => name)
        }))
      ).toEqual([{ draft: false, assets: ['shop-1.0.0.tar.zst', 'release.json'] }]);
      expect([...base.hosting.tags.keys()]).toEqual(['v1.0.0']);
    }
  });

  test('replaces an asset that arrived broken', async () => {
    const base = await built(await world());
    await release(base, command);
    const [stored] = base.hosting.stored;
    const [asset] = stored?.assets.values() ?? [];
    if (stored === undefined || asset === undefined) throw new Error('nothing stored');
    stored.draft = true;
    stored.assets.set(asset.id, { ...asset, sha256: 'f'.repeat(64) });
    expect(await release(base, command)).toMatchObject({ verdict: 'done' });
    expect(base.hosting.calls).toContain('deleteAsset');
  });

  test("a tag on another commit is somebody else's version, and it is never moved", async () => {
    const base = await built(await world());
    await base.hosting.createTag({ name: 'v1.0.0', commit: 'b'.repeat(40), message: 'by hand' });
    expect(await refusalOf(release(base, command))).toMatchObject({
      code: 'version-taken',
      details: { other: 'b'.repeat(40) }
    });
    expect(base.hosting.tags.get('v1.0.0')?.commit).toBe('b'.repeat(40));
    expect(base.hosting.stored).toEqual([]);
  });

  test('a tag that somebody else creates in between is read again, not overwritten', async () => {
    const base = await built(await world());
    base.hosting.before = (call) => {
      if (call === 'createTag') base.hosting.tags.set('v1.0.0', { commit: 'b'.repeat(40), message: '' });
    };
    expect((await refusalOf(release(base, command))).code).toBe('version-taken');
  });

  test('a tag that promises other bytes is refused', async () => {
    const base = await built(await world());
    await release(base, command);
    await built(base, manifest({ created: '2026-11-24T11:00:00Z' }));
    expect((await refusalOf(release(base, command))).code).toBe('digest-mismatch');
  });

  test('an archive that is not the one the document names is refused before anything is written', async () => {
    const base = await built(await world(), manifest(), 'other');
    expect((await refusalOf(release(base, command))).code).toBe('digest-mismatch');
    expect(base.hosting.calls).toEqual([]);
  });

  test('dry-run reads and writes nothing', async () => {
    const base = await built(await world());
    expect(await release(base, { ...command, dryRun: true })).toMatchObject({ reason: { code: 'dry-run' } });
    expect(base.hosting.calls).toEqual(['releaseState']);
  });

  test('tags images by digest before it publishes', async () => {
    const image = { name: 'ghcr.io/acme/shop', digest: `sha256:${'d'.repeat(64)}` };
    const base = await built(await world(), manifest({ images: [image] }));
    const tagged: string[] = [];
    const images = {
      ...base.ports.images,
      tag: async (of: typeof image, tag: string) => void tagged.push(`${of.name}@${of.digest} ${tag}`)
    };
    await release({ ...base, ports: { ...base.ports, images } }, command);
    expect(tagged).toEqual([`ghcr.io/acme/shop@${image.digest} 1.0.0`]);
  });

  describe('the message of the tag', () => {
    const changes = [changeOf(12), changeOf(13)];
    const telling = manifest({ previous: v('0.9.0'), changes });
    const messageIn = ({ hosting }: World): string => hosting.tags.get('v1.0.0')?.message ?? '';

    test('carries the changes, as `release.json` tells them', async () => {
      const base = await built(await world(), telling);
      await release(base, command);
      expect(readTagChanges(messageIn(base))).toEqual({ version: '1.0.0', previous: '0.9.0', changes });
      expect(readTagMessage(messageIn(base))?.changes).toBe(2);
    });

    test.each([
      ['as it was before it carried changes', (note: TagNote) => tagMessage(v('1.0.0'), note)],
      ['that carries them in another form', (note: TagNote) => `${tagMessage(v('1.0.0'), note)}\nmore {}\n`],
      [
        'that carries no changes for there were too many',
        (note: TagNote) =>
          tagMessage(v('1.0.0'), note, { previous: null, changes: Array.from({ length: 21 }, () => changeOf(1)) })
      ]
    ])('of an earlier attempt is accepted %s, and stays', async (_, messageOf) => {
      const base = await built(await world(), telling);
      const text = JSON.stringify(telling);
      const message = messageOf({ manifestSha256: sha256(text), tarSha256: sha256('tar'), changes: 2 });
      await base.hosting.createTag({ name: 'v1.0.0', commit: telling.commit, message });
      expect(await release(base, command)).toMatchObject({ verdict: 'done', reason: { code: 'released' } });
      expect(messageIn(base)).toBe(message);
      expect(await release(base, command)).toMatchObject({ verdict: 'nothing-to-do' });
    });

    test('that carries these very changes for another document is refused', async () => {
      const base = await built(await world(), telling);
      const note = { manifestSha256: 'f'.repeat(64), tarSha256: sha256('tar'), changes: 2 };
      const message = tagMessage(v('1.0.0'), note, telling);
      await base.hosting.createTag({ name: 'v1.0.0', commit: telling.commit, message });
      expect((await refusalOf(release(base, command))).code).toBe('digest-mismatch');
    });
  });
});
