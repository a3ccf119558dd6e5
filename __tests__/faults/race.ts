import { mkdir, rm, writeFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { deploy } from '../../src/commands/deploy.ts';
import { release } from '../../src/commands/release.ts';
import type { DeliverCommand } from '../../src/domain/command.ts';
import type { ReleaseManifest } from '../../src/domain/release.ts';
import { Refusal } from '../../src/domain/refusal.ts';
import { isOpen, liveIn } from '../../src/rules/live.ts';
import { compareVersions } from '../../src/domain/version.ts';
import type { Ports, Shell } from '../../src/ports.ts';
import { environment, v } from '../fakes/builders.ts';
import { PROCESS, asking, publish, world } from '../fakes/world.ts';
import type { World } from '../fakes/world.ts';
import { createChance } from '../../rehearsal/faults/chance.ts';
import type { Chance } from '../../rehearsal/faults/chance.ts';
import { createReplica } from './replica.ts';
import type { Replica } from './replica.ts';
import { Scheduler } from './scheduler.ts';

/** What one seed did, and which promises it broke. */
export interface Race {
  readonly seed: number;
  readonly story: readonly string[];
  readonly problems: readonly string[];
}

interface Track {
  readonly base: World;
  readonly scheduler: Scheduler;
  readonly chance: Chance;
  readonly problems: Set<string>;
  /** Whose deploy script works in an environment now. */
  readonly working: Map<string, string>;
  /** Tasks in whose sight a stop was open when they filed their record. */
  readonly warned: Set<string>;
  /** Where every answer that lists something comes from, when it may be behind. */
  readonly replica?: Replica;
}

/** Every call of a port is a turn of the scheduler. */
const inTurns = <T extends object>(port: T, turn: (doing: string) => Promise<void>): T =>
  new Proxy(port, {
    get: (target, key) => {
      const member: unknown = Reflect.get(target, key, target);
      if (typeof member !== 'function') return member;
      return async (...given: unknown[]): Promise<unknown> => {
        await turn(`${String(key)}${typeof given[1] === 'object' ? ` ${JSON.stringify(given[1])}` : ''}`);
        return Reflect.apply(member, target, given);
      };
    }
  });

/** The target, with a moment in the middle of every deployment in which others may do what they like. */
const shellOf = ({ base, scheduler, working, warned, problems }: Track, name: string, chosen: boolean): Shell => ({
  run: async (task) => {
    if (task.label !== 'deploy') return base.target.run(task);
    const {
      DELIVERY_ENVIRONMENT: place = '',
      DELIVERY_VERSION: version = '',
      DELIVERY_KIND: kind = ''
    } = task.variables;
    const other = working.get(place);
    if (other !== undefined) problems.add(`R1: ${name} deploys to ${place} while ${other} does`);
    working.set(place, name);
    await scheduler.turn(name, 'begins to deploy');
    const before = base.target.running.get(place);
    if (kind === 'deploy' && warned.has(name))
      problems.add(`R5: ${name} put ${version} although the line was stopped before it began`);
    if (kind === 'deploy' && !chosen && before !== undefined && compareVersions(v(version), v(before)) < 0)
      problems.add(`R4: ${name} put ${version} over ${before}`);
    const result = await base.target.run(task);
    await scheduler.turn(name, `deploys ${version}`);
    working.delete(place);
    return result;
  }
});

/** The world as one run sees it. */
const seenBy = (track: Track, name: string, run: { id: number; attempt: number; chosen: boolean }): World => {
  const { base, scheduler } = track;
  const turn = (doing: string): Promise<void> => scheduler.turn(name, doing);
  const hosting = inTurns(base.hosting, turn);
  const ports: Ports = {
    ...base.ports,
    hosting: new Proxy(hosting, {
      get: (target, key) => {
        if (key === 'facts' && track.replica !== undefined) {
          const { facts } = track.replica;
          return async (...given: Parameters<typeof facts>) => {
            await turn('facts');
            return facts(...given);
          };
        }
        if (key !== 'createRecord') return Reflect.get(target, key);
        return async (...given: Parameters<typeof base.hosting.createRecord>) => {
          await turn('createRecord');
          if (base.hosting.stops.length > 0) track.warned.add(name);
          return base.hosting.createRecord(...given);
        };
      }
    }),
    shell: inTurns(shellOf(track, name, run.chosen), turn),
    probe: inTurns(base.target, turn),
    clock: {
      now: () => base.clock.now(),
      elapsed: () => scheduler.seconds,
      sleep: (seconds) => scheduler.turn(name, `sleeps ${seconds}`, seconds)
    }
  };
  const { surroundings } = base;
  return {
    ...base,
    ports,
    surroundings: {
      ...surroundings,
      event: run.chosen ? 'workflow_dispatch' : 'push',
      run: { ...surroundings.run, id: run.id, attempt: run.attempt }
    }
  };
};

const reasonOf = async (work: () => Promise<{ reason: { code: string } }>): Promise<string> => {
  try {
    return (await work()).reason.code;
  } catch (error) {
    if (error instanceof Refusal) return error.reason.code;
    throw error;
  }
};

const PLACES = ['staging', 'production'];

/** What must hold between any two steps. */
const watch = ({ base, working, problems }: Track): void => {
  // every step takes a second, so that the times of records tell their order
  void base.clock.sleep(1);
  for (const { id, succeededAt, state } of base.hosting.all)
    if (succeededAt !== undefined && (state === 'error' || state === 'failure'))
      problems.add(`R2: the success of record ${id} was overwritten by ${state}`);
  for (const place of PLACES) {
    const records = base.hosting.all.filter((each) => each.environment === place).toReversed();
    const live = liveIn(records);
    if (live.kind !== 'version' || working.has(place)) continue;
    const runs = base.target.running.get(place);
    if (runs !== live.record.payload.version)
      problems.add(`R2: ${place} is recorded as ${live.record.payload.version} and runs ${runs ?? 'nothing'}`);
  }
};

/** What must hold when everybody is done. */
const settle = (track: Track): void => {
  watch(track);
  const { hosting } = track.base;
  const here = hosting.all.filter((each) => each.environment === 'production');
  const open = here.filter(isOpen);
  if (open.length > 0) track.problems.add(`R7: ${open.length} records stay open`);
  const active = here.filter(({ state }) => state === 'success');
  if (active.length > 1) track.problems.add(`R1: ${active.length} records are active`);
};

interface Actor {
  readonly name: string;
  readonly run: { readonly id: number; readonly attempt: number; readonly chosen: boolean };
  readonly command: DeliverCommand;
}

const begin = (track: Track, { name, run, command }: Actor): void => {
  const context = seenBy(track, name, run);
  const { overRuns } = track.base.hosting;
  track.scheduler.start(name, async () => {
    const code = await reasonOf(() => deploy(context, command));
    overRuns.add(run.id);
    return code;
  });
};

const VERSIONS = ['1.1.0', '1.2.0', '1.3.0'];

/** An automatic delivery, a delivery somebody chose, or a rollback. */
const actorFor = (chance: Chance, number: number): Actor => {
  const version = VERSIONS[chance.below(VERSIONS.length)] ?? '1.1.0';
  const id = 200 + number;
  switch (chance.below(5)) {
    case 0:
      return {
        name: `rollback-${id}`,
        run: { id, attempt: 1, chosen: true },
        command: { ...asking(version), name: 'rollback', wanted: { kind: 'previous' } }
      };
    case 1:
      return { name: `by-hand-${id}`, run: { id, attempt: 1, chosen: true }, command: asking(version) };
    default:
      return { name: `push-${id}`, run: { id, attempt: 1, chosen: false }, command: asking(version) };
  }
};

/** Somebody stops the line at some moment, and perhaps lets it go on later. */
const stopSometime = ({ base, scheduler, chance, warned, replica }: Track): void => {
  const resumes = chance.below(2) === 0;
  scheduler.start('person', async () => {
    for (let n = chance.below(15); n > 0; n -= 1) await scheduler.turn('person', 'looks on');
    await scheduler.turn('person', 'stops the line');
    await base.hosting.openStop({ title: 'stop', body: '' });
    if (!resumes) return 'stopped';
    for (let n = chance.below(10); n > 0; n -= 1) await scheduler.turn('person', 'looks on');
    await scheduler.turn('person', 'resumes');
    replica?.remember();
    base.hosting.stops.length = 0;
    warned.clear();
    return 'resumed';
  });
};

/** A machine is lost at some moment; the run is repeated, or given up. */
const dieSometime = (track: Track, actor: Actor): void => {
  const { base, scheduler, chance, working } = track;
  const repeats = chance.below(2) === 0;
  scheduler.start('fate', async () => {
    for (let n = chance.below(25); n > 0; n -= 1) await scheduler.turn('fate', 'waits');
    if (!scheduler.isAlive(actor.name)) return 'too late';
    scheduler.kill(actor.name);
    for (const [place, name] of working) if (name === actor.name) working.delete(place);
    if (!repeats) base.hosting.overRuns.add(actor.run.id);
    else begin(track, { ...actor, name: `${actor.name}-again`, run: { ...actor.run, attempt: 2 } });
    return 'struck';
  });
};

const prepared = async (): Promise<World> => {
  const staging = environment({ name: 'staging' });
  const base = await world({ environments: [staging, environment({ needs: ['staging'] })] });
  for (const version of ['0.9.0', '1.0.0', ...VERSIONS]) {
    await publish(base, version);
    await deploy(base, asking(version, { environment: 'staging' }));
    if (!VERSIONS.includes(version)) await deploy(base, asking(version));
  }
  base.hosting.overRuns.add(base.surroundings.run.id);
  return base;
};

const WRITES = ['createRecord', 'setStatus', 'openStop'];

/** In every other story lists lag behind what was written, as GitHub's do. */
const replicaFor = ({ hosting }: World, seed: number): { readonly replica?: Replica } => {
  if (seed % 2 === 0) return {};
  const replica = createReplica(hosting, createChance(seed + 1_000_000));
  hosting.before = (call) => {
    if (WRITES.some((write) => call.startsWith(write))) replica.remember();
  };
  return { replica };
};

const trackFor = (base: World, seed: number): Track => {
  const chance = createChance(seed);
  return {
    ...replicaFor(base, seed),
    base,
    chance,
    scheduler: new Scheduler(chance),
    problems: new Set(),
    working: new Map(),
    warned: new Set()
  };
};

/** Whatever was left behind, the next delivery of a good version puts everything in order. */
const deliverLast = async ({ replica: _, ...track }: Track): Promise<void> => {
  const { base, scheduler, problems } = track;
  base.hosting.stops.length = 0;
  track.warned.clear();
  base.target.sick.clear();
  await publish(base, '2.0.0');
  for (const [place, id] of [
    ['staging', 998],
    ['production', 999]
  ] as const) {
    const run = { id, attempt: 1, chosen: false };
    begin(track, { name: `last-${place}`, run, command: asking('2.0.0', { environment: place }) });
    await scheduler.run(() => watch(track));
  }
  settle(track);
  if (base.target.running.get('production') !== '2.0.0') problems.add('the delivery after it did not arrive');
};

/** Deliveries, rollbacks, people and accidents race for production. */
const raceOfDeliveries = async (base: World, seed: number): Promise<Race> => {
  const track = trackFor(base, seed);
  const { chance, scheduler, problems } = track;
  if (chance.below(3) === 0) base.target.sick.add(VERSIONS[chance.below(VERSIONS.length)] ?? '');
  const actors = Array.from({ length: 2 + chance.below(2) }, (_, index) => actorFor(chance, index));
  for (const actor of actors) begin(track, actor);
  if (chance.below(2) === 0) stopSometime(track);
  const [victim] = actors;
  if (victim !== undefined && chance.below(2) === 0) dieSometime(track, victim);
  await scheduler.run(() => watch(track));
  watch(track);
  await deliverLast(track);
  return { seed, story: scheduler.story, problems: [...problems] };
};

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** What a build job hands on: the same version, from another commit unless it is the same job again. */
const built = async (base: World, name: string, commit: string): Promise<World> => {
  const workspace = join(base.surroundings.workspace, name);
  const [folder, archive] = [join(workspace, '.delivery'), `bytes of ${commit}`];
  await mkdir(folder, { recursive: true });
  const manifest: ReleaseManifest = {
    schema: 1,
    version: v('3.0.0'),
    tag: 'v3.0.0',
    commit,
    previous: null,
    created: '2026-11-24T10:00:00Z',
    changes: [],
    archive: {
      name: 'shop.tar.zst',
      size: archive.length,
      sha256: sha256(archive),
      tarSha256: sha256(`tar ${commit}`)
    },
    files: [],
    images: [],
    process: PROCESS,
    builder: { repository: 'acme/shop', run: 1, workflow: 'delivery' }
  };
  await writeFile(join(folder, 'release.json'), JSON.stringify(manifest));
  await writeFile(join(folder, 'shop.tar.zst'), archive);
  return { ...base, surroundings: { ...base.surroundings, workspace } };
};

/** A tag never moves, and what is published is whole and of the tag's commit. */
const watchTag = ({ base, problems }: Track, seen: { commit?: string }): void => {
  const tag = base.hosting.tags.get('v3.0.0');
  if (seen.commit !== undefined && tag?.commit !== seen.commit) problems.add(`the tag moved from ${seen.commit}`);
  if (tag !== undefined) seen.commit = tag.commit;
  const published = base.hosting.stored.filter((each) => each.tag === 'v3.0.0' && !each.draft);
  if (published.length > 1) problems.add(`${published.length} releases are published`);
  for (const { assets, commit } of published) {
    const digests = [...assets.values()].map(({ sha256: digest }) => digest);
    if (!digests.includes(sha256(`bytes of ${tag?.commit ?? ''}`)) || digests.length !== 2)
      problems.add(`published at ${commit} with ${digests.length} assets of another build`);
  }
};

const RELEASE = { name: 'release', config: '.github/delivery.yml', outputDir: '.delivery', dryRun: false } as const;

/** Two or three runs release the same version; one commit wins, the others are told, nobody moves anything. */
const raceOfReleases = async (base: World, seed: number): Promise<Race> => {
  const track = trackFor(base, seed);
  const { chance, scheduler, problems } = track;
  const ends = new Map<string, string>();
  const start = async (name: string, commit: string): Promise<void> => {
    const seen = await built(seenBy(track, name, { id: 300, attempt: 1, chosen: false }), name, commit);
    scheduler.start(name, async () => {
      const code = await reasonOf(() => release(seen, RELEASE));
      ends.set(name, code);
      return code;
    });
  };
  const commits = Array.from({ length: 2 + chance.below(2) }, (_, index) => 'abc'.charAt(index).repeat(40));
  for (const commit of commits) await start(`release-${commit.charAt(0)}`, commit);
  const dies = chance.below(2) === 0 ? 'release-a' : undefined;
  if (dies !== undefined) {
    scheduler.start('fate', async () => {
      for (let n = chance.below(15); n > 0; n -= 1) await scheduler.turn('fate', 'waits');
      if (scheduler.isAlive(dies)) scheduler.kill(dies);
    });
  }
  const seen: { commit?: string } = {};
  await scheduler.run(() => watchTag(track, seen));
  await start('again-a', 'a'.repeat(40));
  await scheduler.run(() => watchTag(track, seen));
  const won = [...ends.values()].filter((code) => code === 'released' || code === 'already-released');
  if (won.length === 0) problems.add('nobody released');
  const odd = [...ends].filter(([, code]) => !['released', 'already-released', 'version-taken'].includes(code));
  for (const [name, code] of odd) problems.add(`${name} ended with ${code}`);
  return { seed, story: scheduler.story, problems: [...problems] };
};

/**
 * Plays the story of a seed: every fourth is a race for a tag, the others are races for an environment. `spoil` breaks
 * the world, so that a test can see the race notice.
 */
export const race = async (seed: number, spoil: (base: World) => void = () => undefined): Promise<Race> => {
  const base = seed % 4 === 0 ? await world() : await prepared();
  spoil(base);
  try {
    return await (seed % 4 === 0 ? raceOfReleases(base, seed) : raceOfDeliveries(base, seed));
  } finally {
    await rm(base.surroundings.temporary, { recursive: true, force: true });
  }
};
