// The independent witness: `npm run witness`. Every scenario is run by nektos/act and by our own engine, each on a
// GitHub of its own, and must end the same; every known divergence must still be there. docs/witness.md says more.
// `npm run witness -- TEXT` takes only what has the text in its name.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../../rehearsal/engine/errors.ts';
import { ACT, actTool, cacheFolder } from '../lint-workflows/tools.ts';
import { compare } from './compare.ts';
import type { Comparison, Runners } from './compare.ts';
import { seenByAct, seenByEngine } from './divergence-runs.ts';
import { readDivergences, stale } from './divergences.ts';
import type { Divergence } from './divergences.ts';
import type { Scenario } from './scenario.ts';
import { DELIVERIES } from './scenarios/deliveries.ts';
import { RULES } from './scenarios/rules.ts';

const ROOT = join(import.meta.dirname, '..', '..');

/** Every line it prints, and whether it is as it should be. */
interface Verdict {
  readonly good: boolean;
  readonly lines: readonly string[];
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, each) => all + each, 0);

const figuresOf = (compared: readonly Comparison[]): string => {
  const count = (of: 'steps' | 'calls'): number =>
    sum(compared.flatMap(({ engine }) => Object.values(engine[of]).map((each) => each.length)));
  const seconds = (of: 'engine' | 'act'): string => sum(compared.map((each) => each.seconds[of])).toFixed(1);
  const jobs = sum(compared.map(({ engine }) => Object.keys(engine.jobs).length));
  return `runs ${compared.length}, jobs ${jobs}, lines of steps ${count('steps')}, API calls ${count('calls')}; engine ${seconds('engine')} s, act ${seconds('act')} s`;
};

const judgeScenario = async (scenario: Scenario, runners: Runners): Promise<Verdict> => {
  const compared = await compare(scenario, runners);
  const found = compared.flatMap(({ move, differences }, at) =>
    differences.map((each) => `  run ${at + 1} (${move.workflow}): ${each}`)
  );
  const good = found.length === 0;
  return { good, lines: [`${good ? 'same' : 'NOT THE SAME'}: ${scenario.name} (${figuresOf(compared)})`, ...found] };
};

const judgeDivergence = async (divergence: Divergence, { program }: Runners): Promise<Verdict> => {
  const [engine, act] = [await seenByEngine(divergence), await seenByAct(divergence, program)];
  const found = stale(divergence, { engine, act }).map((each) => `  ${each}`);
  const good = found.length === 0;
  return { good, lines: [`${good ? 'known to differ' : 'NOT AS WRITTEN'}: ${divergence.title}`, ...found] };
};

interface Work {
  readonly name: string;
  readonly judge: () => Promise<Verdict>;
}

/** What could not be played to its end is not the same either. */
const verdictOf = async ({ name, judge }: Work): Promise<Verdict> => {
  try {
    return await judge();
  } catch (error) {
    return { good: false, lines: [`NOT PLAYED: ${name}`, `  ${messageOf(error)}`] };
  }
};

const AT_A_TIME = 2;

/** A few at a time, printed as they end. */
const carryOut = async (all: readonly Work[]): Promise<boolean> => {
  const left = all.values();
  let good = true;
  const take = async (): Promise<void> => {
    for (const work of left) {
      const verdict = await verdictOf(work);
      good &&= verdict.good;
      for (const line of verdict.lines) console.log(line);
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, take));
  return good;
};

const worksFor = (runners: Runners, only: string): readonly Work[] => [
  ...[...DELIVERIES, ...RULES]
    .filter(({ name }) => name.includes(only))
    .map((scenario) => ({ name: scenario.name, judge: () => judgeScenario(scenario, runners) })),
  ...readDivergences()
    .filter(({ title }) => title.includes(only))
    .map((divergence) => ({ name: divergence.title, judge: () => judgeDivergence(divergence, runners) }))
];

const main = async (): Promise<void> => {
  const began = performance.now();
  const tool = actTool(cacheFolder(process.env));
  if (tool.kind === 'missing') {
    console.log(`witness: skipped, no run was compared with nektos/act ${ACT}: it ${tool.why}`);
    return;
  }
  if (!existsSync(join(ROOT, 'dist', 'index.js'))) throw new Error('there is no dist/index.js: npm run package');
  console.log(`nektos/act ${ACT}: ${tool.path}, ready after ${((performance.now() - began) / 1000).toFixed(1)} s`);
  const works = worksFor({ program: tool.path, root: ROOT }, process.argv[2] ?? '');
  if (works.length === 0) throw new Error('nothing has that in its name');
  if (!(await carryOut(works))) process.exitCode = 1;
  console.log(`witness: ${works.length} compared in ${((performance.now() - began) / 1000).toFixed(1)} s`);
};

await main();
