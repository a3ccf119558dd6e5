// Writes the JSON Schemas of the documents people and programs read: `node scripts/generate-schemas.ts [--check]`.
import { schemaDocuments } from './documents/schemas.ts';
import { bringUpToDate } from './documents/up-to-date.ts';

bringUpToDate(schemaDocuments(), 'scripts/generate-schemas.ts');
