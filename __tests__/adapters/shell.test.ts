import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { RUNNER_CANARIES } from '../../rehearsal/runner/run-action.ts';
import { createCommandReader, readLines } from '../../rehearsal/runner/grammar.ts';
import { createShell } from '../../src/adapters/shell.ts';
import type { ShellOptions } from '../../src/adapters/shell.ts';
import { Refusal } from '../../src/domain/refusal.ts';
import type { ShellResult, ShellTask } from '../../src/ports.ts';

const TOKEN = 'ghs_canaryTokenOfTheJob00001';
let temporary = '';
beforeAll(() => {
  temporary = mkdtempSync(join(tmpdir(), 'shell-'));
});
afterAll(() => rmSync(temporary, { recursive: true, force: true }));

interface Ran {
  readonly result: ShellResult;
  readonly log: string;
  /** The lines of the script itself. */
  readonly lines: string[];
  readonly seconds: number;
}

const run = async (
  script: string,
  task: Partial<ShellTask> = {},
  options: Partial<ShellOptions> = {}
): Promise<Ran> => {
  let log = '';
  const shell = createShell({
    environment: { ...process.env, ...RUNNER_CANARIES, INPUT_TOKEN: TOKEN, GITHUB_TOKEN: TOKEN },
    write: (text) => (log += text),
    secrets: [TOKEN],
    signal: new AbortController().signal,
    temporary,
    ...options
  });
  const start = performance.now();
  const result = await shell.run({
    label: 'deploy',
    script,
    directory: temporary,
    variables: {},
    timeoutSeconds: 20,
    ...task
  });
  return { result, log, lines: readLines(log).slice(1, -1), seconds: (performance.now() - start) / 1000 };
};

/** A zombie runs nothing: in a container nobody may collect it. */
const isAlive = (pid: number): boolean =>
  existsSync(`/proc/${pid}`) && !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
const pidsIn = ({ lines }: Ran): number[] => lines.filter((line) => /^\d+$/.test(line)).map(Number);

describe('shell: what a script is', () => {
  test('bash with -e and pipefail, in its directory, without input', async () => {
    expect((await run('pwd; cat; echo "$-"')).lines).toEqual([temporary, expect.stringContaining('e')]);
    expect((await run('false; echo on')).result.ending).toEqual({ kind: 'exited', code: 1 });
    expect((await run('exit 3 | cat')).result.ending).toEqual({ kind: 'exited', code: 3 });
    expect((await run('kill -9 $$')).result.ending).toEqual({ kind: 'exited', code: 137 });
    expect((await run('if [[ a == a ]]; then exit 0; fi; exit 1')).result.ending).toEqual({ kind: 'exited', code: 0 });
  });

  test('gets exactly the scrubbed environment, its variables and the file to answer in', async () => {
    const ran = await run(
      'env',
      { variables: { DELIVERY_VERSION: '1.2.3', A: '::error::$(id) `id`' } },
      {
        environment: { PATH: process.env['PATH'], KEEP: 'yes', ...RUNNER_CANARIES, INPUT_TOKEN: TOKEN, GH_TOKEN: TOKEN }
      }
    );
    const names = new Set(ran.lines.map((line) => line.split('=')[0]));
    expect(names).toEqual(new Set(['A', 'DELIVERY_OUTPUT', 'DELIVERY_VERSION', 'KEEP', 'PATH', 'PWD', 'SHLVL', '_']));
    expect(ran.lines).toContain('A=::error::$(id) `id`');
    expect(ran.log).not.toContain('canary');
  });

  test('leads a process group of its own, which a signal reaches as a whole', async () => {
    const { lines } = await run('echo $$; cut -d " " -f 5 /proc/$$/stat; (cut -d " " -f 5 /proc/self/stat)');
    const [pid, ...groups] = lines;
    expect(groups).toEqual([pid, pid]);
    expect(Number(pid)).not.toBe(process.pid);
  });

  test('cannot be started where there is no directory: refused', async () => {
    await expect(run('true', { directory: join(temporary, 'none') })).rejects.toThrow(Refusal);
    expect(readdirSync(temporary)).toEqual([]);
  });
});

describe('shell: what is printed', () => {
  test('commands of a script reach nobody, on stdout and on stderr', async () => {
    const { log, lines } = await run(
      'echo "::set-env name=X::y"; echo "a ##[add-mask]1.2.3" >&2; printf "b\\r::error::x\\n"; echo "::add-mask::1"; printf end'
    );
    const read = createCommandReader();
    expect(readLines(log).map((line) => read(line).kind)).toEqual(['pause', ...lines.map(() => 'text'), 'resume']);
    // even a reader that missed the pause finds nothing
    const open = createCommandReader();
    expect(lines.map((line) => open(line).kind)).toEqual(lines.map(() => 'text'));
    expect(lines).toContain('end');
  });

  test('every run stops the commands with a word of its own', async () => {
    const word = ({ log }: Ran): string => /^::stop-commands::(.+)$/m.exec(log)?.[1] ?? '';
    const [first, second] = [await run('true'), await run('true')];
    expect(word(first)).toMatch(/^[0-9a-f-]{36}$/);
    expect(word(first)).not.toBe(word(second));
    expect(first.log.endsWith(`::${word(first)}::\n`)).toBe(true);
  });

  test('tokens of the runner are hidden, too, wherever a script found them', async () => {
    const { log } = await run(`echo canary-runtime; echo ${RUNNER_CANARIES['ACTIONS_RUNTIME_TOKEN'] ?? ''}`);
    expect(log).toContain('canary-runtime\n***');
  });

  test('secrets are hidden in every form', async () => {
    const { log } = await run(`printf ghs_canary; sleep 0.05; echo TokenOfTheJob00001; printf %s ${TOKEN} | base64`);
    expect(log).not.toMatch(/canary|TokenOf|Z2hzX2Nhb/);
    expect(log.split('***').length).toBe(3);
  });

  test('a flood arrives whole', async () => {
    const { lines } = await run('seq 1 30000; seq 30001 30010 >&2');
    expect(lines.length).toBe(30_010);
    expect(lines).toContain('30000');
  });
});

describe('shell: what a script says back', () => {
  test('url and note, the last of each', async () => {
    const { result } = await run(
      'printf "url=https://old.example\\nfoo=bar\\nnote= it ran \\nURL=https://new.example/a b\\nversion=9\\n" >> "$DELIVERY_OUTPUT"'
    );
    expect(result).toEqual({ ending: { kind: 'exited', code: 0 }, url: 'https://new.example/a%20b', note: 'it ran' });
    expect(readdirSync(temporary)).toEqual([]);
  });

  test.each([
    ['nothing', 'true'],
    ['no http', 'echo url=file:///etc/passwd > "$DELIVERY_OUTPUT"'],
    ['credentials', 'echo url=https://u:p@h.example > "$DELIVERY_OUTPUT"'],
    ['the token', `echo url=https://h.example/${TOKEN} > "$DELIVERY_OUTPUT"`],
    ['an endless address', 'echo "url=https://h.example/$(printf %03000d 1)" > "$DELIVERY_OUTPUT"'],
    ['a link', 'echo url=https://h.example > f; ln -sf "$PWD/f" "$DELIVERY_OUTPUT"; '],
    ['a pipe', 'rm "$DELIVERY_OUTPUT"; mkfifo "$DELIVERY_OUTPUT"'],
    ['no file', 'rm -r "$(dirname "$DELIVERY_OUTPUT")"'],
    ['a flood before it', '(head -c 70000 /dev/zero; echo; echo url=https://h.example) > "$DELIVERY_OUTPUT"']
  ])('%s is not an address', async (_name, script) => {
    const { result } = await run(`cd "$(mktemp -d -p "$TMPDIR_OF_TEST")"; ${script}`, {
      variables: { TMPDIR_OF_TEST: temporary }
    });
    expect(result).toEqual({ ending: { kind: 'exited', code: 0 } });
    for (const left of readdirSync(temporary)) rmSync(join(temporary, left), { recursive: true });
  });

  test('a note is one bounded line without commands and secrets', async () => {
    const script = `printf 'note=::error::a ##[x] ${TOKEN} %s' "$(printf %02000d 0)" > "$DELIVERY_OUTPUT"`;
    const { note = '' } = (await run(script)).result;
    expect(note.startsWith(': :error::a ## [x] *** 000')).toBe(true);
    expect(note.length).toBe(1000);
  });
});

describe('shell: nothing is left behind', () => {
  test('a deadline ends the whole group', async () => {
    const ran = await run('sleep 60 & echo $!; (sleep 60 | cat) & echo $!; sleep 60', { timeoutSeconds: 0.2 });
    expect(ran.result.ending).toEqual({ kind: 'timed-out', seconds: 0.2 });
    expect(pidsIn(ran).map(isAlive)).toEqual([false, false]);
    expect(ran.seconds).toBeLessThan(3);
  });

  test('a script may clean up on TERM', async () => {
    const ran = await run('trap "echo cleaned; exit 0" TERM; echo ready; sleep 60 & wait', { timeoutSeconds: 0.2 });
    expect(ran.result.ending.kind).toBe('timed-out');
    expect(ran.lines).toContain('cleaned');
  });

  test('what ignores TERM is killed after the grace', async () => {
    const ran = await run('trap "" TERM; echo $$; sleep 60', { timeoutSeconds: 0.2 }, { grace: { timeout: 0.3 } });
    expect(ran.result.ending.kind).toBe('timed-out');
    expect(pidsIn(ran).map(isAlive)).toEqual([false]);
    expect(ran.seconds).toBeGreaterThan(0.45);
    expect(ran.seconds).toBeLessThan(3);
  });

  test('a cancel ends the group, also when it holds its output open and ignores TERM', async () => {
    const cancel = new AbortController();
    setTimeout(() => cancel.abort('SIGINT'), 200);
    const ran = await run(
      'trap "" TERM; sleep 60 & echo $!; sleep 60',
      {},
      { signal: cancel.signal, grace: { cancel: 0.2 } }
    );
    expect(ran.result.ending).toEqual({ kind: 'cancelled' });
    expect(pidsIn(ran).map(isAlive)).toEqual([false]);
    expect(ran.seconds).toBeLessThan(3);
  });

  test('a cancel during the grace of a deadline shortens it', async () => {
    const cancel = new AbortController();
    setTimeout(() => cancel.abort('SIGINT'), 400);
    const ran = await run(
      'trap "" TERM; echo $$; sleep 60',
      { timeoutSeconds: 0.1 },
      {
        signal: cancel.signal,
        grace: { timeout: 30, cancel: 0.1 }
      }
    );
    expect(ran.result.ending.kind).toBe('timed-out');
    expect(ran.seconds).toBeLessThan(3);
  });

  test('a cancelled run starts nothing', async () => {
    const { result, log } = await run('touch started', {}, { signal: AbortSignal.abort() });
    expect(result).toEqual({ ending: { kind: 'cancelled' } });
    expect(log).toBe('');
    expect(readdirSync(temporary)).toEqual([]);
  });

  test('a server in the background of the group ends with its script', async () => {
    const ran = await run('sleep 60 & echo $!; nohup sleep 60 >/dev/null 2>&1 & echo $!; echo done');
    expect(ran.result.ending).toEqual({ kind: 'exited', code: 0 });
    expect(ran.lines).toContain('done');
    expect(pidsIn(ran)).toHaveLength(2);
    expect(pidsIn(ran).map(isAlive)).toEqual([false, false]);
  });

  test('a daemon that left the group lives on, and does not hold us, even with our pipe in its hands', async () => {
    const ran = await run('setsid bash -c "echo \\$\\$; exec sleep 60" & sleep 0.1; echo done');
    const [daemon = 0] = pidsIn(ran);
    expect(ran.result.ending).toEqual({ kind: 'exited', code: 0 });
    expect(isAlive(daemon)).toBe(true);
    process.kill(daemon, 'SIGKILL');
    expect(ran.seconds).toBeLessThan(1.9);
  });
});
