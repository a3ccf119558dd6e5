/** One process of the suite: every nth scenario of those wanted, several at a time. Started by `index.ts`. */
import { join } from 'node:path';
import { scenariosOf } from './matrix.ts';
import type { Scenario } from './matrix.ts';
import { play } from './play.ts';
import { openStage } from './stage.ts';
import { readStory } from './story-files.ts';

const [directory = '', index = '0', jobs = '1', lanes = '1'] = process.argv.slice(2);

const { played, wanted } = await readStory(directory);
const scenarios = new Map<string, Scenario>(played.flatMap(scenariosOf).map((each) => [each.name, each]));
const ours = wanted.filter((_, at) => at % Number(jobs) === Number(index));

const lane = async (number: number): Promise<void> => {
  const mark = `${index}-${number}-${process.pid}`;
  const stage = await openStage(join(directory, `lane-${index}-${number}`), mark);
  for (let name = ours.shift(); name !== undefined; name = ours.shift()) {
    const scenario = scenarios.get(name);
    const step = played.find(({ step: { name: of } }) => of === scenario?.step);
    if (scenario === undefined || step === undefined) throw new Error(`no scenario ${name}`);
    process.send?.(await play(stage, step, scenario));
  }
  await stage.close();
};

await Promise.all(Array.from({ length: Number(lanes) }, (_, number) => lane(number)));
process.disconnect();
