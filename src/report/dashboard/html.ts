import { oneLine } from '../plain.ts';

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&#39;']
]);

const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (sign) => ENTITIES.get(sign) ?? '');

/** Markup. Only this file can make it, so everything else that is written into a page is text. */
class Html {
  readonly #markup: string;

  constructor(markup: string) {
    this.#markup = markup;
  }

  toString(): string {
    return this.#markup;
  }
}
export type { Html };

/** What may stand in a template; `undefined` is nothing at all. */
export type Part = Html | string | number | undefined | readonly Part[];

const written = (part: Part): string => {
  if (part === undefined) return '';
  if (part instanceof Html) return part.toString();
  if (typeof part === 'string') return escaped(oneLine(part));
  return typeof part === 'number' ? String(part) : part.map(written).join('');
};

/** Lines of the source; to a browser they are one space. */
const INDENT = /\n\s*/g;

/**
 * A piece of a page. Its own text is markup; every text put into it becomes one visible, escaped line, in content and in
 * quoted attributes alike. Addresses come from `address` alone.
 */
export const html = (fixed: TemplateStringsArray, ...values: readonly Part[]): Html =>
  new Html(fixed.map((text, index) => text.replaceAll(INDENT, ' ') + written(values[index])).join(''));

/** Style sheets and other text of ours that must stay byte for byte what it is. */
export const verbatim = (fixed: TemplateStringsArray, ours: string): Html =>
  new Html([fixed[0] ?? '', ours, fixed[1] ?? ''].join(''));

const LONGEST_ADDRESS = 2000;

/** An http(s) address without credentials; undefined for anything else. */
export const address = (url: string | null): Html | undefined => {
  const parsed = url === null ? null : URL.parse(url);
  if (parsed === null || !/^https?:$/.test(parsed.protocol)) return undefined;
  if (parsed.username !== '' || parsed.password !== '' || parsed.href.length > LONGEST_ADDRESS) return undefined;
  return new Html(escaped(parsed.href.toWellFormed()));
};

/** Without an address the content stands alone. */
export const anchor = (target: Html | undefined, content: Part): Html =>
  target === undefined ? html`${content}` : html`<a href="${target}">${content}</a>`;

/** An owner and a repository, each as long as GitHub lets them be. */
const LONGEST_NAME = 140;

/** A name that people chose, kept from turning the direction of the text around it. */
export const named = (name: string): Html => html`<bdi>${oneLine(name, LONGEST_NAME)}</bdi>`;

/** A free place in a sentence of the catalogues: private use, which no text of theirs holds. */
const SLOT = 0xe000;

/** A sentence of the catalogues around pieces of markup. */
export const filled = (sentence: (...slots: string[]) => string, ...parts: readonly Part[]): Html => {
  const text = sentence(...parts.map((_, index) => String.fromCodePoint(SLOT + index)));
  const pieces = text.split(/([\u{E000}-\u{E00F}])/u);
  return html`${pieces.map((piece, index) => (index % 2 === 1 ? parts[(piece.codePointAt(0) ?? SLOT) - SLOT] : new Html(escaped(piece))))}`;
};
