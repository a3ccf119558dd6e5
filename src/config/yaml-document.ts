import { LineCounter, isAlias, isMap, isPair, isScalar, isSeq, parseDocument, visit } from 'yaml';
import type { Document, Pair } from 'yaml';
import { refuse } from '../domain/refusal.ts';
import type { Refusal } from '../domain/refusal.ts';
import { RESERVED } from './fields.ts';

export const LARGEST_BYTES = 64 * 1024;
export const TOO_LARGE = `is larger than ${LARGEST_BYTES} bytes`;
/** Enough to share a list between environments, far too few for a bomb. */
const MOST_ALIASES = 100;

/** A YAML file as a value whose parts can be found again in the text. */
export interface YamlDocument {
  readonly value: unknown;
  /** Where the path leads, as far as it exists. */
  readonly find: (path: readonly (string | number)[]) => Place;
  /** The error at a place of the text. */
  readonly wrong: (offset: number, problem: string) => Refusal;
}

export interface Place {
  /** Of the key, or of the nearest one above for what has none. */
  readonly key: number;
  readonly value: number;
  /** As it stands in the file, when it is one value without quotes and no text. */
  readonly unquoted?: string;
}

interface Problem {
  readonly offset: number;
  readonly problem: string;
}

const startOf = (node: unknown): number | undefined =>
  typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range)
    ? Number(node.range[0])
    : undefined;

const keyProblem = ({ key }: Pair): string | undefined => {
  if (!isScalar(key)) return 'a key must be plain text';
  if (typeof key.value !== 'string') return `a key must be text; quote it: '${key.source ?? ''}'`;
  if (key.value === '<<') return 'merge keys (`<<`) are not part of YAML 1.2; repeat the lines or use an alias';
  return RESERVED.includes(key.value) ? `\`${key.value}\` cannot be a key` : undefined;
};

const hasTag = (node: unknown): boolean =>
  typeof node === 'object' && node !== null && 'tag' in node && node.tag !== undefined;

/** Escapes can write half of a surrogate pair, which no address, file or process takes. */
const isBroken = (node: unknown): boolean =>
  isScalar(node) && typeof node.value === 'string' && !node.value.isWellFormed();

/** What YAML allows and this file does not: it must read the same for people, editors and us. */
const unwanted = (document: Document): Problem | undefined => {
  let found: Problem | undefined;
  let aliases = 0;
  const problemOf = (node: unknown): string | undefined => {
    if (isPair(node)) return keyProblem(node);
    if (isAlias(node) && ++aliases > MOST_ALIASES) return `is one of more than ${MOST_ALIASES} aliases`;
    if (isAlias(node) && node.resolve(document) === undefined) return `there is no anchor \`&${node.source}\` above`;
    if (isBroken(node)) return 'holds half a character; write the character itself';
    return hasTag(node) ? 'tags (`!`) are not supported' : undefined;
  };
  visit(document, (_, node) => {
    const problem = problemOf(node);
    if (problem === undefined) return undefined;
    found = { offset: startOf(isPair(node) ? node.key : node) ?? 0, problem };
    return visit.BREAK;
  });
  return found;
};

const sentence = (message: string): string =>
  message.includes('call stack') ? 'is nested too deeply' : message.charAt(0).toLowerCase() + message.slice(1);

const firstProblem = (document: Document): Problem | undefined => {
  const [first] = [...document.errors, ...document.warnings];
  if (first?.code === 'MULTIPLE_DOCS') return { offset: first.pos[0], problem: 'there must be one document' };
  if (first !== undefined) return { offset: first.pos[0], problem: sentence(first.message) };
  if (document.directives?.yaml.explicit === true) return { offset: 0, problem: 'directives (`%`) are not supported' };
  return unwanted(document);
};

const childOf = (node: unknown, step: string | number): { key?: unknown; value: unknown } | undefined => {
  if (isSeq(node)) return { value: node.items[Number(step)] };
  return isMap(node) ? node.items.find(({ key }) => isScalar(key) && key.value === step) : undefined;
};

const placeOf = (key: number, node: unknown): Place => {
  const empty = isScalar(node) && node.value === null && node.source === '';
  const value = empty ? key : (startOf(node) ?? key);
  const unquoted = isScalar(node) && typeof node.value !== 'string' && node.value !== null ? node.source : undefined;
  return unquoted === undefined || empty ? { key, value } : { key, value, unquoted };
};

const find = (document: Document, path: readonly (string | number)[]): Place => {
  let node: unknown = document.contents;
  let key = startOf(node) ?? 0;
  for (const step of path) {
    const child = childOf(isAlias(node) ? node.resolve(document) : node, step);
    if (child === undefined) return { key, value: key };
    key = startOf(child.key) ?? startOf(child.value) ?? key;
    node = child.value;
  }
  return placeOf(key, node);
};

const valueOf = (document: Document): unknown => document.toJS({ maxAliasCount: MOST_ALIASES });

const attempt = <T>(action: () => T, failed: (problem: string) => Refusal): T => {
  try {
    return action();
  } catch (error) {
    // yaml throws plain errors for unresolved or too many aliases, and the stack ends on absurd nesting
    throw failed(error instanceof Error ? sentence(error.message) : 'cannot be read');
  }
};

/** Throws `config-invalid` with line and column for whatever is not one plain YAML 1.2 document of at most 64 KB. */
export const readYaml = (text: string, file: string): YamlDocument => {
  const lines = new LineCounter();
  const wrong = (offset: number, problem: string): Refusal => {
    const { line, col } = lines.linePos(offset);
    return refuse('config-invalid', { file, line: String(line || 1), column: String(col || 1), problem });
  };
  if (Buffer.byteLength(text) > LARGEST_BYTES) throw wrong(0, TOO_LARGE);
  const fail = (problem: string): Refusal => wrong(0, problem);
  const options = { version: '1.2', schema: 'core', merge: false, prettyErrors: false } as const;
  const document = attempt(() => parseDocument(text, { ...options, lineCounter: lines }), fail);
  const problem = attempt(() => firstProblem(document), fail);
  if (problem !== undefined) throw wrong(problem.offset, problem.problem);
  const value = attempt(() => valueOf(document), fail);
  return { value, find: (path) => find(document, path), wrong };
};
