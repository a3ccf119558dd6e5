import type { Subject } from './subjects.ts';

export interface Finding {
  readonly file: string;
  /** Counted from 1, in `file`. */
  readonly line: number;
  readonly rule: string;
  readonly message: string;
}

export type Verdict =
  | { readonly kind: 'skipped'; readonly why: string }
  | {
      readonly kind: 'judged';
      /** How many files, snippets or scripts it looked at. */
      readonly judged: number;
      readonly findings: readonly Finding[];
      /** Ignored where it stands, by a comment that gives the reason. */
      readonly ignored?: number;
    };

export interface Judge {
  readonly name: string;
  readonly version: string;
  readonly judge: (subjects: readonly Subject[]) => Promise<Verdict>;
}

/** The subject of a file that a tool names, however it writes the path; `line` is the one in the tool's file. */
export const locate = (subjects: readonly Subject[], path: string, line: number): Pick<Finding, 'file' | 'line'> => {
  const subject = subjects.find((each) => path === each.path || path.endsWith(`/${each.path}`));
  return subject === undefined ? { file: path, line } : { file: subject.file, line: subject.offset + line };
};
