/** What GitHub would bring to life, told from the rendered text: entities are decoded before its filters look. */

const decoded = (markdown: string): string =>
  markdown.replaceAll(/&#(\d+);|&amp;/g, (_, number: string | undefined) =>
    number === undefined ? '&' : String.fromCodePoint(Number(number))
  );

const FILTERS: readonly (readonly [name: string, pattern: RegExp])[] = [
  ['mention', /@[\w-]/],
  ['reference', /#\d/],
  ['reference', /gh-\d/i],
  ['address', /:\/\//],
  ['address', /www\./i],
  ['commit', /(?<![\p{L}\p{N}])[0-9a-f]{7,}(?![\p{L}\p{N}])/iu],
  ['mathematics', /\$/],
  ['shapeless', /(?![\u{200B}\u{200D}])[\p{Cc}\p{Cf}]/u]
];

const SYNTAX: readonly (readonly [name: string, pattern: RegExp])[] = [
  ['sign', /[<>\\`*~|[\]$]/],
  ['underscore', /(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/u],
  ['entity', /&(?!#\d{1,7};)/],
  ['line', /[\n\r\u2028\u2029]/],
  ['block', /^([-+=:>#](?!&#8203;)|\d{1,9}[.)](\s|$)|\s)/]
];

const found = (text: string, checks: typeof FILTERS): string[] =>
  checks.filter(([, pattern]) => pattern.test(text)).map(([name]) => name);

/** Everything alive in a piece that should be inert; empty = none. */
export const aliveIn = (piece: string): string[] => {
  const source = piece.replaceAll('<span>$</span>', '\u{ff04}');
  return [...found(source, SYNTAX), ...found(decoded(source), FILTERS)];
};

/** What a reader sees of an inert piece. */
export const readOf = (piece: string): string =>
  decoded(piece.replaceAll('<span>$</span>', '$')).replaceAll('\u{200B}', '');

/**
 * The same for a whole document: what we wrote ourselves (links to `trusted` addresses, code, tables, folds, bold) is
 * taken away first; nothing of what is left may live.
 */
export const aliveInDocument = (markdown: string, trusted: readonly string[]): string[] => {
  const uncoded = markdown.replaceAll(/^(`{3,})\n[\s\S]*?\n\1$/gm, '').replaceAll(/`[^`\n]+`/g, 'code');
  const untrustedLinks = [...uncoded.matchAll(/\]\(([^)\s]*)\)/g)]
    .map((match) => match[1] ?? '')
    .filter((url) => !trusted.some((start) => url.startsWith(start)));
  const bare = uncoded
    .replaceAll(/\[#(\d+)\]\([^)\s]*\)/g, 'pull')
    .replaceAll(/\[([^[\]]*)\]\([^)\s]*\)/g, '$1')
    .replaceAll(/<\/?details>|<\/?summary>/g, '')
    .replaceAll('**', '');
  const lines = bare.split('\n').flatMap((line) => line.replace(/^(#{2,3} |- |\| )/, '').split(' | '));
  const alive = lines.flatMap((line) => aliveIn(line.replace(/ \|$/, '').replace(/^-+$/, '').trim()));
  return [...alive, ...untrustedLinks.map((url) => `link ${url}`)];
};

/** Every line of every table has as many cells as its head. */
export const tablesHold = (markdown: string): boolean =>
  markdown
    .split(/\n\n/)
    .filter((block) => block.startsWith('| '))
    .every((block) => {
      const widths = block.split('\n').map((line) => line.split(/(?<!\\)\|/).length);
      return widths.every((width) => width === widths[0]);
    });
