import { RehearsalError } from '../errors.ts';

/** Booleans as the toolkit reads them: YAML 1.2's core schema. */
export const flag = (inputs: Readonly<Record<string, string>>, name: string): boolean => {
  const text = inputs[name] ?? '';
  if (['true', 'True', 'TRUE'].includes(text)) return true;
  if (['false', 'False', 'FALSE'].includes(text)) return false;
  throw new Error(`Input does not meet YAML 1.2 "Core Schema" specification: ${name}`);
};

/** An input the action has and the shim carries out for one value only. */
export const only = (inputs: Readonly<Record<string, string>>, name: string, allowed: readonly string[]): void => {
  const text = inputs[name] ?? '';
  if (!allowed.includes(text)) throw new RehearsalError(`the engine does not know ${name}: ${text}`);
};

export const whole = (inputs: Readonly<Record<string, string>>, name: string): number => {
  const number = Number(inputs[name]);
  if (!Number.isInteger(number) || number < 0)
    throw new Error(`${name}: '${inputs[name] ?? ''}' is not a whole number`);
  return number;
};
