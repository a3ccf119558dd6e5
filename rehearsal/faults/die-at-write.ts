/**
 * Started instead of the action: counts what the action writes to the disk, and dies after the write numbered
 * `DIE_AT_WRITE` as if the machine were lost. Without it the number of writes goes into the file `COUNT_WRITES`.
 */
import { open } from 'node:fs/promises';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const variable = (name: string): string => process.env[name] ?? '';
const dieAt = Number(variable('DIE_AT_WRITE') || '0');
let writes = 0;

const note = (): void => {
  writes += 1;
  if (writes === dieAt) process.kill(process.pid, 'SIGKILL');
};

type Callable = (...given: unknown[]) => unknown;

const isCallable = (value: unknown): value is Callable => typeof value === 'function';

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

/** The module itself, not its frozen namespace: the action looks its functions up there. */
const changeable = (name: string): object => {
  const found: unknown = require(name);
  if (typeof found === 'object' && found !== null) return found;
  throw new TypeError(`${name} is no module`);
};

const fs = changeable('node:fs');
const files = changeable('node:fs/promises');
const writeFileSync: unknown = Reflect.get(fs, 'writeFileSync');
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
