/**
 * Started instead of the action: counts what the action writes to the disk, and dies after the write numbered
 * `DIE_AT_WRITE` as if the machine were lost. With `WAIT_AT_WRITE` it waits there a moment for somebody to cancel it, as
 * scripts do at their points (`project.ts`). `COUNT_WRITES` names a file that gets the number of writes.
 */
import { open } from 'node:fs/promises';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const variable = (name: string): string => process.env[name] ?? '';
const [dieAt, waitAt] = ['DIE_AT_WRITE', 'WAIT_AT_WRITE'].map((name) => Number(variable(name) || '0'));
/** Somebody looks every 10 ms. */
const MOMENT_MS = 200;

/** The module itself, not its frozen namespace: the action looks its functions up there. */
const changeable = (name: string): object => {
  const found: unknown = require(name);
  if (typeof found === 'object' && found !== null) return found;
  throw new TypeError(`${name} is no module`);
};

const fs = changeable('node:fs');
const files = changeable('node:fs/promises');
// as it was, before it is watched
const writeFileSync: unknown = Reflect.get(fs, 'writeFileSync');
let writes = 0;

type Callable = (...given: unknown[]) => unknown;

const isCallable = (value: unknown): value is Callable => typeof value === 'function';

const note = (): void => {
  writes += 1;
  if (writes === dieAt) process.kill(process.pid, 'SIGKILL');
  if (writes !== waitAt || !isCallable(writeFileSync)) return;
  writeFileSync(`${variable('POINTS')}.reached`, '');
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, MOMENT_MS);
};

const watch = (owner: object, name: string): void => {
  const original: unknown = Reflect.get(owner, name);
  if (!isCallable(original)) return;
  Reflect.set(owner, name, function watched(this: unknown, ...given: unknown[]): unknown {
    const result = Reflect.apply(original, this, given);
    if (!(result instanceof Promise)) {
      note();
      return result;
    }
    return result.then((value: unknown) => {
      note();
      return value;
    });
  });
};

const handle = await open(process.execPath, 'r');
for (const name of ['write', 'writeFile', 'writev', 'truncate']) watch(Object.getPrototypeOf(handle), name);
await handle.close();
for (const name of ['writeFile', 'appendFile', 'mkdir', 'mkdtemp', 'rename', 'rm', 'symlink']) {
  watch(files, name);
  watch(fs, `${name}Sync`);
}

process.once('exit', () => {
  const file = variable('COUNT_WRITES');
  if (file !== '' && isCallable(writeFileSync)) writeFileSync(file, String(writes));
});

await import(variable('ACTION_MAIN'));
