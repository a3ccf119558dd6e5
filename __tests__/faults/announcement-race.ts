import { rm } from 'node:fs/promises';
import { announce } from '../../src/commands/announce.ts';
import { deploy } from '../../src/commands/deploy.ts';
import type { CommentLock } from '../../src/ports/announcing.ts';
import type { Outcome } from '../../src/domain/outcome.ts';
import { createChance } from '../../rehearsal/faults/chance.ts';
import type { Chance } from '../../rehearsal/faults/chance.ts';
import { changeOf } from '../fakes/builders.ts';
import { PROCESS, asking, inRun, publish, world } from '../fakes/world.ts';
import type { World } from '../fakes/world.ts';
import { Scheduler } from './scheduler.ts';

export interface AnnouncementRace {
  readonly story: readonly string[];
  readonly problems: readonly string[];
}

const PULLS = [1, 2, 3];

/** 1.0.0 is live and was never announced. */
const prepared = async (): Promise<World> => {
  const base = await world();
  for (const number of PULLS)
    base.hosting.talks.set(number, { kind: 'pull', merged: true, labels: [], closes: [], comments: [] });
  await publish(base, '1.0.0', PROCESS, PULLS.map(changeOf));
  for (const environment of ['staging', 'production']) await deploy(base, asking('1.0.0', { environment }));
  base.hosting.overRuns.add(base.surroundings.run.id);
  return base;
};

interface Track {
  readonly base: World;
  readonly scheduler: Scheduler;
  readonly chance: Chance;
}

type Turn = (doing: string, seconds?: number) => Promise<void>;

/** Calls whose last moment before GitHub hears of them may last: a machine that stands still for a while. */
const STUCK_SECONDS = 20;

const lockInTurns = (lock: CommentLock, turn: Turn): CommentLock => ({
  acquire: async () => {
    await turn('acquire');
    return lock.acquire();
  },
  takeOver: async (holder) => {
    await turn(`takeOver ${holder.mark}`);
    return lock.takeOver(holder);
  },
  release: async () => {
    await turn('release');
    await lock.release();
  }
});

interface Run {
  readonly id: number;
  readonly attempt: number;
  readonly stuck: boolean;
}

const hostingFor = ({ hosting }: World, { stuck }: Run, turn: Turn): World['hosting'] =>
  new Proxy(hosting, {
    get: (target, key) => {
      const member: unknown = Reflect.get(target, key, target);
      if (typeof member !== 'function') return member;
      if (key === 'commentLock')
        return (...given: Parameters<typeof hosting.commentLock>) => lockInTurns(hosting.commentLock(...given), turn);
      return async (...given: unknown[]): Promise<unknown> => {
        await turn(String(key), stuck && key === 'createComment' ? STUCK_SECONDS : 0);
        return Reflect.apply(member, target, given);
      };
    }
  });

const begin = ({ base, scheduler }: Track, name: string, run: Run): void => {
  const turn: Turn = (doing, seconds) => scheduler.turn(name, doing, seconds);
  const clock = {
    now: () => base.clock.now(),
    elapsed: () => scheduler.seconds,
    sleep: (seconds: number) => turn(`sleeps ${seconds}`, seconds)
  };
  const context = inRun(base, run);
  const seen = { ...context, ports: { ...context.ports, hosting: hostingFor(base, run, turn), clock } };
  const command = { name: 'announce', config: '.github/delivery.yml', dryRun: false } as const;
  scheduler.start(name, async () => {
    const { reason, notes }: Outcome = await announce(seen, command);
    base.hosting.overRuns.add(run.id);
    return `${reason.code} ${(notes ?? []).map(({ kind }) => kind).join()}`;
  });
};

/** A machine is lost; GitHub notices after a while, or the run is repeated at once. */
const dieSometime = (track: Track, name: string, run: Run): void => {
  const { base, scheduler, chance } = track;
  scheduler.start(`fate of ${name}`, async () => {
    for (let n = chance.below(25); n > 0; n -= 1) await scheduler.turn('fate', 'waits');
    if (!scheduler.isAlive(name)) return 'too late';
    scheduler.kill(name);
    if (chance.below(2) === 0) {
      begin(track, `${name}-again`, { ...run, attempt: 2, stuck: false });
      return 'struck, and repeated';
    }
    await scheduler.turn('fate', 'is noticed', chance.below(60));
    base.hosting.overRuns.add(run.id);
    return 'struck, and noticed';
  });
};

const problemsIn = ({ hosting }: World): readonly string[] => [
  ...PULLS.map((number) => [number, hosting.talks.get(number)?.comments.length ?? 0] as const)
    .filter(([, comments]) => comments !== 1)
    .map(([number, comments]) => `#${number} has ${comments} comments`),
  ...(hosting.lock === undefined ? [] : ['the lock stays'])
];

/** Two to four announcements of the same version, of which some stand still and some die. `spoil` breaks the world. */
export const announcementRace = async (
  seed: number,
  spoil: (base: World) => void = () => undefined
): Promise<AnnouncementRace> => {
  const base = await prepared();
  spoil(base);
  const chance = createChance(seed);
  const track: Track = { base, chance, scheduler: new Scheduler(chance) };
  const problems = new Set<string>();
  const watch = (): void => {
    if (base.hosting.doubled > 1) problems.add('two comments stood in one conversation');
  };
  const count = 2 + chance.below(3);
  for (let index = 0; index < count; index += 1) {
    const run = { id: 500 + index, attempt: 1, stuck: chance.below(3) === 0 };
    begin(track, `run-${index}`, run);
    if (chance.below(2) === 0) dieSometime(track, `run-${index}`, run);
  }
  await track.scheduler.run(watch);
  for (let index = 0; index < count; index += 1) base.hosting.overRuns.add(500 + index);
  // nothing wants writing any more, unless all of them died
  base.hosting.talks.get(1)?.comments.splice(0);
  begin(track, 'last', { id: 900, attempt: 1, stuck: false });
  await track.scheduler.run(watch);
  for (const problem of problemsIn(base)) problems.add(problem);
  await rm(base.surroundings.temporary, { recursive: true, force: true });
  return { story: track.scheduler.story, problems: [...problems] };
};
