// npm run demo [-- --yes] [-- --keep]
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { pagesFolder } from '../engine/shims/deploy-pages.ts';
import { ALWAYS, createAsker } from './ask.ts';
import type { Asker } from './ask.ts';
import { Occupied, createFolder } from './folder.ts';
import type { Folder } from './folder.ts';
import { createLine } from './line.ts';
import type { Line } from './line.ts';
import { judgePage } from './page.ts';
import { createProject } from './project.ts';
import { createScreen } from './screen.ts';
import { ROOT, openSite } from './site.ts';
import { Surprise, tell } from './story.ts';
import type { Result } from './story.ts';
import { ENVIRONMENTS, openTown } from './town.ts';

const { values: flags } = parseArgs({
  options: { yes: { type: 'boolean', default: false }, keep: { type: 'boolean', default: false } }
});

const began = performance.now();
const write = (text: string): void => void process.stdout.write(text);
const screen = createScreen({
  write,
  colours: process.stdout.isTTY && process.stdout.hasColors()
});

const refuse = (why: string): never => {
  screen.step('not now', why, { mood: 'bad' });
  return process.exit(1);
};

const openFolder = (): Folder => {
  try {
    return createFolder(join(ROOT, '.demo'));
  } catch (error) {
    if (error instanceof Occupied) return refuse(error.message);
    throw error;
  }
};

if (!existsSync(join(ROOT, 'dist', 'index.js'))) refuse('there is no dist/index.js: npm run package');
const folder = openFolder();
// Whatever makes a temporary folder makes it in ours.
process.env['TMPDIR'] = folder.fresh('tmp');

const interrupted = new AbortController();
const town = await openTown(folder.state);
const site = await openSite({ action: ROOT, machine: { SHOP_STATE: folder.state } });
const { rehearsal } = site;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  // the first ends the run as a cancel does, the second at once
  process.on(signal, () => (interrupted.signal.aborted ? void rehearsal.close() : interrupted.abort(signal)));
}

/** The page must say of each environment what was seen there; it stays behind when everything else is gone. */
const keepPage = async (line: Line, { live }: Result): Promise<void> => {
  screen.line();
  screen.title('The page for everybody', 'Written and published after each delivery, by delivery-report.yml.');
  await line.report();
  const published = pagesFolder(rehearsal.directory);
  judgePage(published, live);
  folder.keep('report', published);
};

const perform = async (asker: Asker): ReturnType<typeof tell> => {
  screen.title('Esteira delivers a small shop', 'Nothing leaves this machine.');
  screen.step('GitHub', `${rehearsal.hub.url}   in a box: runs, what waits, what is live`);
  screen.step('the shop', `${town.address}/production/`);
  const { signal } = interrupted;
  const project = createProject(folder.fresh('shop'), town.address);
  const line = createLine({ ...site, project, screen, asker, signal, keepLog: folder.log });
  const result = await tell({ line, hub: rehearsal.hub, screen, town });
  await keepPage(line, result);
  return result;
};

const performAsking = async (): ReturnType<typeof tell> => {
  const asker = flags.yes ? ALWAYS : createAsker({ input: process.stdin, write, signal: interrupted.signal });
  return perform(asker).finally(() => asker.close());
};

const finish = ({ deliveries, live }: Result): void => {
  folder.result({ deliveries, live });
  screen.line();
  for (const environment of ENVIRONMENTS) {
    const where = flags.keep ? `   ${town.address}/${environment}/` : '';
    screen.step(environment, `${live[environment]} is live${where}`, { mood: 'good' });
  }
  const { hub } = rehearsal;
  screen.step('the page', '.demo/report/index.html', { mood: 'good' });
  if (flags.keep) screen.step('', `${hub.url}/${hub.owner}/${hub.name}/pages/`);
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
  else if (error instanceof Surprise) screen.step('surprise', error.message, { mood: 'bad' });
  else throw error;
  screen.step('', 'the logs of all jobs lie in .demo/log');
};

const keepOpen = async (): Promise<void> => {
  screen.line();
  screen.line(`   The shop and ${rehearsal.hub.url} stay open. Ctrl-C ends them.`);
  if (!interrupted.signal.aborted) await once(interrupted.signal, 'abort');
};

try {
  const { rejected, ...result } = await performAsking();
  finish(result);
  // whoever says no ends the story, and nothing went wrong; scripts must not take it for the whole of it
  if (rejected) process.exitCode = 1;
  if (flags.keep) await keepOpen();
} catch (error) {
  fail(error);
} finally {
  await rehearsal.close();
  await town.close();
  folder.tidy();
}
