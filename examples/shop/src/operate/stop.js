// Stops the shop of $DELIVERY_ENVIRONMENT.
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive, readCurrent, stateFolder } from './state.js';

const PATIENCE_MS = 5000;

/** Asks it to finish its requests; insists after five seconds. Nothing happens when it is gone already. */
export const stop = async (running) => {
  if (!(await isAlive(running))) return;
  process.kill(running.pid, 'SIGTERM');
  const deadline = Date.now() + PATIENCE_MS;
  while (await isAlive(running)) {
    if (Date.now() > deadline) process.kill(running.pid, 'SIGKILL');
    await sleep(25);
  }
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const running = await readCurrent(stateFolder(process.env.DELIVERY_ENVIRONMENT ?? 'staging'));
  if (running !== undefined) await stop(running);
}
