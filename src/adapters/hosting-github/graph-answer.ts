import * as v from 'valibot';
import { ok, unsure } from './reply.ts';
import type { Refused, Reply } from './reply.ts';
import { oneLine } from './text.ts';

const errorShape = v.object({
  type: v.optional(v.string()),
  message: v.optional(v.string(), ''),
  path: v.optional(v.array(v.union([v.string(), v.number()])), []),
  extensions: v.optional(v.object({ code: v.optional(v.string()) }), {})
});
type GraphError = v.InferOutput<typeof errorShape>;

const envelopeShape = v.object({ data: v.nullish(v.unknown()), errors: v.optional(v.array(errorShape), []) });

const permissionAt = (path: readonly (string | number)[]): string => {
  const field = String(path[1] ?? '');
  if (field === 'stops' || field.startsWith('issue')) return 'issues: read';
  if (field.startsWith('pull')) return 'pull-requests: read';
  return field.startsWith('env') ? 'deployments: read' : 'contents: read';
};

const refusedWith = (status: number, { message, path }: GraphError): Refused => ({
  kind: 'refused',
  status,
  message: oneLine(message),
  codes: [],
  permission: permissionAt(path),
  forbidden: status !== 422
});

/**
 * `databaseId` may fail alone where a number outgrew the field; what is asked for by number or id may not exist, and is
 * null among the others.
 */
const isBearable = ({ type, path }: GraphError): boolean =>
  path.at(-1) === 'databaseId' ||
  (type === 'NOT_FOUND' && (path[0] === 'nodes' || (path.length === 2 && /^(pull|issue)\d+$/.test(String(path[1])))));

/** GitHub answers 200 with errors inside. */
const problemIn = (errors: readonly GraphError[], bearable = isBearable): Reply<never> | undefined => {
  const [first, ...others] = errors.filter((error) => !bearable(error));
  if (first === undefined) return undefined;
  const all = [first, ...others];
  if (all.some(({ type }) => type === 'RATE_LIMITED')) return { kind: 'limited', problem: oneLine(first.message) };
  const forbidden = all.find(({ type }) => type === 'FORBIDDEN');
  if (forbidden !== undefined) return refusedWith(403, forbidden);
  const missing = all.find(({ type }) => type === 'NOT_FOUND');
  if (missing !== undefined) return refusedWith(404, missing);
  const wrong = all.find(({ extensions }) => extensions.code !== undefined);
  return wrong === undefined ? unsure(oneLine(first.message)) : refusedWith(422, wrong);
};

type Fields = Readonly<Record<string, unknown>>;

const dataShape = v.object({ repository: v.record(v.string(), v.unknown()), nodes: v.optional(v.unknown()) });

/** Everything answered, unparsed, under its name in the query; or why there is nothing. */
export const readGraphRoot = (body: unknown): Reply<{ readonly repository: Fields; readonly nodes?: unknown }> => {
  const envelope = v.safeParse(envelopeShape, body);
  if (!envelope.success) return unsure('invalid answer');
  const problem = problemIn(envelope.output.errors);
  if (problem !== undefined) return problem;
  const data = v.safeParse(dataShape, envelope.output.data);
  return data.success ? ok(data.output) : unsure('invalid answer (data)');
};

/** Fields of the repository, each of which may fail by itself. */
export interface GraphParts {
  readonly fields: Fields;
  /** The kind of error each of them met, in GitHub's words; `''` where it says none. */
  readonly failed: ReadonlyMap<string, string>;
}

/** What went wrong with a field that `parts` names, or below it, is left to the caller; everything else is a problem of the whole. */
export const readGraphParts = (body: unknown, parts: RegExp): Reply<GraphParts> => {
  const envelope = v.safeParse(envelopeShape, body);
  if (!envelope.success) return unsure('invalid answer');
  const { errors, data: answered } = envelope.output;
  const isPart = ({ type, path }: GraphError): boolean => type !== 'RATE_LIMITED' && parts.test(String(path[1] ?? ''));
  const problem = problemIn(errors, (error) => isPart(error) || isBearable(error));
  if (problem !== undefined) return problem;
  const data = v.safeParse(dataShape, answered);
  if (!data.success) return unsure('invalid answer (data)');
  const failed = new Map(errors.filter(isPart).map(({ type = '', path }) => [String(path[1]), type]));
  return ok({ fields: data.output.repository, failed });
};

/** The fields of the repository alone. */
export const readGraph = (body: unknown): Reply<Fields> => {
  const root = readGraphRoot(body);
  return root.kind === 'ok' ? ok(root.value.repository) : root;
};

/**
 * Whether a change that answers in `field` was made. A no that names the field is definite, whatever kind of error GitHub
 * calls it: nothing of the change was done.
 */
export const readChange = (body: unknown, field: string, permission: string): Reply<true> => {
  const envelope = v.safeParse(envelopeShape, body);
  if (!envelope.success) return unsure('invalid answer');
  const { errors, data } = envelope.output;
  const problem = problemIn(errors, () => false);
  if (problem === undefined)
    return v.is(v.object({ [field]: v.looseObject({}) }), data) ? ok<true>(true) : unsure(`invalid answer (${field})`);
  if (problem.kind === 'refused') return { ...problem, permission };
  const said = problem.kind === 'unsure' ? errors.find(({ path }) => path[0] === field) : undefined;
  return said === undefined ? problem : { ...refusedWith(422, said), permission };
};
