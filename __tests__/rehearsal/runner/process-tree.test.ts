import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readdirSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { killTree } from '../../../rehearsal/runner/process-tree.ts';

const MARK = `PROCESS_TREE_TEST=${process.pid}`;

const marked = (): readonly string[] =>
  readdirSync('/proc').filter((entry) => {
    try {
      return /^\d+$/.test(entry) && readFileSync(`/proc/${entry}/environ`, 'latin1').includes(MARK);
    } catch {
      return false;
    }
  });

test('a process that goes on having children is lost with all of them', async () => {
  const script = 'for n in $(seq 200); do sleep 30 & echo; done; wait';
  const [name = '', value = ''] = MARK.split('=');
  const child = spawn('bash', ['-c', script], {
    env: { PATH: process.env['PATH'], [name]: value },
    stdio: ['ignore', 'pipe', 'ignore']
  });
  await once(child.stdout, 'data');
  await killTree(child.pid ?? 0);
  expect(marked()).toEqual([]);
});
