import * as v from 'valibot';
import { locate } from './judge.ts';
import type { Finding, Judge, Verdict } from './judge.ts';
import type { Subject } from './subjects.ts';
import { ZIZMOR, run, zizmorTool } from './tools.ts';

const Reported = v.array(
  v.object({
    ident: v.string(),
    desc: v.string(),
    locations: v.array(
      v.object({
        symbolic: v.object({
          key: v.object({ Local: v.object({ verbatim_path: v.string() }) }),
          kind: v.string()
        }),
        concrete: v.object({
          location: v.object({
            start_point: v.object({ row: v.number() }),
            end_point: v.object({ row: v.number() })
          })
        })
      })
    )
  })
);

type Reported = v.InferOutput<typeof Reported>[number];

/** `# zizmor: ignore[RULE] why`, where it stands. */
export interface Ignore {
  readonly file: string;
  readonly line: number;
  readonly rule: string;
  readonly reason: string;
}

export const ignoresOf = ({ file, offset, text }: Pick<Subject, 'file' | 'offset' | 'text'>): readonly Ignore[] =>
  text.split('\n').flatMap((line, index) => {
    const { rule, reason } = /# zizmor: ignore\[(?<rule>[^\]]*)\](?<reason>.*)$/.exec(line)?.groups ?? {};
    if (rule === undefined || reason === undefined) return [];
    return [{ file, line: offset + index + 1, rule, reason: reason.trim() }];
  });

interface Spread extends Finding {
  /** The last line of the place it points at. */
  readonly until: number;
}

const OPTIONS = ['--offline', '--no-progress', '--persona=auditor', '--format=json', '--no-exit-codes'];

const ask = (program: string, own: readonly Subject[], ...more: readonly string[]): readonly Spread[] => {
  const { code, out, err } = run(program, [...OPTIONS, ...more, ...own.map(({ path }) => path)]);
  if (code !== 0) throw new Error(`zizmor: ${err}`);
  const spreadOf = ({ ident, desc, locations }: Reported): readonly Spread[] =>
    locations
      .filter(({ symbolic }) => symbolic.kind === 'Primary')
      .map(({ symbolic, concrete: { location } }) => {
        const path = symbolic.key.Local.verbatim_path;
        const { file, line } = locate(own, path, location.start_point.row + 1);
        const until = line + location.end_point.row - location.start_point.row;
        return { file, line, until, rule: ident, message: desc };
      });
  return v.parse(Reported, JSON.parse(out)).flatMap(spreadOf);
};

/** An ignore must say why, and must still have something to ignore. */
const problemsOf =
  (found: readonly Spread[]) =>
  ({ file, line, rule, reason }: Ignore): readonly Finding[] => {
    const needed = found.some(
      (each) => each.file === file && each.rule === rule && each.line <= line && line <= each.until
    );
    return [
      ...(reason === '' ? [{ file, line, rule: 'no-reason', message: `why is ${rule} ignored here?` }] : []),
      ...(needed
        ? []
        : [{ file, line, rule: 'not-needed', message: `nothing here for ${rule} to ignore: take it out` }])
    ];
  };

const judge = (program: string, subjects: readonly Subject[]): Verdict => {
  const own = subjects.filter(({ kind }) => kind !== 'delivery');
  const all = ask(program, own, '--no-ignores');
  const left = ask(program, own);
  const ignores = own.flatMap(ignoresOf);
  const findings = [...left, ...ignores.flatMap(problemsOf(all))];
  return { kind: 'judged', judged: own.length, findings, ignored: ignores.length };
};

/** Security, at its strictest, without asking GitHub anything. */
export const zizmor = (cache: string): Judge => ({
  name: 'zizmor',
  version: `${ZIZMOR}, persona auditor, offline`,
  judge: (subjects) => {
    const tool = zizmorTool(cache);
    return Promise.resolve(tool.kind === 'missing' ? { kind: 'skipped', why: tool.why } : judge(tool.path, subjects));
  }
});
