import { readFileSync } from 'node:fs';
import { isObject } from './fields.ts';

/** GitHub's description of its own API, as far as the hub serves it. */
export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly schema: Readonly<Record<string, unknown>>;
  /** Takes slashes too: names of refs and tags. */
  readonly manySegments: boolean;
}

export interface Route {
  readonly operation: string;
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly Parameter[];
  readonly body?: { readonly schema: unknown; readonly required: boolean };
  /** The schema of each documented answer; `undefined` where GitHub documents no body. */
  readonly replies: ReadonlyMap<number, unknown>;
}

export interface Description {
  readonly routes: readonly Route[];
  readonly schemas: unknown;
}

const object = (value: unknown): Readonly<Record<string, unknown>> => (isObject(value) ? value : {});

const jsonSchema = (holder: unknown): unknown =>
  object(object(object(holder)['content'])['application/json'])['schema'];

const parameterOf = (value: unknown): Parameter => {
  const parameter = object(value);
  const place = parameter['in'];
  return {
    name: String(parameter['name']),
    in: place === 'path' || place === 'query' ? place : 'header',
    required: parameter['required'] === true,
    schema: object(parameter['schema']),
    manySegments: parameter['x-multi-segment'] === true
  };
};

const routeOf = (path: string, method: string, value: unknown): Route => {
  const entry = object(value);
  const parameters = Array.isArray(entry['parameters']) ? entry['parameters'] : [];
  const schema = jsonSchema(entry['requestBody']);
  return {
    operation: String(entry['operationId']),
    method: method.toUpperCase(),
    path,
    parameters: parameters.map(parameterOf),
    ...(schema === undefined ? {} : { body: { schema, required: object(entry['requestBody'])['required'] === true } }),
    replies: new Map(
      Object.entries(object(entry['responses'])).map(([status, reply]) => [Number(status), jsonSchema(reply)])
    )
  };
};

export const readDescription = (): Description => {
  const file: unknown = JSON.parse(readFileSync(new URL('github/openapi.json', import.meta.url), 'utf8'));
  const { paths, components } = object(file);
  const routes = Object.entries(object(paths)).flatMap(([path, item]) =>
    Object.entries(object(item)).map(([method, entry]) => routeOf(path, method, entry))
  );
  return { routes, schemas: object(components)['schemas'] };
};
