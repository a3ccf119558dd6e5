import type { Chance } from '../../rehearsal/faults/chance.ts';

interface Parked {
  readonly name: string;
  readonly doing: string;
  /** Second of the common clock at which it may go on. */
  readonly at: number;
  readonly go: () => void;
}

/**
 * Lets exactly one of several tasks run at a time, from one `turn` to its next; chance picks which. The clock moves
 * only when everybody waits for it.
 */
export class Scheduler {
  seconds = 0;
  /** Who did what, in order. */
  readonly story: string[] = [];
  private readonly chance: Chance;
  private parked: Parked[] = [];
  private readonly dead = new Set<string>();
  private readonly alive = new Set<string>();
  private busy = 0;
  private idle: () => void = () => undefined;

  constructor(chance: Chance) {
    this.chance = chance;
  }

  /** The task waits here until chance picks it, not before `seconds` have passed. */
  turn(name: string, doing: string, seconds = 0): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.parked.push({ name, doing, at: this.seconds + seconds, go: resolve });
    this.rest();
    return promise;
  }

  start(name: string, work: () => Promise<unknown>): void {
    this.alive.add(name);
    this.busy += 1;
    const begun = this.turn(name, 'begin').then(work);
    const over = (end: string): void => {
      if (!this.dead.has(name)) this.story.push(`${name}: ${end}`);
      this.alive.delete(name);
      this.rest();
    };
    begun.then(
      (value) => over(String(value)),
      (error: unknown) => over(`threw ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
    );
  }

  /** The machine of the task is lost: it never goes on. */
  kill(name: string): void {
    this.dead.add(name);
    this.alive.delete(name);
    this.parked = this.parked.filter((each) => each.name !== name);
    this.story.push(`${name}: dies`);
  }

  isAlive(name: string): boolean {
    return this.alive.has(name);
  }

  /** Until nobody is left; `after` looks at the world between any two steps. */
  async run(after: () => void): Promise<void> {
    for (;;) {
      await this.everybodyWaits();
      after();
      const next = this.pick();
      if (next === undefined) return;
      this.story.push(`${next.name}: ${next.doing}`);
      this.busy += 1;
      next.go();
    }
  }

  private rest(): void {
    this.busy -= 1;
    if (this.busy === 0) this.idle();
  }

  private everybodyWaits(): Promise<void> {
    if (this.busy === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.idle = resolve;
    });
  }

  private pick(): Parked | undefined {
    if (this.parked.length === 0) return undefined;
    const soonest = Math.min(...this.parked.map(({ at }) => at));
    this.seconds = Math.max(this.seconds, soonest);
    const ready = this.parked.filter(({ at }) => at <= this.seconds);
    const next = ready[this.chance.below(ready.length)];
    this.parked = this.parked.filter((each) => each !== next);
    return next;
  }
}
