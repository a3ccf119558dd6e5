import { nearest } from '../rules/nearest.ts';

/** Printable ASCII: other hosts are written in their `xn--` form, where look-alikes show. */
export const ADDRESS = /^https?:\/\/[!-~]{1,2040}$/;

const PLACEHOLDERS = ['environment', 'version'];

const unknownPlaceholder = (text: string): string | undefined =>
  [...text.matchAll(/\{([^{}]*)\}/g)].map(([, name = '']) => name).find((name) => !PLACEHOLDERS.includes(name));

const filled = (text: string): string => text.replaceAll('{environment}', 'staging').replaceAll('{version}', '1.2.3');

/** Why it cannot be opened once its placeholders are filled in; undefined when it can. */
export const addressProblem = (text: string): string | undefined => {
  if (!ADDRESS.test(text)) return 'must be an address that starts with https:// or http://';
  const unknown = unknownPlaceholder(text);
  if (unknown !== undefined)
    return `holds the unknown placeholder {${unknown}}; use {${nearest(unknown, PLACEHOLDERS).join('}, {')}}`;
  const url = URL.parse(filled(text));
  if (url === null || /[{}]/.test(filled(text))) return 'is no address';
  return url.username + url.password === '' ? undefined : 'must not hold a user or password';
};
