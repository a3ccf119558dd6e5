import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { LineCounter, isMap, isScalar, parseDocument, visit } from 'yaml';
import type { Finding, Judge, Verdict } from './judge.ts';
import type { Subject } from './subjects.ts';
import { run, shellcheckTool } from './tools.ts';

export interface Script {
  readonly file: string;
  /** Of its `run:`. */
  readonly line: number;
  readonly text: string;
}

/** The scripts of the steps; other keys named `run` (in `defaults`) hold no script. */
export const scriptsOf = ({ file, offset, text }: Pick<Subject, 'file' | 'offset' | 'text'>): readonly Script[] => {
  const lines = new LineCounter();
  const scripts: Script[] = [];
  visit(parseDocument(text, { lineCounter: lines }), {
    Map: (_, map) => {
      const script = map.items.find(({ key }) => isScalar(key) && key.value === 'run');
      if (script === undefined || !isScalar(script.value) || typeof script.value.value !== 'string') return;
      const start = isScalar(script.key) ? (script.key.range?.[0] ?? 0) : 0;
      scripts.push({ file, line: offset + lines.linePos(start).line, text: script.value.value });
    }
  });
  return isMap(parseDocument(text).contents) ? scripts : [];
};

const Reported = v.array(v.object({ line: v.number(), code: v.number(), message: v.string() }));

const check = (program: string, script: Script, path: string): readonly Finding[] => {
  writeFileSync(path, `${script.text}\n`);
  const { code, out, err } = run(program, ['--shell=bash', '--format=json', path]);
  if (code !== 0 && code !== 1) throw new Error(`shellcheck: ${err}`);
  return v.parse(Reported, JSON.parse(out)).map(({ line, code: number, message }) => ({
    file: script.file,
    line: script.line + line - 1,
    rule: `SC${number}`,
    message
  }));
};

const judge = (program: string, scripts: readonly Script[], folder: string): Verdict => {
  mkdirSync(folder, { recursive: true });
  const findings = scripts.flatMap((script, index) => check(program, script, join(folder, `${index}.sh`)));
  return { kind: 'judged', judged: scripts.length, findings };
};

/** The machine's own: no registry we use has it. */
const installedVersion = (): string =>
  /^version: (\S+)$/m.exec(run('shellcheck', ['--version']).out)?.[1] ?? 'of the machine';

/** Every script that stands in a workflow. */
export const shellcheck = (folder: string): Judge => ({
  name: 'shellcheck',
  version: installedVersion(),
  judge: (subjects) => {
    const tool = shellcheckTool();
    if (tool.kind === 'missing') return Promise.resolve({ kind: 'skipped', why: tool.why });
    const scripts = subjects.filter(({ kind }) => kind === 'workflow').flatMap(scriptsOf);
    return Promise.resolve(judge(tool.path, scripts, folder));
  }
});
