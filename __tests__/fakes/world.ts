import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Context } from '../../src/commands/context.ts';
import type { Delivery } from '../../src/config/delivery.ts';
import { createPhases } from '../../src/adapters/phases.ts';
import type { Change } from '../../src/domain/change.ts';
import type { DeliverCommand, Surroundings } from '../../src/domain/command.ts';
import type { Environment } from '../../src/domain/environment.ts';
import type { Progress } from '../../src/domain/progress.ts';
import type { Process, ReleaseManifest } from '../../src/domain/release.ts';
import { tagMessage } from '../../src/domain/tag-message.ts';
import type { Webhooks } from '../../src/ports/announcing.ts';
import type { Posted } from '../../src/domain/announcement.ts';
import type { Archives, Clock, Console, Images, Ports, Probe, Shell, ShellResult, ShellTask } from '../../src/ports.ts';
import { NOW, environment, v } from './builders.ts';
import { newFolder } from './folders.ts';
import { FakeHosting } from './hosting.ts';

/** Time that passes only when somebody waits. */
export class FakeClock implements Clock {
  private seconds = 0;
  /** Called after each wait: what others do meanwhile. */
  meanwhile: () => void = () => undefined;
  now(): Date {
    return new Date(NOW.getTime() + this.seconds * 1000);
  }
  elapsed(): number {
    return this.seconds;
  }
  async sleep(seconds: number): Promise<void> {
    this.seconds += seconds;
    this.meanwhile();
  }
}

/** Servers in memory: deploying puts a version there, verifying asks what runs; chosen versions break. */
export class FakeTarget implements Shell, Probe {
  readonly running = new Map<string, string>();
  readonly tasks: ShellTask[] = [];
  readonly brokenDeploys = new Set<string>();
  /** Called while a script is at work. */
  meanwhile: () => void = () => undefined;
  /** Labels of scripts that fail, whatever they are given, and environments for which they do. */
  readonly brokenSteps = new Set<string>();
  readonly brokenFor = new Set<string>();
  readonly sick = new Set<string>();
  cancelOn: string | undefined;

  async run(task: ShellTask): Promise<ShellResult> {
    this.tasks.push(task);
    const version = task.variables['DELIVERY_VERSION'] ?? '';
    if (this.cancelOn === task.label) return { ending: { kind: 'cancelled' } };
    if (task.label === 'verify') return { ending: { kind: 'exited', code: this.sick.has(version) ? 1 : 0 } };
    this.meanwhile();
    if (this.brokenSteps.has(task.label) || this.brokenFor.has(task.variables['DELIVERY_ENVIRONMENT'] ?? ''))
      return { ending: { kind: 'exited', code: 4 } };
    if (task.label === 'down') {
      this.running.delete(task.variables['DELIVERY_ENVIRONMENT'] ?? '');
      return { ending: { kind: 'exited', code: 0 } };
    }
    if (this.brokenDeploys.has(version)) return { ending: { kind: 'exited', code: 3 } };
    this.running.set(task.variables['DELIVERY_ENVIRONMENT'] ?? '', version);
    return { ending: { kind: 'exited', code: 0 }, note: `put ${version}` };
  }

  async get({ url }: { readonly url: string }): ReturnType<Probe['get']> {
    const version = this.running.get(new URL(url).hostname.split('.')[0] ?? '') ?? '';
    return { kind: 'answer', status: this.sick.has(version) ? 500 : 200, contains: true };
  }
}

/** Receivers of messages in memory; a variable that is not set has none. */
export class FakeWebhooks implements Webhooks {
  readonly set = new Set<string>();
  readonly posted: { readonly variable: string; readonly body: string }[] = [];
  answer: Posted = { kind: 'sent' };
  knows(variable: string): boolean {
    return this.set.has(variable);
  }
  async post(message: { readonly variable: string; readonly body: string }): Promise<Posted> {
    this.posted.push(message);
    return this.answer;
  }
}

const archives: Archives = {
  pack: () => Promise.reject(new Error('this world packs nothing')),
  unpack: async ({ into }) => {
    await mkdir(into);
  }
};

const images: Images = {
  resolve: (name) => Promise.resolve({ name, digest: `sha256:${'d'.repeat(64)}` }),
  tag: () => Promise.resolve()
};

const silent: Console = {
  info: () => undefined,
  notice: () => undefined,
  warning: () => undefined,
  error: () => undefined,
  group: (_, work) => work(),
  output: () => undefined,
  summary: () => undefined
};

export const PROCESS: Process = {
  deploy: { run: './deploy.sh', timeoutSeconds: 600 },
  verify: {
    run: './smoke.sh',
    http: { url: 'https://{environment}.shop.test/', status: 200, contains: '{version}', successes: 2 },
    withinSeconds: 20
  }
};

export interface World extends Context {
  readonly hosting: FakeHosting;
  readonly target: FakeTarget;
  readonly webhooks: FakeWebhooks;
  readonly clock: FakeClock;
  readonly cancel: AbortController;
  readonly said: Progress[];
}

export interface WorldShape {
  readonly environments?: readonly Environment[];
  readonly rollback?: Delivery['rollback'];
  readonly latest?: boolean;
  readonly channels?: Delivery['announce']['channels'];
  readonly preview?: Delivery['preview'];
  readonly surroundings?: Partial<Surroundings>;
}

const deliveryOf = (shape: WorldShape): Delivery => ({
  version: { scheme: 'semver', tag: 'v{version}', releaseOn: 'any', paths: [] },
  build: { files: [], images: [], timeoutSeconds: 1800 },
  process: PROCESS,
  rollback: shape.rollback ?? 'automatic',
  ...(shape.preview === undefined ? {} : { preview: shape.preview }),
  announce: { latest: shape.latest ?? true, skipLabel: 'no-announcement', channels: shape.channels ?? [] },
  environments: shape.environments ?? [environment({ name: 'staging' }), environment({ needs: ['staging'] })]
});

const surroundingsIn = (temporary: string): Surroundings => ({
  repository: { owner: 'acme', name: 'shop' },
  run: { id: 100, attempt: 1, url: 'https://hub.test/runs/100', workflow: 'delivery' },
  actor: 'ana',
  event: 'push',
  branch: 'main',
  serverUrl: 'https://hub.test',
  apiUrl: 'https://hub.test/api/v3',
  graphqlUrl: 'https://hub.test/api/graphql',
  workspace: temporary,
  temporary
});

/** A whole delivery line in memory; only release assets touch the disk. */
export const world = async (shape: WorldShape = {}): Promise<World> => {
  const clock = new FakeClock();
  const [hosting, target, cancel] = [new FakeHosting(() => clock.now()), new FakeTarget(), new AbortController()];
  const webhooks = new FakeWebhooks();
  const temporary = newFolder();
  const said: Progress[] = [];
  const history = { read: () => Promise.reject(new Error('no history here')), tracked: () => Promise.resolve([]) };
  const ports: Ports = {
    hosting,
    history,
    archives,
    images,
    shell: target,
    probe: target,
    webhooks,
    clock,
    phases: createPhases(clock),
    console: silent,
    signal: cancel.signal
  };
  return {
    hosting,
    target,
    webhooks,
    clock,
    cancel,
    said,
    ports,
    surroundings: { ...surroundingsIn(temporary), ...shape.surroundings },
    delivery: deliveryOf(shape),
    words: {
      status: (text) => text.kind,
      stop: ({ version, environment: place }) => ({ title: `${version} broke in ${place}`, body: '' }),
      releaseNotes: () => 'notes',
      comment: ({ version, rows }) => `${version}: ${JSON.stringify(rows)}`,
      message: (channel, news) => JSON.stringify({ channel, ...news }),
      reportFiles: () => Promise.resolve([{ path: 'index.html', content: 'page' }])
    },
    say: (progress) => void said.push(progress),
    fold: (progress, work) => {
      said.push(progress);
      return work();
    }
  };
};

/** The same world, seen from another run. */
export const inRun = (base: World, run: Partial<Surroundings['run']>, rest: Partial<Surroundings> = {}): World => ({
  ...base,
  surroundings: { ...base.surroundings, ...rest, run: { ...base.surroundings.run, ...run } }
});

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const manifestOf = (version: string, process: Process, changes: readonly Change[]): ReleaseManifest => ({
  schema: 1,
  version: v(version),
  tag: `v${version}`,
  commit: sha256(version).slice(0, 40),
  previous: null,
  created: '2026-11-24T10:00:00Z',
  changes,
  archive: {
    name: `shop-${version}.tar.zst`,
    size: version.length,
    sha256: sha256(version),
    tarSha256: sha256(`tar ${version}`)
  },
  files: [],
  images: [],
  process,
  builder: { repository: 'acme/shop', run: 1, workflow: 'delivery' }
});

/** Puts a finished release on the hosting, as `release` leaves it. */
export const publish = async (
  base: World,
  version: string,
  process: Process = PROCESS,
  changes: readonly Change[] = []
): Promise<ReleaseManifest> => {
  const manifest = manifestOf(version, process, changes);
  const text = JSON.stringify(manifest);
  const { hosting } = base;
  const note = { manifestSha256: sha256(text), tarSha256: manifest.archive.tarSha256, changes: changes.length || 1 };
  await hosting.createTag({ name: manifest.tag, commit: manifest.commit, message: tagMessage(manifest.version, note) });
  const { id } = await hosting.createDraft({ tag: manifest.tag, commit: manifest.commit, body: '' });
  for (const [name, content] of [
    ['release.json', text],
    [manifest.archive.name, version]
  ] as const) {
    const file = join(base.surroundings.temporary, name);
    await writeFile(file, content);
    await hosting.uploadAsset({ release: id, name, file });
  }
  await hosting.publish(id);
  hosting.calls.length = 0;
  return manifest;
};

export const asking = (version: string, overrides: Partial<DeliverCommand> = {}): DeliverCommand => ({
  name: 'deploy',
  config: '.github/delivery.yml',
  environment: 'production',
  wanted: { kind: 'exact', version: v(version) },
  override: [],
  dryRun: false,
  ...overrides
});
