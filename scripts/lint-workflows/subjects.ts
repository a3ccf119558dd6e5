import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isMap, parseDocument } from 'yaml';
import { PLACEHOLDER_COMMIT } from '../pin-templates/template.ts';

/** One piece of YAML that somebody will use as it stands. */
export interface Subject {
  readonly kind: 'workflow' | 'action' | 'delivery';
  /** The file it comes from, relative to the project. */
  readonly file: string;
  /** The lines of that file before its first; 0 for a whole file. */
  readonly offset: number;
  readonly text: string;
  /** A file that holds exactly this text: the file itself, or one written for a snippet. */
  readonly path: string;
}

/** What a snippet leaves to its reader, filled in so that the rest can be judged. */
const filledIn = (text: string): string => text.replaceAll('@<full commit SHA>', PLACEHOLDER_COMMIT);

export interface Snippet {
  /** The lines before its first. */
  readonly offset: number;
  readonly text: string;
}

/** The YAML blocks of a page, indented ones included. */
export const snippetsOf = (markdown: string): readonly Snippet[] => {
  const lines = markdown.split('\n');
  return lines.flatMap((line, start) => {
    const indent = /^( *)```ya?ml$/.exec(line)?.[1];
    if (indent === undefined) return [];
    const end = lines.indexOf(`${indent}\`\`\``, start);
    const inside = lines.slice(start + 1, end === -1 ? undefined : end).map((each) => each.slice(indent.length));
    return [{ offset: start + 1, text: `${filledIn(inside.join('\n'))}\n` }];
  });
};

/** A workflow has jobs and triggers; a delivery file has neither. Undefined: we cannot tell, and nobody could judge it. */
export const kindOf = (text: string): Subject['kind'] | undefined => {
  const { contents, errors } = parseDocument(text);
  if (errors.length > 0 || !isMap(contents)) return undefined;
  if (contents.has('jobs')) return contents.has('on') ? 'workflow' : undefined;
  if (contents.has('runs')) return 'action';
  return 'delivery';
};

const wholeFiles = (): readonly Subject[] => [
  ...globSync(['.github/workflows/*.{yml,yaml}', 'workflows-templates/*.{yml,yaml}'])
    .toSorted()
    .map((file): Subject => ({
      kind: 'workflow',
      file,
      offset: 0,
      text: readFileSync(file, 'utf8'),
      path: file
    })),
  { kind: 'action', file: 'action.yml', offset: 0, text: readFileSync('action.yml', 'utf8'), path: 'action.yml' }
];

const written = (folder: string, name: string, text: string): string => {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
};

/** The snippets of the pages, each as a file of its own in `folder`; throws for one that nobody could judge. */
const snippets = (folder: string): readonly Subject[] =>
  globSync(['*.md', 'docs/**/*.md'])
    .toSorted()
    .flatMap((file) =>
      snippetsOf(readFileSync(file, 'utf8')).map(({ offset, text }): Subject => {
        const kind = kindOf(text);
        if (kind === undefined) throw new Error(`${file}:${offset}: neither a workflow nor a delivery file`);
        const name = `${file.replaceAll(/[^A-Za-z0-9]/g, '-')}-${offset}.yml`;
        return { kind, file, offset, text, path: written(folder, name, text) };
      })
    );

/** Every workflow, template, action and YAML snippet of the project. */
export const collect = (folder: string): readonly Subject[] => [...wholeFiles(), ...snippets(folder)];
