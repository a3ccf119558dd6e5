import { toJsonSchema } from '@valibot/to-json-schema';
import type { ConversionConfig, JsonSchema } from '@valibot/to-json-schema';
import * as v from 'valibot';
import { DatesFreeze, FreezeSchema, WeeklyFreeze } from '../../src/config/freeze.ts';
import { ManifestSchema } from '../../src/config/manifest.ts';
import { PAYLOAD } from '../../src/config/payload.ts';
import { ReportSchema } from '../../src/config/report.ts';
import { DeliverySchema } from '../../src/config/schema.ts';
import { AnnouncementSchema } from './announcement-schema.ts';
import { ReasonSchema, ResultSchema } from './result-schema.ts';
import type { Documents } from './up-to-date.ts';

/** No schema transforms anything, so the last one of a pipe is the one that counts; checks have no JSON Schema. */
const CONFIG: ConversionConfig = { typeMode: 'output', ignoreActions: ['check', 'guard'] };

/** Which kind of freeze is meant shows in its keys. */
const withFreeze: ConversionConfig = {
  ...CONFIG,
  overrideSchema: ({ valibotSchema }) =>
    valibotSchema === FreezeSchema ? { anyOf: [plain(WeeklyFreeze), plain(DatesFreeze)] } : undefined
};

const plain = (schema: v.GenericSchema): JsonSchema => {
  const { $schema: _, ...rest } = toJsonSchema(schema, CONFIG);
  return rest;
};

interface Document {
  readonly title: string;
  readonly description: string;
  readonly schema: v.GenericSchema;
  readonly config?: ConversionConfig;
}

const DOCUMENTS: Readonly<Record<string, Document>> = {
  'delivery.schema.json': {
    title: 'delivery.yml',
    description: 'How a repository is delivered.',
    schema: DeliverySchema,
    config: withFreeze
  },
  'release.schema.json': {
    title: 'release.json',
    description: 'A version: its changes, its files with their digests, and its own deploy and verify procedure.',
    schema: ManifestSchema
  },
  'deployment-payload.schema.json': {
    title: 'Payload of a deployment',
    description: 'What Esteira writes into the payload of a GitHub deployment. Readers take additional properties.',
    schema: v.strictObject({ ...PAYLOAD, run: v.strictObject(PAYLOAD.run.entries) })
  },
  'announcement.schema.json': {
    title: 'Message to a webhook',
    description:
      'What `announce` posts to the channel `webhook`: what runs where now, what stood there before, and the changes that came or, after a rollback, went. `cut` says how many changes there are when not all stand in it.',
    schema: AnnouncementSchema
  },
  'report.schema.json': {
    title: 'delivery.json',
    description:
      'Everything the page of a report shows, with the deliveries behind every number. `null` is no data; moments are in UTC, spans in seconds.',
    schema: ReportSchema
  },
  'result.schema.json': {
    title: 'Output `result`',
    description:
      'Everything a run has to say, as data and in words. Texts beyond 1,000 characters are cut; lists that were cut stand in `cut`.',
    schema: ResultSchema,
    config: { ...CONFIG, definitions: { reason: ReasonSchema } }
  }
};

const unused = (schema: JsonSchema): boolean => !JSON.stringify({ ...schema, $defs: undefined }).includes('#/$defs/');

/** The schema of one document as draft-07. */
export const jsonSchemaOf = ({ title, description, schema, config = CONFIG }: Document): JsonSchema => {
  const { $schema, $defs, ...rest } = toJsonSchema(schema, config);
  const whole = { ...($schema === undefined ? {} : { $schema }), title, description, ...rest };
  return $defs === undefined || unused(rest) ? whole : { ...whole, $defs };
};

export const jsonSchemas = (): ReadonlyMap<string, JsonSchema> =>
  new Map(Object.entries(DOCUMENTS).map(([name, document]) => [name, jsonSchemaOf(document)]));

/** Path and text of every published schema. */
export const schemaDocuments = (): Documents =>
  new Map([...jsonSchemas()].map(([name, schema]) => [`schemas/${name}`, `${JSON.stringify(schema, null, 2)}\n`]));
