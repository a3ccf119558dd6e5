import { execFileSync } from 'node:child_process';

/** One commit of a history; its parent is the one before it unless `parents` names others. */
export interface Step {
  readonly id?: string;
  readonly message: string | Buffer;
  readonly parents?: readonly string[];
  readonly files?: Readonly<Record<string, string>>;
  /** Annotated tags at it. */
  readonly tags?: readonly string[];
  /** Lightweight tags and branches, as full names. */
  readonly refs?: readonly string[];
  readonly author?: string;
}

/** Histories that have nothing in common but the repository. */
export type Histories = Readonly<Record<string, readonly Step[]>>;

const FIRST_SECOND = Date.UTC(2026, 0, 5, 12) / 1000;

const data = (content: string | Buffer): Buffer => {
  const bytes = Buffer.from(content);
  return Buffer.concat([Buffer.from(`data ${bytes.length}\n`), bytes, Buffer.from('\n')]);
};

interface Sheet {
  readonly parts: Buffer[];
  readonly marks: Map<string, number>;
  commits: number;
}

const write = (sheet: Sheet, history: string, step: Step, before: number | undefined): number => {
  sheet.commits += 1;
  const mark = sheet.commits;
  const { message, parents, files = {}, tags = [], refs = [], author = 'Ana Souza' } = step;
  const line = (text: string): void => void sheet.parts.push(Buffer.from(`${text}\n`));
  const who = `${author} <ana@example.com> ${FIRST_SECOND + mark * 60} +0000`;
  const from = parents?.map((id) => sheet.marks.get(`${history} ${id}`)) ?? (before === undefined ? [] : [before]);
  line(`commit refs/heads/${history}-${mark}`);
  line(`mark :${mark}`);
  line(`author ${who}`);
  line(`committer ${who}`);
  sheet.parts.push(data(message));
  from.forEach((parent, index) => line(`${index === 0 ? 'from' : 'merge'} :${parent}`));
  for (const [path, content] of Object.entries(files)) {
    line(`M 100644 inline ${path}`);
    sheet.parts.push(data(content));
  }
  for (const ref of refs) line(`reset ${ref}\nfrom :${mark}\n`);
  for (const tag of tags) {
    line(`tag ${tag}`);
    line(`from :${mark}`);
    line(`tagger ${who}`);
    sheet.parts.push(data(tag));
  }
  sheet.marks.set(`${history} ${step.id ?? String(mark)}`, mark);
  return mark;
};

/** Writes the histories into a bare repository at once. The last commit of each, by its name. */
export const importHistories = (bare: string, histories: Histories): ReadonlyMap<string, string> => {
  const sheet: Sheet = { parts: [], marks: new Map(), commits: 0 };
  const heads = new Map<string, number>();
  for (const [name, steps] of Object.entries(histories)) {
    let last: number | undefined;
    for (const step of steps) last = write(sheet, name, step, last);
    heads.set(name, last ?? 0);
  }
  for (const [name, mark] of heads) {
    sheet.parts.push(Buffer.from(`reset refs/heads/head-of-${name}\nfrom :${mark}\n\n`));
  }
  execFileSync('git', ['fast-import', '--quiet', '--force'], { cwd: bare, input: Buffer.concat(sheet.parts) });
  const listed = execFileSync('git', ['for-each-ref', '--format=%(refname:short) %(objectname)', 'refs/heads/'], {
    cwd: bare,
    encoding: 'utf8'
  });
  const shas = new Map(
    listed.split('\n').map((line): [string, string] => [line.split(' ')[0] ?? '', line.split(' ')[1] ?? ''])
  );
  return new Map([...heads.keys()].map((name) => [name, shas.get(`head-of-${name}`) ?? '']));
};
