// Fills the tables between `<!-- generated:NAME -->` markers in the pages: `node scripts/generate-docs.ts [--check]`.
import { pages } from './documents/docs.ts';
import { bringUpToDate } from './documents/up-to-date.ts';

bringUpToDate(pages(), 'scripts/generate-docs.ts');
