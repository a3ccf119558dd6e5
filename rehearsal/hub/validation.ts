import { Ajv } from 'ajv';
import type { ValidateFunction } from 'ajv';
import type { Description, Parameter, Route } from './description.ts';

type Given = Readonly<Record<string, string>>;

export interface Checked {
  readonly values: Readonly<Record<string, unknown>>;
  readonly errors: readonly string[];
}

export interface Validation {
  /** What GitHub's schema finds wrong with the body; empty when all is well. */
  body(route: Route, body: unknown): readonly string[];
  parameters(route: Route, place: 'path' | 'query', given: Given): Checked;
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
      date: /^\d{4}-\d\d-\d\d$/,
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

/** GitHub's schemas, ready for references from the operations. */
const prepared = ({ schemas }: Description): Ajv => {
  const ajv = createAjv();
  const copy: unknown = structuredClone(schemas);
  for (const [name, relax] of Object.entries(RELAXED)) relax(Object(Reflect.get(Object(copy), name)));
  ajv.addSchema({ $id: 'github', components: { schemas: copy } });
  return ajv;
};

type Check = (schema: unknown, value: unknown) => readonly string[];

/** Compiles a schema when it is first used: most runs need few of them. */
const createCheck = (description: Description): Check => {
  const compiled = new Map<unknown, ValidateFunction>();
  let ajv: Ajv | undefined;
  return (schema, value) => {
    ajv ??= prepared(description);
    let validate = compiled.get(schema);
    if (validate === undefined) {
      const text = JSON.stringify(schema).replaceAll('"#/components/', '"github#/components/');
      validate = ajv.compile(Object(JSON.parse(text)));
      compiled.set(schema, validate);
    }
    if (validate(value)) return [];
    return (validate.errors ?? []).map((error) => `${error.instancePath || '/'} ${error.message ?? error.keyword}`);
  };
};

const checkParameters = (check: Check, parameters: readonly Parameter[], given: Given): Checked => {
  const present = parameters.filter((parameter) => given[parameter.name] !== undefined);
  const values = Object.fromEntries(present.map((each) => [each.name, typed(each, given[each.name] ?? '')]));
  const missing = parameters.filter((each) => each.required && given[each.name] === undefined);
  const errors = present.flatMap((each) =>
    check(each.schema, values[each.name]).map((error) => `${each.name}: ${error}`)
  );
  return { values, errors: [...missing.map((each) => `${each.name} is required`), ...errors] };
};

/** Refusals that hold for every call are not listed with each of them. */
const EVERYWHERE: readonly number[] = [400, 401, 403, 404, 409, 411, 422];

export const createValidation = (description: Description): Validation => {
  const check = createCheck(description);
  return {
    body: (route, body) => {
      if (route.body === undefined || (body === undefined && !route.body.required)) return [];
      return body === undefined ? ['a JSON body is required'] : check(route.body.schema, body);
    },
    parameters: (route, place, given) => {
      const known = route.parameters.filter((parameter) => parameter.in === place);
      return checkParameters(check, known, given);
    },
    reply: (route, status, body) => {
      if (!route.replies.has(status)) return EVERYWHERE.includes(status) ? [] : [`status ${status} is not documented`];
      const schema = route.replies.get(status);
      return schema === undefined ? [] : check(schema, body);
    }
  };
};
