import { registerHooks } from 'node:module';
import type { Expr as ParsedExpression } from '@actions/expressions';
import type { TemplateToken } from '@actions/workflow-parser/templates/tokens/template-token';
import { messageOf } from './errors.ts';

/**
 * GitHub's own parser and evaluator. Their modules import JSON without an attribute, which Node refuses; the hook adds
 * it. Jest loads such modules by itself and refuses hooks; anywhere else the import below would say what is wrong.
 */
const addJsonAttribute = (): void => {
  try {
    registerHooks({
      load: (url, context, next) =>
        next(url, url.endsWith('.json') ? { ...context, importAttributes: { type: 'json' } } : context)
    });
  } catch (error) {
    if (!messageOf(error).includes('Jest')) throw error;
  }
};
addJsonAttribute();

export const workflowParser = await import('@actions/workflow-parser');
export const actionParser = await import('@actions/workflow-parser/actions/action-parser');
export const { convertToIfCondition } = await import('@actions/workflow-parser/model/converter/if-condition');
export const expressions = await import('@actions/expressions');
export const syntax = await import('@actions/expressions/ast');
export const { truthy } = await import('@actions/expressions/result');
export type { ParsedExpression, TemplateToken };
