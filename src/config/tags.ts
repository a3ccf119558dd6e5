/** `{version}` once, no other brace. */
export const TAG = /^[^{}]*\{version\}[^{}]*$/;

/** What no git ref may hold (git-check-ref-format, rules 3 to 9). */
const FORBIDDEN = /[\p{Cc} ~^:?*[\\]|\.\.|@\{|\/\/|\/$|^\/|\.$/u;
const LONGEST = 200;

const badPart = (part: string): boolean => part.startsWith('.') || part.endsWith('.lock');

/** Why git would not take the tag; undefined when it would. */
export const tagProblem = (text: string): string | undefined => {
  if (!TAG.test(text)) return 'must hold {version} once and no other braces';
  const sample = text.replace('{version}', '1.2.3');
  const valid = !FORBIDDEN.test(sample) && !sample.startsWith('-') && !sample.split('/').some(badPart);
  return valid && text.length <= LONGEST ? undefined : 'is not a name git allows for a tag';
};
