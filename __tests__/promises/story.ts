import fc from 'fast-check';
import { deploy } from '../../src/commands/deploy.ts';
import type { DeliverCommand } from '../../src/domain/command.ts';
import type { DeploymentRecord } from '../../src/domain/deployment.ts';
import type { Outcome } from '../../src/domain/outcome.ts';
import { Refusal } from '../../src/domain/refusal.ts';
import { asking, inRun, publish, world } from '../fakes/world.ts';
import type { World, WorldShape } from '../fakes/world.ts';

export const VERSIONS = ['1.0.0', '1.1.0', '1.2.0', '2.0.0'] as const;
export const ENVIRONMENTS = ['staging', 'production'] as const;

type Place = (typeof ENVIRONMENTS)[number];

export interface Delivery {
  readonly kind: 'deploy' | 'rollback';
  readonly environment: Place;
  readonly version: string;
  /** A person started the run. */
  readonly chosen: boolean;
  /** The call to GitHub at which the process dies without a word; the same run is then started again. */
  readonly diesAt: number | undefined;
}

export type Step =
  | Delivery
  | { readonly kind: 'sicken' | 'heal'; readonly version: string }
  | { readonly kind: 'stop' | 'resume' };

/** What one step came to. `refusal` is the code of a command that could not go on. */
export interface Played {
  readonly step: Step;
  readonly outcome?: Outcome;
  readonly refusal?: string;
}

const version = fc.constantFrom(...VERSIONS);

const delivery = (dying: boolean): fc.Arbitrary<Delivery> =>
  fc.record({
    kind: fc.constantFrom('deploy', 'deploy', 'deploy', 'rollback'),
    environment: fc.constantFrom(...ENVIRONMENTS),
    version,
    chosen: fc.boolean(),
    diesAt: dying ? fc.option(fc.integer({ min: 1, max: 14 }), { nil: undefined }) : fc.constant(undefined)
  });

/** Days in the life of a line: deliveries of any version to anywhere, broken versions, a stopped line, dying machines. */
export const story = ({ dying }: { readonly dying: boolean }): fc.Arbitrary<readonly Step[]> =>
  fc.array(
    fc.oneof(
      { arbitrary: delivery(dying), weight: 6 },
      { arbitrary: fc.record({ kind: fc.constantFrom('sicken', 'heal'), version }), weight: 1 },
      { arbitrary: fc.record({ kind: fc.constantFrom('stop', 'resume') }), weight: 1 }
    ),
    { minLength: 1, maxLength: 10 }
  );

/** Every version is released; nothing is delivered. */
export const opened = async (shape: WorldShape = {}): Promise<World> => {
  const base = await world(shape);
  for (const each of VERSIONS) await publish(base, each);
  return base;
};

export const recordsIn = (base: World, environment: string): readonly DeploymentRecord[] =>
  base.hosting.all.filter((each) => each.environment === environment).toSorted((a, b) => b.id - a.id);

export const commandOf = ({ kind, environment, version: wanted }: Delivery): DeliverCommand =>
  asking(wanted, { name: kind, environment, reason: 'told in a story' });

const ended = async (work: Promise<Outcome>): Promise<Omit<Played, 'step'>> => {
  try {
    return { outcome: await work };
  } catch (error) {
    if (error instanceof Refusal) return { refusal: error.reason.code };
    throw error;
  }
};

class Killed extends Error {}

/** From its k-th call on GitHub hears no more of the process, and no script of it starts. */
export const dieAt = async (base: World, run: World, command: DeliverCommand, k: number): Promise<void> => {
  let calls = 0;
  base.hosting.before = () => {
    calls += 1;
    if (calls >= k) throw new Killed();
  };
  const shell = {
    run: (task: Parameters<World['target']['run']>[0]) =>
      calls >= k ? Promise.reject(new Killed()) : base.target.run(task)
  };
  await deploy({ ...run, ports: { ...run.ports, shell } }, command).catch((error: unknown) => {
    if (!(error instanceof Killed || error instanceof Refusal)) throw error;
  });
  base.hosting.before = () => undefined;
};

let runs = 1000;

/** A run of its own, as GitHub would start it. */
export const newRun = (base: World, chosen: boolean): World => {
  runs += 1;
  const event = chosen ? 'workflow_dispatch' : 'push';
  return inRun(base, { id: runs, url: `https://hub.test/runs/${runs}` }, { event });
};

const deliver = async (base: World, step: Delivery): Promise<Omit<Played, 'step'>> => {
  const run = newRun(base, step.chosen);
  const command = commandOf(step);
  if (step.diesAt === undefined) return ended(deploy(run, command));
  await dieAt(base, run, command, step.diesAt);
  return ended(deploy(inRun(run, { attempt: 2 }), command));
};

const perform = async (base: World, step: Step): Promise<Omit<Played, 'step'>> => {
  const { hosting, target } = base;
  switch (step.kind) {
    case 'sicken':
      target.sick.add(step.version);
      return {};
    case 'heal':
      target.sick.delete(step.version);
      return {};
    case 'stop':
      hosting.stops.push({ number: 1, url: 'https://hub.test/issues/1', title: 'hold', author: 'ana', createdAt: '' });
      return {};
    case 'resume':
      hosting.stops.length = 0;
      return {};
    case 'deploy':
    case 'rollback':
      return deliver(base, step);
  }
};

/** Plays the story; `after` sees the world when each step is over. */
export const play = async (base: World, steps: readonly Step[], after: (played: Played) => void): Promise<void> => {
  for (const step of steps) after({ step, ...(await perform(base, step)) });
};
