import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { report } from '../../src/commands/report.ts';
import { parseManifest } from '../../src/config/manifest.ts';
import { readReport } from '../../src/config/report.ts';
import type { WrittenReport } from '../../src/config/report.ts';
import type { Outcome } from '../../src/domain/outcome.ts';
import type { ReleaseManifest } from '../../src/domain/release.ts';
import { readTagMessage, tagMessage } from '../../src/domain/tag-message.ts';
import { manifest } from '../config/documents.ts';
import { digestOfVersion, minutesAgo, record, tarOf, v } from '../fakes/builders.ts';
import { world } from '../fakes/world.ts';
import type { World } from '../fakes/world.ts';

export const COMMAND = { name: 'report', config: '.github/delivery.yml', outputDir: '.delivery' } as const;
export const run = (made: World): Promise<Outcome> => report(made, COMMAND);

export const readBack = async (made: World): Promise<WrittenReport> => {
  const text = await readFile(join(made.surroundings.workspace, '.delivery/delivery.json'), 'utf8');
  const written = await readReport([text]);
  if (written === undefined) throw new Error('no report');
  return written;
};

type Changes = ReleaseManifest['changes'];

export const commitOf = (version: string): string => createHash('sha1').update(version).digest('hex');

const ownChange = (version: string, minutes: number): Changes[number] => ({
  commit: commitOf(version),
  type: 'feat',
  scope: 'cart',
  subject: `makes ${version}`,
  breaking: false,
  author: 'ana',
  date: minutesAgo(minutes)
});

/** Publishes a version with its document, made so many minutes ago. */
export const publish = async (
  made: World,
  version: string,
  previous: string | null,
  minutes: number,
  changes: Changes = [ownChange(version, minutes)]
): Promise<void> => {
  const { hosting } = made;
  const commit = commitOf(version);
  const document = {
    ...manifest,
    version,
    tag: `v${version}`,
    commit,
    previous,
    archive: { ...manifest.archive, tarSha256: tarOf(version) },
    changes
  };
  const text = JSON.stringify(document);
  const note = {
    manifestSha256: createHash('sha256').update(text).digest('hex'),
    tarSha256: tarOf(version),
    changes: changes.length
  };
  await hosting.createTag({ name: `v${version}`, commit, message: tagMessage(v(version), note) });
  const { id } = await hosting.createDraft({ tag: `v${version}`, commit, body: '' });
  const file = join(made.surroundings.temporary, `${version}.json`);
  await writeFile(file, text);
  await hosting.uploadAsset({ release: id, name: 'release.json', file });
  await hosting.publish(id);
  hosting.publishedAt.set(`v${version}`, minutesAgo(minutes));
};

/** Writes the tags again as `release` does now: with the changes that the documents tell of. */
export const carry = ({ hosting }: World): void => {
  for (const { tag, assets } of hosting.stored) {
    const written = hosting.tags.get(tag);
    const bytes = [...assets.values()].find(({ name }) => name === 'release.json')?.bytes;
    const note = readTagMessage(written?.message ?? '');
    if (written === undefined || bytes === undefined || note === undefined) throw new Error(`no release ${tag}`);
    const document = parseManifest(bytes.toString());
    hosting.tags.set(tag, { ...written, message: tagMessage(document.version, note, document) });
  }
};

export const delivered = (made: World, id: number, version: string, minutes: number): void => {
  made.hosting.all.push(
    record(id, version, {
      createdAt: minutesAgo(minutes),
      startedAt: minutesAgo(minutes),
      succeededAt: minutesAgo(minutes),
      commit: commitOf(version),
      payload: { digest: digestOfVersion(version), reason: 'because' }
    })
  );
};

export const line = async (): Promise<World> => {
  const made = await world();
  await publish(made, '1.0.0', null, 5000);
  await publish(made, '1.1.0', '1.0.0', 3000);
  await publish(made, '1.2.0', '1.1.0', 200);
  delivered(made, 1, '1.0.0', 4000);
  delivered(made, 2, '1.1.0', 2000);
  made.hosting.calls.length = 0;
  return made;
};

/** A release whose tag and document speak of another version. */
export const mistaken = async ({ carrying = false } = {}): Promise<World> => {
  const made = await world();
  await publish(made, '1.0.0', null, 5000);
  if (carrying) carry(made);
  const [stored] = made.hosting.stored;
  const tag = made.hosting.tags.get('v1.0.0');
  if (stored === undefined || tag === undefined) throw new Error('no release');
  made.hosting.tags.set('v1.0.1', tag);
  made.hosting.stored[0] = { ...stored, tag: 'v1.0.1' };
  made.hosting.publishedAt.set('v1.0.1', minutesAgo(10));
  return made;
};
