/** `major.minor.patch` without leading zeros; calendar versions (`YYYY.M.MICRO`) have the same form. */
export type Version = string & { readonly __version: unique symbol };

const FORM = /^(0|[1-9]\d{0,14})\.(0|[1-9]\d{0,14})\.(0|[1-9]\d{0,14})$/;

export type Numbers = readonly [number, number, number];

const isVersion = (text: string): text is Version => FORM.test(text);

/** The version the text is, to the letter; nothing is trimmed or guessed. */
export const parseVersion = (text: string): Version | undefined => (isVersion(text) ? text : undefined);

export const numbersOf = (version: Version): Numbers => {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number);
  return [major, minor, patch];
};

/** Throws a RangeError for numbers no version can hold (negative, fractional, beyond 15 digits). */
export const versionOf = (numbers: Numbers): Version => {
  const text = numbers.join('.');
  if (!isVersion(text)) throw new RangeError(`not a version: ${text}`);
  return text;
};

/** Negative when `a` is older, 0 when equal, positive when newer. */
export const compareVersions = (a: Version, b: Version): number => {
  const [left, right] = [numbersOf(a), numbersOf(b)];
  return left[0] - right[0] || left[1] - right[1] || left[2] - right[2];
};

export type Scheme = 'semver' | 'calver';

/** How tags carry versions: the text around `{version}` in `version.tag`. */
export interface TagForm {
  readonly prefix: string;
  readonly suffix: string;
}

export const tagForm = (pattern: string): TagForm => {
  const [prefix = '', suffix = ''] = pattern.split('{version}');
  return { prefix, suffix };
};

export const tagOf = (form: TagForm, version: Version): string => form.prefix + version + form.suffix;

export const versionInTag = (form: TagForm, tag: string): Version | undefined =>
  tag.startsWith(form.prefix) && tag.endsWith(form.suffix)
    ? parseVersion(tag.slice(form.prefix.length, tag.length - form.suffix.length))
    : undefined;
