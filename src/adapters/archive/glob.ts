/**
 * Globs over paths, walked one name at a time so that only directories are read in which something can match.
 * `*`, `?`, `[a-z]`, `[!a-z]` stay within a name, `**` crosses names, `{a,b}` alternates, `\` takes the next character
 * literally, a leading `!` takes out what earlier patterns chose. Dotfiles match like other files, links are never
 * followed, and a pattern that names a directory takes everything in it. (Node's own glob leaves out dotfiles below
 * `**` and lists through links.)
 */
export interface Glob {
  /** Index of the pattern it came from; alternatives share it. */
  readonly pattern: number;
  readonly negative: boolean;
  readonly parts: readonly Part[];
}

type Part = 'any-depth' | readonly Token[];
type Token = 'star' | ((character: string) => boolean);

/** The positions in `parts` a walk may stand at; `parts.length` = all below is taken. */
export type Positions = readonly number[];

const MAX_ALTERNATIVES = 256;

/** The first `{...}` that holds a comma, as what is before, its alternatives, and what is after. */
const firstBrace = (text: string): { head: string; choices: readonly string[]; tail: string } | undefined => {
  let depth = 0;
  let start = 0;
  const cuts: number[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (character === '\\') at += 1;
    else if (character === '{' && depth++ === 0) [start, cuts.length] = [at, 0];
    else if (character === ',' && depth === 1) cuts.push(at);
    else if (character === '}' && depth > 0 && --depth === 0 && cuts.length > 0) {
      const edges = [start, ...cuts, at];
      const choices = edges.slice(1).map((edge, index) => text.slice((edges[index] ?? 0) + 1, edge));
      return { head: text.slice(0, start), choices, tail: text.slice(at + 1) };
    }
  }
  return undefined;
};

/** Alternatives beyond the cap are left as they are written. */
const withoutBraces = (text: string): readonly string[] => {
  let texts: readonly string[] = [text];
  for (;;) {
    const next = texts.flatMap((one) => {
      const brace = firstBrace(one);
      return brace === undefined ? [one] : brace.choices.map((choice) => brace.head + choice + brace.tail);
    });
    if (next.length > MAX_ALTERNATIVES || next.every((one, index) => one === texts[index])) return texts;
    texts = next;
  }
};

const classToken = (body: string): Token => {
  const negated = /^[!^]/.test(body);
  const ranges = [...(negated ? body.slice(1) : body).matchAll(/(.)-(.)|(.)/gsu)].map(([, from, to, one]) => ({
    from: from ?? one ?? '',
    to: to ?? one ?? ''
  }));
  return (character) => negated !== ranges.some(({ from, to }) => from <= character && character <= to);
};

/** Class, escape or plain characters; a `[` that nothing closes is a plain one. */
const TOKEN = /\[([!^]?\][^\]]*|[^\]]+)\]|\\(.)|(\*+)|(\?)|(.)/gsu;

const tokensOf = (part: string): readonly Token[] =>
  [...part.matchAll(TOKEN)].map(([, group, escaped, stars, one, plain]): Token => {
    if (group !== undefined) return classToken(group);
    if (stars !== undefined) return 'star';
    if (one !== undefined) return () => true;
    const literal = escaped ?? plain;
    return (character) => character === literal;
  });

const partOf = (part: string): Part => (part === '**' ? 'any-depth' : tokensOf(part));

const compileOne = (text: string, pattern: number): readonly Glob[] => {
  const negative = text.startsWith('!');
  return withoutBraces(negative ? text.slice(1) : text).map((one) => ({
    pattern,
    negative,
    parts: one
      .replace(/^(?:\.\/)+/, '')
      .replace(/\/+$/, '')
      .split('/')
      .map(partOf)
  }));
};

export const compileGlobs = (patterns: readonly string[]): readonly Glob[] => patterns.flatMap(compileOne);

/** Whether the whole name matches. On a mismatch only the last `*` takes one more character: never exponential. */
const matches = (tokens: readonly Token[], name: string): boolean => {
  const characters = Array.from(name);
  let [token, at, star, resume] = [0, 0, -1, 0];
  while (at < characters.length) {
    const wanted = tokens[token];
    if (wanted === 'star') [star, resume, token] = [token, at, token + 1];
    else if (wanted?.(characters[at] ?? '') === true) [token, at] = [token + 1, at + 1];
    else if (star === -1) return false;
    else [token, at, resume] = [star + 1, resume + 1, resume + 1];
  }
  return tokens.slice(token).every((rest) => rest === 'star');
};

/** Stands at `position` and, as `**` may also be nothing, after it; but a last `**` needs a name. */
const stand = (glob: Glob, into: Set<number>, position: number): void => {
  into.add(position);
  if (glob.parts[position] === 'any-depth' && position + 1 < glob.parts.length) stand(glob, into, position + 1);
};

export const startOf = (glob: Glob): Positions => {
  const positions = new Set<number>();
  stand(glob, positions, 0);
  return [...positions];
};

export const isWhole = (glob: Glob, positions: Positions): boolean => positions.includes(glob.parts.length);

/** Where the walk stands after going into `name`. */
export const step = (glob: Glob, positions: Positions, name: string): Positions => {
  if (positions.length === 0 || isWhole(glob, positions)) return positions;
  const next = new Set<number>();
  for (const position of positions) {
    const part = glob.parts[position];
    if (part === 'any-depth') {
      stand(glob, next, position);
      if (position + 1 === glob.parts.length) next.add(position + 1);
    } else if (part !== undefined && matches(part, name)) stand(glob, next, position + 1);
  }
  return [...next];
};
