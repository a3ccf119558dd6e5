import { readFile } from 'node:fs/promises';
import { buildSchema, execute, getOperationAST, GraphQLError, OperationTypeNode, parse, validate } from 'graphql';
import type { DocumentNode, GraphQLFieldResolver, GraphQLFormattedError, GraphQLSchema } from 'graphql';
import { fileURLToPath } from 'node:url';
import { isObject } from '../fields.ts';
import { changesOf } from './ref-updates.ts';
import { rootOf } from './repository.ts';
import type { GraphScope } from './scope.ts';

/** GitHub's own schema, read when the first query comes. */
export const loadSchema = async (): Promise<GraphQLSchema> => {
  const file = new URL('schema.graphql', import.meta.resolve('@octokit/graphql-schema'));
  return buildSchema(await readFile(fileURLToPath(file), 'utf8'), { assumeValid: true, noLocation: true });
};

export interface GraphRequest {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly operationName?: string;
}

export const graphRequest = (body: unknown): GraphRequest | undefined => {
  if (!isObject(body) || typeof body['query'] !== 'string') return undefined;
  const { query, variables, operationName } = body;
  return {
    query,
    variables: isObject(variables) ? variables : {},
    ...(typeof operationName === 'string' ? { operationName } : {})
  };
};

export interface GraphResult {
  readonly data?: unknown;
  readonly errors?: readonly Readonly<Record<string, unknown>>[];
}

/** GitHub puts the kind of an error beside its message, not below `extensions`. */
const formatted = (error: GraphQLError): Readonly<Record<string, unknown>> => {
  const { message, path, locations }: GraphQLFormattedError = error.toJSON();
  const type: unknown = error.extensions['type'];
  return { ...(typeof type === 'string' ? { type } : {}), path, locations, message };
};

/** A field GitHub has and the hub does not know is an error, never a quiet null. */
const resolver =
  (missing: (field: string) => void): GraphQLFieldResolver<unknown, unknown> =>
  // oxlint-disable-next-line eslint/max-params -- the library's signature
  (source, args: unknown, context, info) => {
    const value: unknown = isObject(source) ? source[info.fieldName] : undefined;
    if (value === undefined) {
      const field = `${info.parentType.name}.${info.fieldName}`;
      missing(field);
      throw new GraphQLError(`not emulated: ${field}`);
    }
    return typeof value === 'function' ? (Reflect.apply(value, source, [args, context, info]) as unknown) : value;
  };

type Parsed = DocumentNode | readonly GraphQLError[];

const read = (schema: GraphQLSchema, query: string): Parsed => {
  try {
    const document = parse(query);
    const errors = validate(schema, document);
    return errors.length > 0 ? errors : document;
  } catch (error) {
    if (error instanceof GraphQLError) return [error];
    throw error;
  }
};

/** What was found of each text: a schema does not change, so the same text is read and validated once. */
const known = new WeakMap<GraphQLSchema, Map<string, Parsed>>();

const parsed = (schema: GraphQLSchema, query: string): Parsed => {
  const texts = known.get(schema) ?? new Map<string, Parsed>();
  known.set(schema, texts);
  const found = texts.get(query) ?? read(schema, query);
  texts.set(query, found);
  return found;
};

export interface GraphRun {
  readonly schema: GraphQLSchema;
  readonly scope: GraphScope;
  readonly request: GraphRequest;
  readonly report: (problem: string) => void;
}

export const executeGraph = async ({ schema, scope, request, report }: GraphRun): Promise<GraphResult> => {
  const document = parsed(schema, request.query);
  if (!('kind' in document)) return { errors: document.map(formatted) };
  const changes = getOperationAST(document, request.operationName)?.operation === OperationTypeNode.MUTATION;
  const { data, errors } = await execute({
    schema,
    document,
    rootValue: changes ? changesOf(scope) : rootOf(scope),
    variableValues: request.variables,
    operationName: request.operationName,
    fieldResolver: resolver((field) => report(`GraphQL: ${field} is not emulated`))
  });
  return {
    ...(data === undefined ? {} : { data }),
    ...(errors === undefined ? {} : { errors: errors.map(formatted) })
  };
};
