import type { JsonSchema } from '@valibot/to-json-schema';
import { ADDRESS } from '../../src/config/addresses.ts';
import { DURATION } from '../../src/domain/duration.ts';
import { DAY } from '../../src/config/windows.ts';

/** One key of `delivery.yml`, as its table tells it. */
export interface DeliveryKey {
  readonly path: string;
  readonly type: string;
  readonly default: string;
  readonly description: string;
}

type Definition = JsonSchema | boolean | undefined;

const PATTERNS: ReadonlyMap<string | undefined, string> = new Map([
  [DURATION.source, 'duration'],
  [ADDRESS.source, 'address'],
  [DAY.source, 'day']
]);

const isSchema = (definition: unknown): definition is JsonSchema =>
  typeof definition === 'object' && definition !== null && !Array.isArray(definition);

/** An object or null is an object. */
const solid = (schema: JsonSchema): JsonSchema =>
  schema.anyOf?.filter(isSchema).find(({ type }) => type === 'object') ?? schema;

const itemsOf = (schema: JsonSchema): readonly JsonSchema[] => {
  const { items } = schema;
  if (!isSchema(items)) return [];
  return items.anyOf === undefined ? [items] : items.anyOf.filter(isSchema);
};

const typeOf = (schema: JsonSchema): string => {
  if (schema.enum !== undefined)
    return schema.enum.map((value) => `\`${JSON.stringify(value).replaceAll('"', '')}\``).join(', ');
  if (schema.type === 'array') return `list of ${[...new Set(itemsOf(schema).map(typeOf))].join(' or ')}`;
  if (schema.type === 'string') return PATTERNS.get(schema.pattern) ?? 'text';
  if (schema.type === 'integer') return 'whole number';
  return schema.type === 'boolean' ? '`true`, `false`' : 'mapping';
};

const defaultOf = (schema: JsonSchema, required: boolean): string => {
  if (required) return '**required**';
  const { default: value } = schema;
  if (value === undefined || typeof value === 'object') return '';
  return `\`${String(value)}\``;
};

const rowsOf = (path: string, schema: JsonSchema, required: boolean): readonly DeliveryKey[] => {
  const inner = solid(schema);
  const row = {
    path,
    type: typeOf(inner),
    default: defaultOf(schema, required),
    description: schema.description ?? ''
  };
  return [row, ...below(path, inner), ...itemsOf(inner).flatMap((item) => below(`${path}[]`, item))];
};

const named = (path: string, value: Definition): readonly DeliveryKey[] =>
  isSchema(value) ? below(`${path}.<name>`, solid(value)) : [];

const below = (path: string, schema: JsonSchema): readonly DeliveryKey[] => [
  ...Object.entries(schema.properties ?? {}).flatMap(([key, value]) =>
    isSchema(value) ? rowsOf(path === '' ? key : `${path}.${key}`, value, schema.required?.includes(key) === true) : []
  ),
  ...named(path, schema.additionalProperties)
];

/** Every key the schema knows, in its order; a key that two forms share stands once, unless they differ in it. */
export const deliveryKeys = (schema: JsonSchema): readonly DeliveryKey[] => {
  const keys = new Map(below('', schema).map((key) => [JSON.stringify(key), key]));
  return [...keys.values()];
};
