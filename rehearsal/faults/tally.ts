import type { Scenario } from './matrix.ts';
import type { Verdict } from './play.ts';

export interface Tally {
  take(verdict: Verdict): void;
  /** Prints the sums; false when anything diverged or is missing. */
  end(): boolean;
}

type Counts = Record<Verdict['kind'], number>;

const none = (): Counts => ({ converged: 0, refused: 0, diverged: 0 });

const line = (name: string, { converged, refused, diverged }: Counts): string => {
  const all = converged + refused + diverged;
  return `${name} ${all}, converged ${converged}, refused ${refused}, diverged ${diverged}`;
};

const EVERY = 100;

const tell = ({ name, problems, log }: Verdict, withLog: boolean): void => {
  console.log(`DIVERGED ${name}`);
  for (const problem of problems) console.log(`    ${problem}`);
  console.log(`    again: npm run faults -- --log --only '${name}'`);
  if (withLog) console.log(log);
};

export const createTally = (
  scenarios: readonly Scenario[],
  { log, began }: { readonly log: boolean; readonly began: number }
): Tally => {
  const stepOf = new Map(scenarios.map(({ name, step }) => [name, step]));
  const counts = new Map<string, Counts>();
  const sums = none();
  let done = 0;
  let slowest = 0;
  const seconds = (): string => ((performance.now() - began) / 1000).toFixed(0);
  return {
    take: (verdict) => {
      const step = stepOf.get(verdict.name) ?? '';
      const own = counts.get(step) ?? none();
      own[verdict.kind] += 1;
      counts.set(step, own);
      sums[verdict.kind] += 1;
      done += 1;
      slowest = Math.max(slowest, verdict.cancelMs);
      if (verdict.kind === 'diverged') tell(verdict, log);
      if (done % EVERY === 0) console.log(`${done} of ${scenarios.length} after ${seconds()} s`);
    },
    end: () => {
      for (const [step, own] of [...counts].toSorted(([a], [b]) => a.localeCompare(b)))
        console.log(line(`${step}:`, own));
      console.log(`${seconds()} s; the slowest cancellation took ${slowest.toFixed(0)} ms`);
      console.log(line('scenarios', sums));
      return sums.diverged === 0 && done === scenarios.length && done > 0;
    }
  };
};
