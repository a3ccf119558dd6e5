import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from '../domain/command.ts';
import type { Outcome } from '../domain/outcome.ts';
import { reason, refuse } from '../domain/refusal.ts';
import { MANIFEST_NAME, digestOf } from '../domain/release.ts';
import type { Image, ReleaseManifest } from '../domain/release.ts';
import type { Packed } from '../ports.ts';
import type { NextVersion } from '../rules/next-version.ts';
import { assertNotCancelled, inWorkspace } from './context.ts';
import type { Context } from './context.ts';
import { planVersion } from './plan-version.ts';
import type { VersionPlan } from './plan-version.ts';
import { runStep } from './procedure.ts';

type BuildCommand = Extract<Command, { outputDir: string; dryRun: boolean }>;

/** What is being built: a commit and the version it gets. */
interface Order {
  readonly next: NextVersion;
  readonly commit: string;
  /** The commit's date: everything written carries it, so that building again gives the same bytes. */
  readonly date: string;
  /** Relative to the workspace. */
  readonly outputDir: string;
}

const runBuild = async (context: Context, { next, commit }: Order): Promise<void> => {
  const { run, timeoutSeconds } = context.delivery.build;
  if (run === undefined) return;
  context.say({ kind: 'building', version: next.version });
  const { problem } = await runStep(context, {
    label: 'build',
    script: run,
    directory: context.surroundings.workspace,
    variables: {
      DELIVERY_VERSION: next.version,
      DELIVERY_TAG: next.tag,
      DELIVERY_COMMIT: commit,
      DELIVERY_PREVIOUS_VERSION: next.previous ?? ''
    },
    timeoutSeconds
  });
  if (problem !== undefined) throw refuse('build-failed', { problem });
};

/** The script pushed each image under the version; from here on only digests count. */
const resolveAll = async (context: Context, { next }: Order): Promise<readonly Image[]> => {
  const images: Image[] = [];
  for (const name of context.delivery.build.images) {
    const image = await context.ports.images.resolve(name, next.version);
    context.say({ kind: 'image-resolved', image: `${name}:${next.version}`, digest: image.digest });
    images.push(image);
  }
  return images;
};

const resolveImages = (context: Context, order: Order): Promise<readonly Image[]> =>
  context.ports.phases.during('images', () => resolveAll(context, order));

/** GitHub replaces other characters in the names of release assets. */
const archiveName = (context: Context, tag: string): string =>
  `${context.surroundings.repository.name}-${tag}`.replaceAll(/[^A-Za-z0-9._-]/g, '-') + '.tar.zst';

/** What lies in the output directory is ours, however wide the patterns are. */
const patternsFor = (context: Context, outputDir: string): readonly string[] => {
  const { files } = context.delivery.build;
  return files.length === 0 ? [] : [...files, `!${outputDir}/**`];
};

const pack = async (context: Context, order: Order): Promise<Packed> => {
  const { archives, clock, history } = context.ports;
  const { outputDir, date, next } = order;
  const patterns = patternsFor(context, outputDir);
  const start = clock.elapsed();
  context.say({ kind: 'packing' });
  const packed = await archives.pack({
    root: context.surroundings.workspace,
    patterns,
    tracked: patterns.length === 0 ? await history.tracked() : [],
    date,
    output: join(inWorkspace(context, outputDir), archiveName(context, next.tag))
  });
  const { files, archive } = packed;
  context.say({ kind: 'packed', files: files.length, bytes: archive.size, seconds: clock.elapsed() - start });
  return packed;
};

const manifestOf = (
  context: Context,
  { next, commit, date }: Order,
  made: Packed & { images: readonly Image[] }
): ReleaseManifest => {
  const { repository, run } = context.surroundings;
  const { version, tag, previous, changes } = next;
  const { archive, files, images } = made;
  return {
    schema: 1,
    version,
    tag,
    commit,
    previous,
    created: date,
    changes,
    archive,
    files,
    images,
    process: context.delivery.process,
    builder: { repository: `${repository.owner}/${repository.name}`, run: run.id, workflow: run.workflow }
  };
};

const baseOf = ({ next, commit }: Order): Omit<Outcome, 'verdict' | 'reason'> => ({
  command: 'build',
  version: next.version,
  tag: next.tag,
  commit,
  ...(next.previous === null ? {} : { previous: next.previous }),
  changed: next.changed,
  changes: next.changes
});

const make = async (context: Context, order: Order): Promise<Outcome> => {
  await runBuild(context, order);
  assertNotCancelled(context, 'build');
  const folder = inWorkspace(context, order.outputDir);
  await mkdir(folder, { recursive: true });
  const images = await resolveImages(context, order);
  const packed = await pack(context, order);
  const manifest = manifestOf(context, order, { ...packed, images });
  await writeFile(join(folder, MANIFEST_NAME), `${JSON.stringify(manifest, undefined, 1)}\n`);
  const digest = digestOf(packed.archive);
  return {
    ...baseOf(order),
    digest,
    verdict: 'done',
    reason: reason('built', { version: order.next.version, digest })
  };
};

const orderOf = ({ answer }: VersionPlan, next: NextVersion, outputDir: string): Order => ({
  next,
  commit: answer.head.sha,
  date: answer.head.date,
  outputDir
});

/** Decides the version, runs the build command once, packs what it made and writes `release.json` beside it. */
export const build = async (context: Context, command: BuildCommand): Promise<Outcome> => {
  const plan = await planVersion(context);
  const { next } = plan;
  if (next.kind === 'nothing-to-release') {
    const previous = next.previous ?? '';
    return {
      command: 'build',
      verdict: 'nothing-to-do',
      reason: reason('nothing-to-release', { previous }),
      changed: false
    };
  }
  const order = orderOf(plan, next, command.outputDir);
  if (command.dryRun) return { ...baseOf(order), verdict: 'done', reason: reason('dry-run', { command: 'build' }) };
  return make(context, order);
};
