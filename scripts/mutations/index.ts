// npm run mutations [-- R3 ...]: breaks each promise on purpose, in a copy, and demands that its suite fails.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PROMISES } from '../../__tests__/promises/mutations.ts';
import type { BreakablePromise, Mutation } from '../../__tests__/promises/mutations.ts';

const ROOT = join(import.meta.dirname, '..', '..');
/** A mutation that makes a suite hang has been noticed, too. */
const PATIENCE_MS = 180_000;

const copy = mkdtempSync(join(tmpdir(), 'mutations-'));
for (const name of ['src', '__tests__', 'rehearsal', 'scripts', 'package.json', 'jest.config.mjs']) {
  cpSync(join(ROOT, name), join(copy, name), { recursive: true });
}
symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));

const passes = ({ suite }: BreakablePromise): boolean => {
  const jest = join('node_modules', 'jest', 'bin', 'jest.js');
  const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', jest];
  const end = spawnSync(process.execPath, [...flags, '--runInBand', '--forceExit', `__tests__/promises/${suite}`], {
    cwd: copy,
    stdio: 'ignore',
    timeout: PATIENCE_MS,
    killSignal: 'SIGKILL'
  });
  return end.status === 0;
};

const mutated = ({ file, from, to }: Mutation, work: () => boolean): boolean => {
  const path = join(copy, file);
  const text = readFileSync(path, 'utf8');
  if (text.split(from).length !== 2) throw new Error(`${file} does not hold exactly once: ${from}`);
  writeFileSync(
    path,
    text.replace(from, () => to)
  );
  try {
    return work();
  } finally {
    writeFileSync(path, text);
  }
};

const tell = (good: boolean, text: string): boolean => {
  process.stdout.write(`${good ? 'ok  ' : 'FAIL'} ${text}\n`);
  return good;
};

const judge = (promise: BreakablePromise): readonly boolean[] => {
  const { id, mutations } = promise;
  const whole = tell(passes(promise), `${id} holds as the source stands`);
  const noticed = mutations.map((mutation) =>
    tell(!mutated(mutation, () => passes(promise)), `${id} notices: ${mutation.what}`)
  );
  return [whole, ...noticed];
};

const asked = process.argv.slice(2);
try {
  const results = PROMISES.filter(({ id }) => asked.length === 0 || asked.includes(id)).flatMap(judge);
  const failed = results.filter((good) => !good).length;
  process.stdout.write(`${results.length} checks of ${PROMISES.length} promises, ${failed} failed\n`);
  process.exitCode = failed === 0 ? 0 : 1;
} finally {
  rmSync(copy, { recursive: true, force: true });
}
