// Puts the version in this folder into $DELIVERY_ENVIRONMENT: the new process starts beside the old one, takes over
// when it answers, and only then the old one is stopped. When it does not answer, the old one stays.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readCurrent, stateFolder, writeCurrent } from './state.js';
import { stop } from './stop.js';

const START_MS = 10_000;

const environment = process.env.DELIVERY_ENVIRONMENT;
if (environment === undefined || !/^[\w-]+$/.test(environment))
  throw new Error('DELIVERY_ENVIRONMENT names no environment');

const built = fileURLToPath(new URL('../..', import.meta.url));
const folder = stateFolder(environment);

/** The job's folder goes away with the job, so the shop runs from a copy. */
const copyFiles = async () => {
  await mkdir(folder, { recursive: true });
  const files = await mkdtemp(join(folder, 'files-'));
  await cp(built, files, { recursive: true });
  return files;
};

/** In a session of its own and not marked as part of the job: runners end what a job leaves behind. */
const start = async (files) => {
  const log = await open(join(folder, 'shop.log'), 'a');
  const { RUNNER_TRACKING_ID: _, ...surroundings } = process.env;
  const child = fork(join(files, 'src/main.js'), {
    cwd: files,
    detached: true,
    env: { ...surroundings, SHOP_ENVIRONMENT: environment, PORT: '0' },
    stdio: ['ignore', log.fd, log.fd, 'ipc']
  });
  const [message] = await Promise.race([
    once(child, 'message', { signal: AbortSignal.timeout(START_MS) }),
    once(child, 'exit').then(([code]) =>
      Promise.reject(new Error(`the shop ended with ${code}; see ${folder}/shop.log`))
    )
  ]).catch((error) => {
    child.kill('SIGKILL');
    throw error;
  });
  child.unref();
  await log.close();
  return { pid: child.pid, port: message.port };
};

const { version } = JSON.parse(await readFile(join(built, 'version.json'), 'utf8'));
const old = await readCurrent(folder);
const files = await copyFiles();
try {
  await writeCurrent(folder, { ...(await start(files)), version, files });
} catch (error) {
  await rm(files, { recursive: true, force: true });
  throw error;
}
if (old !== undefined) {
  await stop(old);
  await rm(old.files, { recursive: true, force: true });
}
console.log(`${environment}: ${old?.version ?? 'nothing'} -> ${version}`);
