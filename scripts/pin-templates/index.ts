// Writes the headers of the templates:  node scripts/pin-templates/index.ts [--check]
// Writes copies that name a published version, for people to take:
//   node scripts/pin-templates/index.ts --repository OWNER/NAME --commit SHA --version X.Y.Z --into FOLDER
import { readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import * as v from 'valibot';
import { bringUpToDate } from '../documents/up-to-date.ts';
import type { Documents } from '../documents/up-to-date.ts';
import { seal } from './template.ts';
import type { Origin } from './template.ts';

const FOLDER = 'workflows-templates';

const Package = v.object({ version: v.string() });
const Published = v.object({
  repository: v.pipe(v.string(), v.regex(/^[A-Za-z0-9][A-Za-z0-9-]*\/[A-Za-z0-9._-]+$/, 'must be OWNER/NAME')),
  commit: v.pipe(
    v.string(),
    v.regex(/^[0-9a-f]{40}$/, 'must be 40 lowercase hex digits'),
    v.check((commit) => !/^0+$/.test(commit), 'must be a commit, not the placeholder')
  ),
  version: v.pipe(v.string(), v.regex(/^\d+\.\d+\.\d+$/, 'must be X.Y.Z')),
  into: v.pipe(v.string(), v.minLength(1))
});

const sealed = (into: string, origin: Origin): Documents =>
  new Map(
    readdirSync(FOLDER).map((file) => {
      const text = readFileSync(join(FOLDER, file), 'utf8');
      return [join(into, file), file.endsWith('.yml') ? seal(basename(file, '.yml'), text, origin) : text];
    })
  );

const main = (): void => {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    options: { check: { type: 'boolean' }, repository: text, commit: text, version: text, into: text }
  });
  const { check: _, ...asked } = values;
  if (Object.keys(asked).length === 0) {
    const { version } = v.parse(Package, JSON.parse(readFileSync('package.json', 'utf8')));
    bringUpToDate(sealed(FOLDER, { version }), 'scripts/pin-templates/index.ts');
    return;
  }
  const found = v.safeParse(Published, asked);
  if (!found.success) {
    for (const { path, message } of found.issues) {
      console.error(`--${path?.map(({ key }) => String(key)).join('.') ?? ''}: ${message}`);
    }
    process.exitCode = 1;
    return;
  }
  const { repository, commit, version, into } = found.output;
  bringUpToDate(sealed(into, { version, published: { repository, commit } }), 'scripts/pin-templates/index.ts');
};

main();
