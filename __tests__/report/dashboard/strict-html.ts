/** An element of a page. */
export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly (Element | string)[];
}

const VOID = new Set(['meta', 'link', 'rect', 'path', 'circle']);
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };

const TAG = /<(?<close>\/?)(?<name>[a-z][a-z0-9]*)(?<attributes>(?:\s+[a-zA-Z-]+="[^"<>]*")*)\s*\/?>/y;
const TEXT = /[^<>]+/y;
const STYLE = /<style>(?<text>[^<]*)<\/style>/y;

const decoded = (text: string): string =>
  text.replaceAll(/&([^;]*);?/g, (whole, name: string) => {
    const sign = ENTITIES[name];
    if (sign === undefined) throw new Error(`an ampersand that is no entity of ours: ${whole.slice(0, 20)}`);
    return sign;
  });

const attributesOf = (text: string): Record<string, string> =>
  Object.fromEntries(
    [...text.matchAll(/([a-zA-Z-]+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, decoded(value)])
  );

type Growing = { name: string; attributes: Record<string, string>; children: (Element | string)[] };

/**
 * Reads the narrow HTML that our pages are written in: every attribute quoted, every element closed, five entities. Throws
 * for everything else, so whatever breaks out of its place shows.
 */
export const readStrictly = (page: string): Element => {
  const start = '<!doctype html>\n';
  if (!page.startsWith(start)) throw new Error('no doctype');
  const root: Growing = { name: '', attributes: {}, children: [] };
  const open: Growing[] = [root];
  let at = start.length;
  const next = (form: RegExp): RegExpExecArray | null => {
    form.lastIndex = at;
    const found = form.exec(page);
    if (found !== null) at = form.lastIndex;
    return found;
  };
  while (at < page.length) {
    const here = open.at(-1) ?? root;
    const style = next(STYLE);
    if (style !== null) {
      here.children.push({ name: 'style', attributes: {}, children: [style.groups?.['text'] ?? ''] });
      continue;
    }
    const text = next(TEXT);
    if (text !== null) {
      here.children.push(decoded(text[0]));
      continue;
    }
    const tag = next(TAG);
    if (tag?.groups === undefined) throw new Error(`not ours: ${page.slice(at, at + 80)}`);
    const { close, name = '', attributes = '' } = tag.groups;
    if (close === '/') {
      if (here.name !== name) throw new Error(`</${name}> closes <${here.name}>`);
      open.pop();
      continue;
    }
    const element: Growing = { name, attributes: attributesOf(attributes), children: [] };
    here.children.push(element);
    if (!VOID.has(name)) open.push(element);
  }
  const [html] = root.children;
  if (open.length !== 1 || typeof html !== 'object') throw new Error('something is not closed');
  return html;
};

/** Every element, depth first. */
export const elementsOf = (element: Element): Element[] => [
  element,
  ...element.children.flatMap((child) => (typeof child === 'string' ? [] : elementsOf(child)))
];

export const textOf = (element: Element): string =>
  element.children.map((child) => (typeof child === 'string' ? child : textOf(child))).join('');
