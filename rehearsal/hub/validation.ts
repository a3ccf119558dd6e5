import { Ajv } from 'ajv';
import type { ValidateFunction } from 'ajv';
import type { Description, Parameter, Route } from './description.ts';

export interface Validation {
  /** What GitHub's schema finds wrong with the body; empty when all is well. */
  body(route: Route, body: unknown): readonly string[];
  parameters(
    route: Route,
    place: 'path' | 'query',
    given: Readonly<Record<string, string>>
  ): { readonly values: Readonly<Record<string, unknown>>; readonly errors: readonly string[] };
  reply(route: Route, status: number, body: unknown): readonly string[];
}

const DATE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;

/** GitHub itself sends empty text where its schema promises a URI. */
const isUri = (text: string): boolean => text === '' || URL.canParse(text);

const createAjv = (): Ajv =>
  new Ajv({
    strict: false,
    allErrors: true,
    allowUnionTypes: true,
    validateFormats: true,
    formats: {
      'date-time': DATE_TIME,
      uri: isUri,
      email: true,
      binary: true,
      int64: true,
      int32: true,
      timestamp: true
    }
  });

/** Where live answers differ from the published schema. */
const RELAXED: Readonly<Record<string, (schema: Record<string, unknown>) => void>> = {
  // an upload that broke leaves an asset in the state `starter`, which the text documents and the enumeration forgets
  'release-asset': (schema) => {
    const state: unknown = Reflect.get(Object(schema['properties']), 'state');
    const states: unknown = Reflect.get(Object(state), 'enum');
    if (Array.isArray(states)) states.push('starter');
  }
};

const typed = (parameter: Parameter, text: string): unknown => {
  switch (parameter.schema['type']) {
    case 'integer':
    case 'number':
      return /^-?\d+$/.test(text) ? Number(text) : text;
    case 'boolean':
      return text === 'true' || text === 'false' ? text === 'true' : text;
    default:
      return text;
  }
};

/** Compiles the schema of an operation when it is first used: most runs need few of them. */
export const createValidation = (description: Description): Validation => {
  const compiled = new Map<unknown, ValidateFunction>();
  let ajv: Ajv | undefined;
  const start = (): Ajv => {
    const fresh = createAjv();
    const schemas: Record<string, unknown> = structuredClone(Object(description.schemas));
    for (const [name, relax] of Object.entries(RELAXED)) relax(Object(schemas[name]));
    fresh.addSchema({ $id: 'github', components: { schemas } });
    return fresh;
  };
  const check = (schema: unknown, value: unknown): readonly string[] => {
    ajv ??= start();
    let validate = compiled.get(schema);
    if (validate === undefined) {
      const text = JSON.stringify(schema).replaceAll('"#/components/', '"github#/components/');
      validate = ajv.compile(Object(JSON.parse(text)));
      compiled.set(schema, validate);
    }
    if (validate(value) === true) return [];
    return (validate.errors ?? []).map((error) => `${error.instancePath || '/'} ${error.message ?? error.keyword}`);
  };
  return {
    body: (route, body) => {
      if (route.body === undefined || (body === undefined && !route.body.required)) return [];
      return body === undefined ? ['a JSON body is required'] : check(route.body.schema, body);
    },
    parameters: (route, place, given) => {
      const known = route.parameters.filter((parameter) => parameter.in === place);
      const present = known.filter((parameter) => given[parameter.name] !== undefined);
      const values = Object.fromEntries(present.map((each) => [each.name, typed(each, given[each.name] ?? '')]));
      const missing = known.filter((each) => each.required && given[each.name] === undefined);
      const errors = present.flatMap((each) =>
        check(each.schema, values[each.name]).map((error) => `${each.name}: ${error}`)
      );
      return { values, errors: [...missing.map((each) => `${each.name} is required`), ...errors] };
    },
    reply: (route, status, body) => {
      const schema = route.replies.get(status);
      if (!route.replies.has(status)) {
        // refusals that hold for every call are not listed with each of them
        return [401, 403, 404, 409, 411, 422].includes(status) ? [] : [`status ${status} is not documented`];
      }
      if (schema === undefined) return [];
      return check(schema, body);
    }
  };
};
