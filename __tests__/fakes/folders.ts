import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const made: string[] = [];

const removeAll = (): void => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
};

// after the test file; the races use the fakes without Jest
const afterTests: unknown = Reflect.get(globalThis, 'afterAll');
if (typeof afterTests === 'function') afterTests(removeAll);
else process.once('exit', removeAll);

/** An empty folder, gone when the tests of the file, or the process, are over. */
export const newFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'world-'));
  made.push(folder);
  return folder;
};
