import { RehearsalError } from './errors.ts';
import type { Filter } from './model.ts';

const escaped = (text: string): string => text.replaceAll(/[.^$(){}|\\/]/g, String.raw`\$&`);

/**
 * The patterns of `branches`, `tags` and `paths` (docs: "Filter pattern cheat sheet"): `*` stops at a slash, `**` does
 * not, `?` and `+` repeat the character before them, `[]` is a set.
 */
export const patternOf = (pattern: string): RegExp => {
  const parts = pattern.match(/\*\*\/|\*\*|\*|\[[^\]]*\]|[?+]|\\.|[^*[?+\\]+/g) ?? [];
  if (parts.join('') !== pattern) throw new RehearsalError(`the engine does not know the pattern "${pattern}"`);
  const source = parts.map((part) => {
    if (part === '**/') return '(?:.*/)?';
    if (part === '**') return '.*';
    if (part === '*') return '[^/]*';
    return /^[[?+\\]/.test(part) ? part : escaped(part);
  });
  return new RegExp(`^${source.join('')}$`);
};

/** In the order of the list, the last pattern that matches decides; `!` takes away. */
const chosen = (patterns: readonly string[], name: string): boolean => {
  let result = false;
  for (const pattern of patterns) {
    const without = pattern.startsWith('!');
    if (patternOf(without ? pattern.slice(1) : pattern).test(name)) result = !without;
  }
  return result;
};

export const passes = ({ only, ignore }: Filter, name: string): boolean => {
  if (only !== undefined) return chosen(only, name);
  return ignore === undefined || !chosen(ignore, name);
};

/** `paths`: one file that passes is enough. `paths-ignore`: one file that is not ignored. */
export const somePasses = (filter: Filter, files: readonly string[]): boolean => {
  if (filter.only === undefined && filter.ignore === undefined) return true;
  return files.some((file) => passes(filter, file));
};

export const isSet = ({ only, ignore }: Filter): boolean => only !== undefined || ignore !== undefined;
