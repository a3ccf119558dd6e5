import type { Tree } from './document.ts';
import { RehearsalError, TemplateError, messageOf } from './errors.ts';
import { expressions, syntax, truthy } from './github-packages.ts';
import type { ParsedExpression } from './github-packages.ts';

export type Value = null | boolean | number | string | readonly Value[] | { readonly [key: string]: Value };
export type Values = Readonly<Record<string, Value>>;

export interface Scope {
  readonly contexts: Values;
  readonly functions: Readonly<Record<string, (...given: readonly Value[]) => Value>>;
}

const { data } = expressions;
type Token = ReturnType<InstanceType<typeof expressions.Lexer>['lex']>['tokens'][number];
type Data = ReturnType<InstanceType<typeof expressions.Evaluator>['evaluate']>;

const toData = (value: Value): Data => {
  if (value === null) return new data.Null();
  if (typeof value === 'string') return new data.StringData(value);
  if (typeof value === 'number') return new data.NumberData(value);
  if (typeof value === 'boolean') return new data.BooleanData(value);
  if (Array.isArray(value)) return new data.Array(...value.map(toData));
  return new data.Dictionary(...Object.entries(value).map(([key, each]) => ({ key, value: toData(each) })));
};

const fromData = (found: Data): Value => {
  if (found instanceof data.StringData || found instanceof data.NumberData || found instanceof data.BooleanData) {
    return found.value;
  }
  if (found instanceof data.Array) return found.values().map(fromData);
  if (found instanceof data.Dictionary) {
    return Object.fromEntries(found.pairs().map(({ key, value }) => [key, fromData(value)]));
  }
  return null;
};

/** GitHub's own way to make text of a value. */
export const asText = (value: Value): string => toData(value).coerceString();

/** Contexts whose fields the platform fixes: one we do not offer must not quietly read as empty. */
const CLOSED = ['github', 'runner', 'job', 'strategy'];

const partsOf = (part: ParsedExpression): readonly ParsedExpression[] => {
  if (part instanceof syntax.Unary) return [part.expr];
  if (part instanceof syntax.Binary) return [part.left, part.right];
  if (part instanceof syntax.Logical || part instanceof syntax.FunctionCall) return part.args;
  if (part instanceof syntax.Grouping) return [part.group];
  return part instanceof syntax.IndexAccess ? [part.expr, part.index] : [];
};

const checkAccess = (part: ParsedExpression, contexts: Values): void => {
  if (part instanceof syntax.IndexAccess && part.expr instanceof syntax.ContextAccess) {
    const name = part.expr.name.lexeme.toLowerCase();
    const field = part.index instanceof syntax.Literal ? part.index.literal.coerceString() : undefined;
    const offered = Object.keys(contexts[name] ?? {}).map((key) => key.toLowerCase());
    if (CLOSED.includes(name) && field !== undefined && !offered.includes(field.toLowerCase())) {
      throw new RehearsalError(`the engine does not know ${name}.${field}`);
    }
  }
  for (const inner of partsOf(part)) checkAccess(inner, contexts);
};

const ANY_NUMBER = 255;

/** Version 0.3.61 turns back only the first doubled quote of a text; GitHub's runner turns back all. */
const unquoted = (token: Token): Token =>
  token.lexeme.startsWith("'") ? { ...token, value: token.lexeme.slice(1, -1).replaceAll("''", "'") } : token;

const parse = (text: string, scope: Scope): ParsedExpression => {
  const names = Object.keys(scope.functions).map((name) => ({ name, minArgs: 0, maxArgs: ANY_NUMBER }));
  const tokens = new expressions.Lexer(text).lex().tokens.map(unquoted);
  return new expressions.Parser(tokens, Object.keys(scope.contexts), names).parse();
};

const compute = (text: string, scope: Scope): Data => {
  try {
    const parsed = parse(text, scope);
    checkAccess(parsed, scope.contexts);
    const contexts = toData(scope.contexts);
    if (!(contexts instanceof data.Dictionary)) throw new RehearsalError('contexts are a dictionary');
    const functions = Object.entries(scope.functions).map(([name, call]) => {
      const carryOut = (...given: Data[]): Data => toData(call(...given.map(fromData)));
      return [name.toLowerCase(), { name, minArgs: 0, maxArgs: ANY_NUMBER, call: carryOut }] as const;
    });
    return new expressions.Evaluator(parsed, contexts, new Map(functions)).evaluate();
  } catch (error) {
    if (error instanceof RehearsalError) throw error;
    throw new TemplateError(`The expression '${text}' is not valid: ${messageOf(error)}`);
  }
};

/** Evaluates one expression, without its `${{ }}`, by GitHub's evaluator. */
export const evaluate = (text: string, scope: Scope): Value => fromData(compute(text, scope));

export const holds = (condition: string, scope: Scope): boolean => truthy(compute(condition, scope));

/** The value of a whole tree with every expression in it evaluated. */
export const resolve = (tree: Tree, scope: Scope): Value => {
  switch (tree.kind) {
    case 'literal':
      return tree.value;
    case 'expression':
      return evaluate(tree.text, scope);
    case 'list':
      return tree.items.map((item) => resolve(item, scope));
    case 'map':
      return Object.fromEntries([...tree.entries].map(([key, value]) => [key, resolve(value, scope)]));
  }
};

export const resolveText = (tree: Tree, scope: Scope): string => asText(resolve(tree, scope));

const entriesIn = (tree: Tree, scope: Scope): readonly [string, Value][] => {
  const value = resolve(tree, scope);
  if (value === null) return [];
  if (typeof value !== 'object' || Array.isArray(value)) throw new TemplateError('A mapping was expected');
  return Object.entries(value);
};

/** `env:`, `with:` and the like: every value as text. */
export const resolveTexts = (tree: Tree | undefined, scope: Scope): Record<string, string> =>
  tree === undefined ? {} : Object.fromEntries(entriesIn(tree, scope).map(([key, value]) => [key, asText(value)]));

export const resolveFlag = (tree: Tree | undefined, scope: Scope, otherwise: boolean): boolean => {
  if (tree === undefined) return otherwise;
  const value = resolve(tree, scope);
  if (typeof value !== 'boolean') throw new TemplateError(`A boolean was expected instead of '${asText(value)}'`);
  return value;
};

export const resolveNumber = (tree: Tree | undefined, scope: Scope, otherwise: number): number => {
  if (tree === undefined) return otherwise;
  const value = Number(asText(resolve(tree, scope)));
  if (Number.isNaN(value)) throw new TemplateError('A number was expected');
  return value;
};
