import { oneLine, someLines } from './plain.ts';

/**
 * Zero-width space. GitHub looks for mentions and references in the rendered text, where an entity for `@` or `#` is
 * that character again; only something between the sign and the name keeps them apart.
 */
const GAP = '&#8203;';

/** Signs that Markdown, HTML or GitHub's own filters give a meaning to, wherever they stand. */
const LIVE =
  /(?<![\p{L}\p{N}])[0-9a-f]{7,}(?![\p{L}\p{N}])|gh-(?=\d)|www(?=\.)|:(?=\/\/)|[@#$&<>\\`*~|[\]]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/giu;

/** Signs that only start a block: lists, headings, rules, definitions. */
const BLOCK_START = /^([-+=:]|\d{1,9}[.)](?=\s|$))/;

const entity = (sign: string): string => `&#${sign.codePointAt(0) ?? 0};`;

const quieted = (live: string): string => {
  if (live === '@' || live === '#') return live + GAP;
  // A dollar sign starts mathematics; GitHub's documented way out is a span.
  if (live === '$') return '<span>$</span>';
  if (live === ':') return live + GAP;
  // A word of seven hexadecimal digits is a link to a commit.
  if (/^[0-9a-f]{7,}$/i.test(live)) return live.replaceAll(/.{6}(?=.)/g, `$&${GAP}`);
  return live.length > 1 ? live + GAP : entity(live);
};

const startQuieted = (start: string): string => start.slice(0, -1) + entity(start.slice(-1));

/**
 * Untrusted text as one inert line for Markdown, table cells and HTML: nobody is mentioned, nothing is referenced,
 * closed, linked, embedded or laid out by it. At most `max` UTF-16 units of the text are kept.
 */
export const inert = (text: string, max?: number): string =>
  oneLine(text, max).replaceAll(LIVE, quieted).replace(BLOCK_START, startQuieted);

/** Names that a code span holds as they are: versions, tags, digests, reason codes. */
const PLAIN_CODE = /^[\w./:@+-]{1,200}$/;
const LONGEST_CODE = 200;

export const code = (text: string): string => (PLAIN_CODE.test(text) ? `\`${text}\`` : inert(text, LONGEST_CODE));

/** Lines to copy; the fence is longer than any run of backticks inside. */
export const codeBlock = (text: string): string => {
  const lines = someLines(text);
  const runs = lines.match(/`+/g) ?? [];
  const fence = '`'.repeat(Math.max(3, ...runs.map((run) => run.length + 1)));
  return `${fence}\n${lines}\n${fence}`;
};

/** `text` is Markdown already, `url` one of `links.ts`. */
export const link = (text: string, url: string | undefined): string => (url === undefined ? text : `[${text}](${url})`);

export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

/** A part that stays closed until somebody wants it; `title` is inert already. */
export const folded = (title: string, body: string): string =>
  `<details><summary>${title}</summary>\n\n${body}\n\n</details>`;
