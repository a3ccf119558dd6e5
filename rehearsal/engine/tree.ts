import type { Scalar, Tree } from './document.ts';
import { RehearsalError } from './errors.ts';

export type Fields = ReadonlyMap<string, Tree>;

export const NO_FIELDS: Fields = new Map();

export const fieldsOf = (tree: Tree | undefined, where: string): Fields => {
  if (tree === undefined || (tree.kind === 'literal' && tree.value === null)) return NO_FIELDS;
  if (tree.kind !== 'map') throw new RehearsalError(`${where}: only a mapping is known here`);
  return tree.entries;
};

/** The fields of a mapping; one the engine does not carry out is an error, never skipped. */
export const knownFields = (tree: Tree | undefined, where: string, known: readonly string[]): Fields => {
  const fields = fieldsOf(tree, where);
  const unknown = [...fields.keys()].filter((key) => !known.includes(key));
  if (unknown.length > 0) throw new RehearsalError(`${where}: the engine does not know "${unknown.join('", "')}"`);
  return fields;
};

export const itemsOf = (tree: Tree | undefined, where: string): readonly Tree[] => {
  if (tree === undefined) return [];
  if (tree.kind === 'list') return tree.items;
  if (tree.kind === 'literal') return [tree];
  throw new RehearsalError(`${where}: only a list or a single value is known here`);
};

export const scalarAt = (tree: Tree | undefined, where: string): Scalar | undefined => {
  if (tree === undefined) return undefined;
  if (tree.kind !== 'literal') throw new RehearsalError(`${where}: only a plain value is known here`);
  return tree.value;
};

export const textAt = (tree: Tree | undefined, where: string): string | undefined => {
  const value = scalarAt(tree, where);
  return value === undefined || value === null ? undefined : String(value);
};

export const textsAt = (tree: Tree | undefined, where: string): readonly string[] =>
  itemsOf(tree, where).map((item) => textAt(item, where) ?? '');
