/** Room for a sentence; the head of anything longer says enough. */
const LONGEST = 400;

/** Separators of lines, then everything without a shape of its own: controls, bidi marks, private use. Emoji keep their joiner. */
const LINE_BREAKS = /[\p{Zl}\p{Zp}\t\n\v\f\r\u{85}]/gu;
const SHAPELESS = /(?!\u{200d})[\p{Cc}\p{Cf}\p{Co}]/gu;
/** Piles of accents reach into the lines above. */
const PILES = /(\p{M}{3})\p{M}+/gu;

/** At most `max` UTF-16 units, the last one `…` when something is missing; never half a character. */
export const cutTo = (text: string, max: number): string => {
  if (text.length <= max) return text;
  const head = text.slice(0, Math.max(0, max - 1)).replace(/[\uD800-\uDBFF]$/, '');
  return `${head.trimEnd()}…`;
};

const shaped = (text: string): string =>
  text
    .toWellFormed()
    .replaceAll(SHAPELESS, '')
    .replaceAll(PILES, '$1')
    .replaceAll(/\p{Zs}+/gu, ' ');

/** Untrusted text as one visible line of at most `max` UTF-16 units. Time grows with `max`, not with the text. */
export const oneLine = (text: string, max = LONGEST): string => {
  const head = text.slice(0, max * 4);
  const line = shaped(head.replaceAll(LINE_BREAKS, ' ')).trim();
  return cutTo(head.length < text.length ? `${line} …` : line, max);
};

/** The same for text whose lines matter: lines to copy into a file. */
export const someLines = (text: string): string =>
  text
    .slice(0, LONGEST * 10)
    .split(/\r?\n/)
    .map((line) => line.toWellFormed().replaceAll(SHAPELESS, '').trimEnd())
    .join('\n');
