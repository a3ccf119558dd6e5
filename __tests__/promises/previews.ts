import fc from 'fast-check';
import { down } from '../../src/commands/down.ts';
import { up } from '../../src/commands/up.ts';
import type { Outcome } from '../../src/domain/outcome.ts';
import { Refusal } from '../../src/domain/refusal.ts';
import type { ShellTask } from '../../src/ports.ts';
import { world } from '../fakes/world.ts';
import type { World } from '../fakes/world.ts';
import { newRun } from './story.ts';

export const PULLS = [12, 13] as const;

type Pull = (typeof PULLS)[number];

export type PreviewStep =
  | {
      readonly kind: 'up' | 'down';
      readonly pull: Pull;
      /** The call to GitHub at which the process dies; the machine is lost, and nobody starts the run again. */
      readonly diesAt: number | undefined;
    }
  | { readonly kind: 'push' | 'close' | 'open'; readonly pull: Pull };

const pull = fc.constantFrom(...PULLS);

export const previewStory: fc.Arbitrary<readonly PreviewStep[]> = fc.array(
  fc.oneof(
    {
      arbitrary: fc.record({
        kind: fc.constantFrom('up', 'up', 'down'),
        pull,
        diesAt: fc.option(fc.integer({ min: 1, max: 9 }), { nil: undefined })
      }),
      weight: 4
    },
    { arbitrary: fc.record({ kind: fc.constantFrom('push', 'close', 'open'), pull }), weight: 2 }
  ),
  { minLength: 1, maxLength: 12 }
);

const headOf = (number: number): string => number.toString(16).padStart(40, '0');

export const openedPreviews = async (): Promise<World> => {
  const base = await world({
    preview: { up: './up.sh', down: './down.sh', expiresSeconds: 86_400, timeoutSeconds: 60 }
  });
  for (const number of PULLS)
    base.hosting.pullRequests.set(number, { number, open: true, head: headOf(1), fork: false });
  return base;
};

class Killed extends Error {}

const bearing = async (work: Promise<Outcome>): Promise<Outcome | undefined> => {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Killed || error instanceof Refusal) return undefined;
    throw error;
  }
};

const COMMON = { config: '.github/delivery.yml', dryRun: false } as const;

/** From its k-th call on GitHub hears no more of the process, and no script of it starts. */
const run = async (base: World, step: Extract<PreviewStep, { kind: 'up' | 'down' }>): Promise<void> => {
  const fresh = newRun(base, true);
  const { diesAt = Infinity } = step;
  let calls = 0;
  base.hosting.before = () => {
    calls += 1;
    if (calls >= diesAt) throw new Killed();
  };
  const shell = {
    run: (task: ShellTask) => (calls >= diesAt ? Promise.reject(new Killed()) : base.target.run(task))
  };
  const context = { ...fresh, ports: { ...fresh.ports, shell } };
  const asked = { ...COMMON, pull: step.pull };
  await bearing(step.kind === 'up' ? up(context, { name: 'up', ...asked }) : down(context, { name: 'down', ...asked }));
  base.hosting.before = () => undefined;
  base.hosting.overRuns.add(fresh.surroundings.run.id);
};

export const playPreview = async (base: World, step: PreviewStep): Promise<void> => {
  if (step.kind === 'up' || step.kind === 'down') return run(base, step);
  const { pullRequests } = base.hosting;
  const before = pullRequests.get(step.pull);
  if (before === undefined) throw new Error(`no pull request ${step.pull}`);
  const head = step.kind === 'push' ? headOf(Number.parseInt(before.head, 16) + 1) : before.head;
  pullRequests.set(step.pull, { ...before, head, open: step.kind === 'push' ? before.open : step.kind === 'open' });
};

/** The run that comes every day. */
export const sweep = (base: World): Promise<Outcome | undefined> =>
  bearing(down(newRun(base, false), { name: 'down', ...COMMON }));
