/**
 * Whether GitHub's pattern (`File.fnmatch` with `FNM_PATHNAME`) takes the whole text: `*` and `?` stop at slashes, `**`
 * does not. Steps are bounded by the product of both lengths, whatever the pattern.
 */
export const matchesPattern = (pattern: string, text: string): boolean => {
  const tokens = pattern.match(/\*+\/?|[\s\S]/g) ?? [];
  let ends: ReadonlySet<number> = new Set([0]);
  for (const token of tokens)
    ends = token.startsWith('*') ? afterStars(token, ends, text) : afterOne(token, ends, text);
  return ends.has(text.length);
};

const afterOne = (token: string, from: ReadonlySet<number>, text: string): ReadonlySet<number> => {
  const takes = (char: string | undefined): boolean =>
    char !== undefined && (char === token || (token === '?' && char !== '/'));
  return new Set([...from].filter((start) => takes(text[start])).map((start) => start + 1));
};

/** Every place stars can reach, in one walk over the text: `*` up to the next slash, `**` to anywhere. */
const reached = (stars: string, from: ReadonlySet<number>, text: string): readonly number[] => {
  const places: number[] = [];
  let open = false;
  for (let place = 0; place <= text.length; place += 1) {
    open ||= from.has(place);
    if (open) places.push(place);
    if (stars.length === 1 && text[place] === '/') open = false;
  }
  return places;
};

/** With a slash behind the stars that slash must follow; `**` and its slash may also stand for nothing. */
const afterStars = (token: string, from: ReadonlySet<number>, text: string): ReadonlySet<number> => {
  const stars = token.replace('/', '');
  const places = reached(stars, from, text);
  if (stars === token) return new Set(places);
  const behind = places.filter((place) => text[place] === '/').map((place) => place + 1);
  return new Set(token === '**/' ? [...from, ...behind] : behind);
};
