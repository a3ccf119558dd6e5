import type { TemplateParseResult } from '@actions/workflow-parser';
import { RehearsalError } from './errors.ts';
import { actionParser, convertToIfCondition, workflowParser } from './github-packages.ts';
import type { TemplateToken } from './github-packages.ts';

export type Scalar = string | number | boolean | null;

/** A file as GitHub's parser read it; text with `${{ }}` in it has become one expression. */
export type Tree =
  | { readonly kind: 'literal'; readonly value: Scalar }
  | { readonly kind: 'expression'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly Tree[] }
  | { readonly kind: 'map'; readonly entries: ReadonlyMap<string, Tree> };

type Context = TemplateParseResult['context'];

const scalarOf = (token: TemplateToken): Scalar | undefined => {
  if (workflowParser.isString(token) || workflowParser.isBoolean(token) || workflowParser.isNumber(token)) {
    return token.value;
  }
  return token.isLiteral ? null : undefined;
};

/** `if:` is an expression with or without `${{ }}`, and without a status function it means `success() && (...)`. */
const isCondition = (token: TemplateToken): boolean => ['job-if', 'step-if'].includes(token.definition?.key ?? '');

const conditionOf = (context: Context, token: TemplateToken): Tree => ({
  kind: 'expression',
  text: convertToIfCondition(context, token)?.expression ?? 'false'
});

const treeOf = (context: Context, token: TemplateToken): Tree => {
  if (token.isScalar && isCondition(token)) return conditionOf(context, token);
  if (workflowParser.isBasicExpression(token)) return { kind: 'expression', text: token.expression };
  if (workflowParser.isSequence(token)) {
    return { kind: 'list', items: Array.from({ length: token.count }, (_, at) => treeOf(context, token.get(at))) };
  }
  if (workflowParser.isMapping(token)) {
    const pairs = [...token].map(({ key, value }): [string, Tree] => {
      if (!workflowParser.isString(key)) throw new RehearsalError(`a computed key is not known: ${key.toString()}`);
      return [key.value, treeOf(context, value)];
    });
    return { kind: 'map', entries: new Map(pairs) };
  }
  const value = scalarOf(token);
  if (value === undefined) throw new RehearsalError(`not known: ${token.typeName()} at line ${token.line ?? 0}`);
  return { kind: 'literal', value };
};

const check = (name: string, context: Context): void => {
  const found = context.errors.getErrors().map(({ message }) => message);
  if (found.length > 0) throw new RehearsalError(`${name} is refused by GitHub's parser:\n${found.join('\n')}`);
};

const finish = (name: string, { context, value }: TemplateParseResult): Tree => {
  check(name, context);
  if (value === undefined) throw new RehearsalError(`${name} is empty`);
  const tree = treeOf(context, value);
  check(name, context);
  return tree;
};

/** Reads a workflow; everything GitHub's parser and its checks of the whole file refuse is thrown. */
export const readWorkflowTree = async (name: string, content: string): Promise<Tree> => {
  const parsed = workflowParser.parseWorkflow({ name, content }, new workflowParser.NoOperationTraceWriter());
  check(name, parsed.context);
  if (parsed.value !== undefined) {
    await workflowParser.convertWorkflowTemplate(parsed.context, parsed.value);
    check(name, parsed.context);
  }
  return finish(name, parsed);
};

export const readActionTree = (name: string, content: string): Tree =>
  finish(name, actionParser.parseAction({ name, content }, new workflowParser.NoOperationTraceWriter()));
