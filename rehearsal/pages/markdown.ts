import { escaped } from './html.ts';
import type { Html } from './html.ts';

/** Entities are how our reports quiet text; they must stay entities. */
const quiet = (text: string): string =>
  escaped(text)
    .replaceAll(/&amp;(#\d{1,7};|amp;)/g, '&$1')
    .replaceAll('&lt;span&gt;$&lt;/span&gt;', '$');

const linked = (label: string, url: string): string =>
  /^https?:\/\//.test(url) ? `<a href="${quiet(url)}">${label}</a>` : label;

const INLINE = /`([^`]+)`|\*\*(.+?)\*\*|\[([^\]]*)\]\(([^()\s]+)\)/g;

const inline = (text: string): string => {
  let [at, out] = [0, ''];
  for (const { 0: whole, 1: code, 2: bold, 3: label, 4: url = '', index } of text.matchAll(INLINE)) {
    out += quiet(text.slice(at, index));
    if (code !== undefined) out += `<code>${escaped(code)}</code>`;
    else out += bold === undefined ? linked(inline(label ?? ''), url) : `<strong>${inline(bold)}</strong>`;
    at = index + whole.length;
  }
  return out + quiet(text.slice(at));
};

const cellsOf = (row: string): readonly string[] =>
  row
    .replace(/^\| | \|$/g, '')
    .split(' | ')
    .map(inline);

/** The first column names what the row says. */
const row = (line: string): string => {
  const [first = '', ...others] = cellsOf(line);
  return `<tr><th scope="row">${first}</th>${others.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
};

/** A table of two columns is a list of facts, its head the first of them; in a wider one the head names the columns. */
const table = ([head = '', , ...rows]: readonly string[]): string => {
  const titles = cellsOf(head);
  if (titles.length <= 2) return `<table>${[head, ...rows].map(row).join('')}</table>`;
  const first = titles.map((title) => `<th scope="col">${title}</th>`).join('');
  return `<div class="wide"><table><tr>${first}</tr>${rows.map(row).join('')}</table></div>`;
};

const list = (lines: readonly string[]): string =>
  `<ul>${lines.map((line) => `<li>${inline(line.slice(2))}</li>`).join('')}</ul>`;

interface Kind {
  readonly begins: RegExp;
  /** Whether the next line belongs to the same block. */
  readonly goesOn: (line: string, first: string) => boolean;
  readonly draw: (lines: readonly string[]) => string;
}

const never = (): boolean => false;

const KINDS: readonly Kind[] = [
  { begins: /^$/, goesOn: never, draw: () => '' },
  {
    begins: /^`{3,}$/,
    goesOn: (line, first) => line !== first,
    draw: ([, ...lines]) => `<pre>${escaped(lines.join('\n'))}</pre>`
  },
  { begins: /^#{2,3} /, goesOn: never, draw: ([line = '']) => `<h3>${inline(line.replace(/^#+ /, ''))}</h3>` },
  { begins: /^\| /, goesOn: (line) => line.startsWith('| '), draw: table },
  { begins: /^- /, goesOn: (line) => line.startsWith('- '), draw: list },
  {
    begins: /^<details><summary>.*<\/summary>$/,
    goesOn: never,
    draw: ([line = '']) => `<details><summary>${inline(line.slice(18, -10))}</summary>`
  },
  { begins: /^<\/details>$/, goesOn: never, draw: () => '</details>' },
  { begins: /^/, goesOn: (line) => line !== '', draw: (lines) => `<p>${lines.map(inline).join('<br>')}</p>` }
];

const blocks = (text: string): readonly string[] => {
  const lines = text.split(/\r?\n/);
  const drawn: string[] = [];
  for (let at = 0; at < lines.length;) {
    const first = lines[at] ?? '';
    const kind = KINDS.find(({ begins }) => begins.test(first));
    let end = at + 1;
    while (end < lines.length && kind?.goesOn(lines[end] ?? '', first) === true) end += 1;
    drawn.push(kind?.draw(lines.slice(at, end)) ?? '');
    // the line that closes a fence belongs to it
    at = first.startsWith('```') ? end + 1 : end;
  }
  return drawn;
};

/** Folds that somebody else's text opens or closes do not reach beyond it. */
const balanced = (drawn: readonly string[]): string => {
  let open = 0;
  const kept = drawn.filter((block) => {
    if (block.startsWith('<details>')) open += 1;
    if (block !== '</details>') return true;
    if (open === 0) return false;
    open -= 1;
    return true;
  });
  return [...kept, ...Array.from({ length: open }, () => '</details>')].join('\n');
};

/**
 * The Markdown of our own reports (see `src/report/markdown.ts`) as markup: headings, tables, lists, folds, fences, bold,
 * code, links to http(s). Everything else is text.
 */
export const markdown = (text: string): Html => ({ markup: balanced(blocks(text)) });
