import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { parseManifest } from '../config/manifest.ts';
import type { Command } from '../domain/command.ts';
import type { Outcome } from '../domain/outcome.ts';
import { reason, refuse } from '../domain/refusal.ts';
import { MANIFEST_NAME, digestOf } from '../domain/release.ts';
import type { ReleaseManifest } from '../domain/release.ts';
import { tagMessage } from '../domain/tag-message.ts';
import type { TagNote } from '../domain/tag-message.ts';
import type { Asset, ReleaseState } from '../ports.ts';
import { inWorkspace } from './context.ts';
import type { Context } from './context.ts';

type ReleaseCommand = Extract<Command, { outputDir: string; dryRun: boolean }>;

/** A file to attach, measured before anything is written to GitHub. */
interface Attachment {
  readonly name: string;
  readonly file: string;
  readonly size: number;
  readonly sha256: string;
}

/** What `build` left, proven to be whole. */
interface Built {
  readonly manifest: ReleaseManifest;
  readonly attachments: readonly Attachment[];
  readonly note: TagNote;
}

type Draft = NonNullable<ReleaseState['release']>;

/** The job forgot to fetch what the build job handed on, or looks for it in another folder. */
const mustBeThere = async (folder: string, name: string): Promise<string> => {
  const file = join(folder, name);
  const found = await stat(file).catch(() => undefined);
  if (found?.isFile() === true) return file;
  const problem = `there is no ${name} in it; let the job download what the build job uploaded`;
  throw refuse('invalid-input', { input: 'output-dir', problem });
};

const measure = async (folder: string, name: string): Promise<Attachment> => {
  const file = await mustBeThere(folder, name);
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return { name, file, size: (await stat(file)).size, sha256: hash.digest('hex') };
};

const builtIn = async (folder: string): Promise<Built> => {
  const manifest = parseManifest(await readFile(await mustBeThere(folder, MANIFEST_NAME), 'utf8'));
  const { archive, changes } = manifest;
  const [document, packed] = [await measure(folder, MANIFEST_NAME), await measure(folder, archive.name)];
  if (packed.sha256 !== archive.sha256) {
    throw refuse('digest-mismatch', { what: archive.name, expected: archive.sha256, actual: packed.sha256 });
  }
  const note = { manifestSha256: document.sha256, tarSha256: archive.tarSha256, changes: changes.length };
  return { manifest, attachments: [packed, document], note };
};

/** The tag is the lock and the anchor: same commit and same bytes, or somebody else owns the version. */
const assertOurs = ({ manifest, note }: Built, state: ReleaseState): void => {
  const { tag } = state;
  if (tag === undefined) return;
  if (tag.commit !== manifest.commit) {
    throw refuse('version-taken', { tag: manifest.tag, commit: manifest.commit, other: tag.commit });
  }
  const found = tag.note?.manifestSha256 ?? 'none';
  if (found !== note.manifestSha256) {
    throw refuse('digest-mismatch', { what: `tag ${manifest.tag}`, expected: found, actual: note.manifestSha256 });
  }
};

/** Creates the tag, or finds that it is there already; never moves one. */
const ensureTag = async (context: Context, built: Built, state: ReleaseState): Promise<ReleaseState> => {
  const { manifest, note } = built;
  const { tag: name, commit, created: date, version, previous, changes } = manifest;
  assertOurs(built, state);
  if (state.tag !== undefined) {
    context.say({ kind: 'tag-found', tag: name });
    return state;
  }
  const message = tagMessage(version, note, { previous, changes });
  if ((await context.ports.hosting.createTag({ name, commit, message, date })) === 'created') {
    context.say({ kind: 'tag-created', tag: name });
    return state;
  }
  const again = await context.ports.hosting.releaseState(name);
  if (again.tag === undefined)
    throw refuse('hosting-failed', { call: `tag ${name}`, problem: 'exists, but cannot be read' });
  return ensureTag(context, built, again);
};

const ensureDraft = async (context: Context, { manifest }: Built, state: ReleaseState): Promise<Draft> => {
  if (state.release !== undefined) return state.release;
  const { tag, commit, version } = manifest;
  const body = context.words.releaseNotes(manifest);
  return context.ports.hosting.createDraft({ tag, commit, name: version, body });
};

const isWhole = (asset: Asset, { size, sha256 }: Attachment): boolean =>
  asset.size === size && (asset.sha256 === undefined || asset.sha256 === sha256);

/** Keeps an asset that is whole, replaces one that is not, and believes GitHub's digest rather than the upload. */
const ensureAsset = async (context: Context, release: Draft, attachment: Attachment): Promise<void> => {
  const { name, size: bytes, sha256: expected } = attachment;
  const { hosting, phases } = context.ports;
  const present = release.assets.find((asset) => asset.name === name);
  if (present !== undefined && isWhole(present, attachment)) return context.say({ kind: 'asset-found', name, bytes });
  if (present !== undefined) await phases.during('record', () => hosting.deleteAsset(present.id));
  context.say({ kind: 'uploading', name, bytes });
  const uploaded = await hosting.uploadAsset({ release: release.id, name, file: attachment.file, size: bytes });
  if (!isWhole(uploaded, attachment)) {
    throw refuse('digest-mismatch', { what: name, expected, actual: uploaded.sha256 ?? `${uploaded.size} bytes` });
  }
  context.say({ kind: 'uploaded', name, bytes });
};

const ensureImages = async (context: Context, { images, version }: ReleaseManifest): Promise<void> => {
  const { phases, images: registry } = context.ports;
  await phases.during('images', async () => {
    for (const image of images) {
      await registry.tag(image, version);
      context.say({ kind: 'image-tagged', image: `${image.name}:${version}`, digest: image.digest });
    }
  });
};

const ensurePublished = async (context: Context, release: Draft): Promise<string> => {
  if (!release.draft) return release.url;
  const { hosting, phases } = context.ports;
  const url = await phases.during('record', () => hosting.publish(release.id));
  context.say({ kind: 'published', url });
  return url;
};

const baseOf = ({
  version,
  tag,
  commit,
  previous,
  archive,
  changes
}: ReleaseManifest): Omit<Outcome, 'verdict' | 'reason'> => ({
  command: 'release',
  version,
  tag,
  commit,
  ...(previous === null ? {} : { previous }),
  digest: digestOf(archive),
  changes
});

/** Published already: every asset stands there as built. */
const isDone = ({ attachments }: Built, { tag, release }: ReleaseState): boolean =>
  tag !== undefined &&
  release !== undefined &&
  !release.draft &&
  attachments.every((each) => release.assets.some((asset) => asset.name === each.name && isWhole(asset, each)));

const ensureAll = async (context: Context, built: Built, state: ReleaseState): Promise<string> => {
  const { phases } = context.ports;
  const tagged = await phases.during('record', () => ensureTag(context, built, state));
  const release = await phases.during('record', () => ensureDraft(context, built, tagged));
  for (const attachment of built.attachments) await ensureAsset(context, release, attachment);
  await ensureImages(context, built.manifest);
  return ensurePublished(context, release);
};

/** Tags what `build` made and publishes it as a pre-release. Every step is "ensure": a re-run finishes the job. */
export const release = async (context: Context, command: ReleaseCommand): Promise<Outcome> => {
  const built = await builtIn(inWorkspace(context, command.outputDir));
  const { version, tag } = built.manifest;
  const { hosting, phases } = context.ports;
  const state = await phases.during('facts', () => hosting.releaseState(tag));
  const base = baseOf(built.manifest);
  assertOurs(built, state);
  if (isDone(built, state)) {
    const why = reason('already-released', { version, tag });
    return { ...base, verdict: 'nothing-to-do', reason: why, changed: false, releaseUrl: state.release?.url ?? '' };
  }
  if (command.dryRun) return { ...base, verdict: 'done', reason: reason('dry-run', { command: 'release' }) };
  const releaseUrl = await ensureAll(context, built, state);
  return { ...base, verdict: 'done', reason: reason('released', { version, tag }), changed: true, releaseUrl };
};
