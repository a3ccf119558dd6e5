import { readdirSync } from 'node:fs';
import { join, relative, resolve as resolvePath, sep } from 'node:path';
import type { ArtifactFile } from '../artifacts.ts';
import { flag, whole } from './inputs.ts';
import type { Shim } from './shim.ts';

/** Without `include-hidden-files` nothing below a name that starts with a dot; `.git` and `.github` never. */
const isLeftOut = (path: string, hidden: boolean): boolean =>
  path.split('/').some((part) => part === '.git' || part === '.github' || (!hidden && part.startsWith('.')));

const filesIn = (folder: string): readonly ArtifactFile[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((source) => ({ source, path: relative(folder, source).split(sep).join('/') }));

/** actions/upload-pages-artifact 5: the files of a site as an artifact of the run. The real one packs them into one tar. */
export const uploadPagesArtifactShim: Shim = {
  inputs: { name: 'github-pages', path: '_site/', 'retention-days': '1', 'include-hidden-files': 'false' },
  run: async ({ inputs, machine, say }) => {
    const days = whole(inputs, 'retention-days');
    const hidden = flag(inputs, 'include-hidden-files');
    const folder = resolvePath(machine.workspace, inputs['path'] ?? '');
    const files = filesIn(folder).filter(({ path }) => !isLeftOut(path, hidden));
    const { id, attempt } = machine.run;
    const name = inputs['name'] ?? '';
    const given = { run: id, attempt, name, archived: true, files, overwrite: false, days };
    const made = await machine.site.artifacts.put(given);
    say(`Artifact ${name} has been successfully uploaded: ${files.length} files, ID ${made.id}`);
    return { outputs: { artifact_id: String(made.id) } };
  }
};
