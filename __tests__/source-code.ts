import { globSync, readFileSync } from 'node:fs';
import { parseSync } from '@swc/core';

/** A node of the syntax tree, as far as we look at it. */
interface Node {
  readonly type: string;
  readonly span: { readonly start: number; readonly end: number };
  readonly [key: string]: unknown;
}

export interface SourceFile {
  /** Relative to the project, with forward slashes. */
  readonly path: string;
  readonly text: string;
  /** What it imports, as written. */
  readonly imports: readonly string[];
  readonly functions: readonly { readonly name: string; readonly lines: number }[];
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string' && 'span' in value;

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** Every node below, itself included, depth first. */
const nodesOf = (value: unknown): Node[] =>
  isObject(value) ? [...(isNode(value) ? [value] : []), ...Object.values(value).flatMap(nodesOf)] : [];

const textOf = (value: unknown): string | undefined =>
  isObject(value) && 'value' in value && typeof value.value === 'string' ? value.value : undefined;

const IMPORTS = new Set(['ImportDeclaration', 'ExportNamedDeclaration', 'ExportAllDeclaration']);

const importIn = (node: Node): string | undefined => {
  if (IMPORTS.has(node.type)) return textOf(node['source']);
  const { callee, arguments: given } = node;
  if (node.type !== 'CallExpression' || !isNode(callee) || callee.type !== 'Import' || !Array.isArray(given))
    return undefined;
  const first: unknown = given[0];
  return isObject(first) && 'expression' in first ? textOf(first.expression) : undefined;
};

/** The node that holds the body, and the name people know it by; only named functions and methods count. */
const functionIn = (node: Node): { readonly name: string; readonly body: Node } | undefined => {
  const named = node['identifier'] ?? node['id'] ?? node['key'];
  const name = textOf(named);
  if (name === undefined) return undefined;
  if (['FunctionDeclaration', 'ClassMethod', 'MethodProperty'].includes(node.type)) return { name, body: node };
  const value = node['init'] ?? node['value'];
  const isFunction = isNode(value) && ['ArrowFunctionExpression', 'FunctionExpression'].includes(value.type);
  return isFunction ? { name, body: value } : undefined;
};

/** Comments do not make a function long. */
const codeLines = (text: string): number => text.split('\n').filter((line) => !/^\s*(\/\/|\/?\*)/.test(line)).length;

const readSource = (path: string): SourceFile => {
  const text = readFileSync(path, 'utf8');
  // The parser counts positions on from file to file; an empty statement in front marks where this one begins.
  const tree = parseSync(`;${text}`, { syntax: 'typescript', target: 'es2024' });
  const bytes = Buffer.from(`;${text}`);
  const linesIn = ({ span }: Node): number =>
    codeLines(bytes.subarray(span.start - tree.span.start, span.end - tree.span.start).toString());
  const nodes = nodesOf(tree.body);
  return {
    path: path.replaceAll('\\', '/'),
    text,
    imports: nodes.map(importIn).filter((each) => each !== undefined),
    functions: nodes
      .map(functionIn)
      .filter((each) => each !== undefined)
      .map(({ name, body }) => ({ name, lines: linesIn(body) }))
  };
};

/** All TypeScript files that match, in order of their paths. */
export const readSources = (...patterns: string[]): SourceFile[] =>
  globSync(patterns)
    .filter((path) => path.endsWith('.ts'))
    .toSorted()
    .map(readSource);
