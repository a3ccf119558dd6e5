import type { Finding } from './judge.ts';

/** A finding that we have read and that is wrong, or does not matter where it stands. */
export interface KnownFalse {
  readonly tool: string;
  readonly file: RegExp;
  readonly rule: RegExp;
  readonly message: RegExp;
  readonly reason: string;
}

const EVERYWHERE = /./;
const PAGES = /\.md$/;

export const KNOWN_FALSE: readonly KnownFalse[] = [
  {
    tool: 'actionlint',
    file: EVERYWHERE,
    rule: /^syntax-check$/,
    message: /^unexpected key "queue" for "concurrency" section/,
    reason: 'GitHub has it since 2026-05-07; version 1.7.12 does not know it yet.'
  },
  {
    tool: 'actionlint',
    file: /^\.github\/workflows\/delivery\.yml$/,
    rule: /^expression$/,
    message: /^property "workflow_(repository|sha)" is not defined in object type/,
    reason: 'The job context has both since 2026-04; version 1.7.12 does not know them yet.'
  },
  {
    tool: 'actionlint (WebAssembly)',
    file: EVERYWHERE,
    rule: /^syntax-check$/,
    message: /^unexpected key "(queue|deployment)" for "(concurrency|environment)" section/,
    reason: 'Both are younger than the actionlint in it.'
  },
  {
    tool: 'actionlint (WebAssembly)',
    file: /^\.github\/workflows\/delivery\.yml$/,
    rule: /^expression$/,
    message: /^property "workflow_(repository|sha)" is not defined in object type/,
    reason: 'Both are younger than the actionlint in it.'
  },
  {
    tool: 'zizmor',
    file: PAGES,
    rule: /^(anonymous-definition|undocumented-permissions|concurrency-limits)$/,
    message: EVERYWHERE,
    reason: 'A page explains beside the snippet what names and comments say in a template; the templates have both.'
  }
];

export interface Sifted {
  readonly findings: readonly Finding[];
  readonly known: number;
}

const fits =
  (tool: string, finding: Finding) =>
  (entry: KnownFalse): boolean =>
    entry.tool === tool &&
    entry.file.test(finding.file) &&
    entry.rule.test(finding.rule) &&
    entry.message.test(finding.message);

const stale = ({ reason, rule }: KnownFalse): Finding => ({
  file: 'scripts/lint-workflows/known-false.ts',
  line: 1,
  rule: 'not-needed',
  message: `nothing fits the entry for ${String(rule)} any more (${reason}): take it out`
});

/** Takes the known ones out; an entry of this tool that fits nothing is a finding itself. */
export const sift = (tool: string, found: readonly Finding[], list: readonly KnownFalse[] = KNOWN_FALSE): Sifted => {
  const entries = list.filter((entry) => entry.tool === tool);
  const unused = entries.filter((entry) => !found.some((finding) => fits(tool, finding)(entry)));
  const left = found.filter((finding) => !entries.some(fits(tool, finding)));
  return { findings: [...left, ...unused.map(stale)], known: found.length - left.length };
};
