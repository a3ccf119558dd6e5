import { join } from 'node:path';
import { afterEach } from '@jest/globals';
import { openRehearsal } from '../../../rehearsal/engine/index.ts';
import type { Rehearsal, RehearsalOptions, RunView } from '../../../rehearsal/engine/index.ts';

export const ECHO = join(import.meta.dirname, 'fixtures', 'echo');

/** From the call on: a test that runs out of time may still be opening one. */
const opened: Promise<Rehearsal>[] = [];

afterEach(async () => {
  for (const rehearsal of opened.splice(0)) await (await rehearsal).close();
});

export interface Opening extends Omit<RehearsalOptions, 'files'> {
  readonly files?: Readonly<Record<string, string>>;
}

/** A repository with these workflows below `.github/workflows`; closed after the test. */
export const open = async (workflows: Readonly<Record<string, string>>, options: Opening = {}): Promise<Rehearsal> => {
  const files = Object.entries(workflows).map(([name, text]) => [`.github/workflows/${name}`, text] as const);
  const rehearsal = openRehearsal({
    actionMap: { 'acme/echo': ECHO },
    ...options,
    files: { ...Object.fromEntries(files), ...options.files }
  });
  opened.push(rehearsal);
  return rehearsal;
};

/** Pushes a change of `app.txt` and gives the one run it starts. */
export const pushOne = async (rehearsal: Rehearsal, text = 'one'): Promise<RunView> => {
  const { runs } = await rehearsal.push({ 'app.txt': `${text}\n` }, `feat: ${text}`);
  const [run] = runs;
  if (run === undefined || runs.length > 1) throw new Error(`${runs.length} runs`);
  return run;
};

export const results = (rehearsal: Rehearsal, run: RunView): Record<string, string | undefined> =>
  Object.fromEntries(rehearsal.jobs(run).map(({ key, result }) => [key, result]));

/** One workflow with `on: push`, run to its end. */
export const play = async (
  jobs: string,
  options: Opening & { readonly head?: string } = {}
): Promise<{ readonly rehearsal: Rehearsal; readonly run: RunView }> => {
  const rehearsal = await open({ 'ci.yml': `${options.head ?? 'on: push'}\njobs:\n${jobs}` }, options);
  const run = await rehearsal.waitFor(await pushOne(rehearsal), 'completed');
  return { rehearsal, run };
};
