/**
 * Whether GitHub's pattern (`File.fnmatch` with `FNM_PATHNAME`) takes the whole text: `*` and `?` stop at slashes, `**`
 * does not. Steps are bounded by the product of both lengths, whatever the pattern.
 */
export const matchesPattern = (pattern: string, text: string): boolean => {
  const tokens = pattern.match(/\*+\/?|[\s\S]/g) ?? [];
  let ends = new Set([0]);
  for (const token of tokens) ends = advanced(token, ends, text);
  return ends.has(text.length);
};

const advanced = (token: string, from: ReadonlySet<number>, text: string): Set<number> => {
  const reached = new Set<number>();
  for (const start of from) for (const end of endsOf(token, start, text)) reached.add(end);
  return reached;
};

const endsOf = (token: string, start: number, text: string): readonly number[] => {
  if (token === '**/') return [start, ...placesAfterSlash(text, start)];
  if (token.startsWith('*')) return starred(token, start, text);
  const char = text[start];
  return char !== undefined && (char === token || (token === '?' && char !== '/')) ? [start + 1] : [];
};

const placesAfterSlash = (text: string, start: number): readonly number[] =>
  text.split('').flatMap((char, index) => (index >= start && char === '/' ? [index + 1] : []));

/** `*` up to the next slash, `**` to anywhere; with a slash behind it that slash must follow. */
const starred = (token: string, start: number, text: string): readonly number[] => {
  const stars = token.replace('/', '');
  const slash = text.indexOf('/', start);
  const last = stars.length > 1 || slash < 0 ? text.length : slash;
  const ends = Array.from({ length: last - start + 1 }, (_, index) => start + index);
  return stars === token ? ends : ends.filter((end) => text[end] === '/').map((end) => end + 1);
};
