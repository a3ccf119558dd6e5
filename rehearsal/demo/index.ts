// npm run demo [-- --yes] [-- --keep]
import { once } from 'node:events';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createAsker } from './ask.ts';
import { Occupied, createFolder } from './folder.ts';
import type { Folder } from './folder.ts';
import { openPlatform } from './github.ts';
import { LineBroken, createLine } from './line.ts';
import { createProject } from './project.ts';
import { createScreen } from './screen.ts';
import { Surprise, tell } from './story.ts';
import type { Result } from './story.ts';
import { ENVIRONMENTS, openTown } from './town.ts';

const AUTHOR = 'ana';
const REVIEWER = 'rui';

const { values: flags } = parseArgs({
  options: { yes: { type: 'boolean', default: false }, keep: { type: 'boolean', default: false } }
});

const began = performance.now();
const write = (text: string): void => void process.stdout.write(text);
const screen = createScreen({
  write,
  colours: process.stdout.isTTY && process.stdout.hasColors()
});
const openFolder = (): Folder => {
  try {
    return createFolder(join(import.meta.dirname, '..', '..', '.demo'));
  } catch (error) {
    if (!(error instanceof Occupied)) throw error;
    screen.step('not now', error.message, { mood: 'bad' });
    return process.exit(1);
  }
};
const folder = openFolder();
// Whatever makes a temporary folder makes it in ours.
process.env['TMPDIR'] = folder.fresh('tmp');

const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => interrupted.abort(signal));
const town = await openTown(folder.state);
const platform = await openPlatform({ folder, author: AUTHOR, reviewer: REVIEWER, signal: interrupted.signal });

const perform = async (approves: (question: string) => Promise<boolean>): Promise<Result> => {
  screen.title(
    'Esteira delivers a small shop',
    `GitHub in a box: ${platform.address}   the shop: ${town.address}   Nothing leaves this machine.`
  );
  const remote = platform.remote(AUTHOR);
  const directory = folder.fresh('clone');
  const project = await createProject({ directory, remote, author: AUTHOR, address: town.address });
  const line = createLine({ platform, screen, approves, reviewer: REVIEWER });
  return tell({ line, platform, project, screen, town, author: AUTHOR });
};

/** With `--yes` nobody is asked, and standard input is left alone. */
const performAsking = async (): Promise<Result> => {
  if (flags.yes) return perform(() => Promise.resolve(true));
  const asker = createAsker({ input: process.stdin, write, signal: interrupted.signal });
  try {
    return await perform((question) => asker.approves(question));
  } finally {
    asker.close();
  }
};

const finish = (result: Result): void => {
  folder.result(result);
  screen.line();
  for (const environment of ENVIRONMENTS) {
    const where = flags.keep ? `   ${town.address}/${environment}/` : '';
    screen.step(environment, `${result.live[environment]} is live${where}`, { mood: 'good' });
  }
  screen.step(
    'all of it',
    `logs and result.json lie in .demo/${flags.keep ? '' : '; `-- --keep` leaves it all open'}`,
    { seconds: (performance.now() - began) / 1000 }
  );
};

const fail = (error: unknown): void => {
  process.exitCode = interrupted.signal.aborted ? 130 : 1;
  screen.line();
  if (interrupted.signal.aborted) screen.step('stopped', 'interrupted', { mood: 'bad' });
  else if (error instanceof Surprise || error instanceof LineBroken)
    screen.step('surprise', error.message, { mood: 'bad' });
  else throw error;
  screen.step('', 'the logs of all jobs lie in .demo/log');
};

const keepOpen = async (): Promise<void> => {
  screen.line();
  screen.line('   The shop and the hub stay open. Ctrl-C ends them.');
  if (!interrupted.signal.aborted) await once(interrupted.signal, 'abort');
};

try {
  finish(await performAsking());
  if (flags.keep) await keepOpen();
} catch (error) {
  fail(error);
} finally {
  await town.close();
  await platform.close();
  folder.tidy();
}
