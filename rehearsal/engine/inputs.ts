import { RehearsalError, TemplateError } from './errors.ts';
import { asText, resolve } from './expressions.ts';
import type { Scope, Value, Values } from './expressions.ts';
import type { InputDefinition } from './model.ts';

const EMPTY: Readonly<Record<InputDefinition['type'], Value>> = {
  string: '',
  number: 0,
  boolean: false,
  choice: '',
  environment: ''
};

const refuseUnknown = (definitions: readonly InputDefinition[], given: Values): void => {
  const known = definitions.map(({ name }) => name.toLowerCase());
  const unknown = Object.keys(given).filter((name) => !known.includes(name.toLowerCase()));
  if (unknown.length > 0) throw new RehearsalError(`Unexpected inputs provided: ${JSON.stringify(unknown)}`);
};

const givenAs = (given: Values, { name }: InputDefinition): Value | undefined =>
  Object.entries(given).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];

const defaultOf = ({ fallback, options, type }: InputDefinition, scope: Scope): Value => {
  if (fallback !== undefined) return resolve(fallback, scope);
  return type === 'choice' ? (options[0] ?? '') : EMPTY[type];
};

const asNumber = (name: string, text: string): number => {
  const number = Number(text);
  if (text.trim() === '' || Number.isNaN(number)) throw new TemplateError(`input ${name}: not a number: '${text}'`);
  return number;
};

/** A form sends text; `inputs` holds what the type says. */
const fromForm = (definition: InputDefinition, value: Value): Value => {
  const { name, type, options } = definition;
  const text = asText(value);
  switch (type) {
    case 'boolean':
      if (text !== 'true' && text !== 'false') throw new RehearsalError(`input ${name}: not a boolean: '${text}'`);
      return text === 'true';
    case 'number':
      return asNumber(name, text);
    case 'choice':
      if (options.includes(text)) return text;
      throw new RehearsalError(`Provided value '${text}' for input '${name}' not in the list of allowed values`);
    case 'string':
    case 'environment':
      return text;
  }
};

const MOST = 25;

/** What a person or the API hands to `workflow_dispatch`; throws where the API answers 422. */
export const dispatchInputs = (definitions: readonly InputDefinition[], given: Values, scope: Scope): Values => {
  refuseUnknown(definitions, given);
  if (definitions.length > MOST) throw new RehearsalError(`more than ${MOST} inputs`);
  const pairs = definitions.map((definition) => {
    const value = givenAs(given, definition);
    if (value === undefined && definition.required && definition.fallback === undefined) {
      throw new RehearsalError(`Required input '${definition.name}' not provided`);
    }
    return [definition.name, fromForm(definition, value ?? defaultOf(definition, scope))] as const;
  });
  return Object.fromEntries(pairs);
};

/** A caller's value must have the type the called workflow declares; numbers and booleans may stand where text is asked for. */
const checkType = ({ name, type }: InputDefinition, value: Value): Value => {
  if (type === 'string' && (value === null || typeof value !== 'object')) return asText(value);
  if (typeof value === type) return value;
  throw new TemplateError(`Unexpected value '${asText(value)}' for the input '${name}' of type ${type}`);
};

export const callInputs = (definitions: readonly InputDefinition[], given: Values, scope: Scope): Values => {
  refuseUnknown(definitions, given);
  const pairs = definitions.map((definition) => {
    const value = givenAs(given, definition);
    if (value === undefined && definition.required) {
      throw new RehearsalError(`Input ${definition.name} is required, but not provided while calling`);
    }
    return [definition.name, checkType(definition, value ?? defaultOf(definition, scope))] as const;
  });
  return Object.fromEntries(pairs);
};
