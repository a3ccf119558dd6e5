import type { ArtifactFile } from '../artifacts.ts';
import { findFiles } from './find-files.ts';
import { flag, only, whole } from './inputs.ts';
import type { Shim, ShimCall } from './shim.ts';

const MOST_DAYS = 90;

const nothingFound = ({ inputs, machine }: ShimCall): void => {
  const message = `No files were found with the provided path: ${inputs['path'] ?? ''}. No artifacts will be uploaded.`;
  if (inputs['if-no-files-found'] === 'error') throw new Error(message);
  if (inputs['if-no-files-found'] === 'warn') machine.annotations.push({ level: 'warning', message });
};

const check = ({ inputs }: ShimCall): void => {
  only(inputs, 'if-no-files-found', ['warn', 'error', 'ignore']);
  if (whole(inputs, 'compression-level') > 9) throw new Error('Invalid compression-level. Valid values are 0-9');
  if (inputs['path'] === '') throw new Error('Input required and not supplied: path');
  if (inputs['retention-days'] !== '' && whole(inputs, 'retention-days') > MOST_DAYS) {
    throw new Error(`Retention days cannot be greater than ${MOST_DAYS}`);
  }
};

/** With `archive: false` the artifact is one file under its own name; the input `name` does not count. */
const nameOf = ({ inputs }: ShimCall, archived: boolean, files: readonly ArtifactFile[]): string => {
  if (archived) return inputs['name'] ?? '';
  if (files.length > 1) throw new Error('archive: false is only supported when uploading a single file');
  return files[0]?.path ?? '';
};

/** actions/upload-artifact 7, with files kept by the rehearsal instead of GitHub's storage. */
const run = async (call: ShimCall): ReturnType<Shim['run']> => {
  const { inputs, machine, say } = call;
  check(call);
  const files = findFiles({
    workspace: machine.workspace,
    patterns: inputs['path'] ?? '',
    hidden: flag(inputs, 'include-hidden-files')
  });
  if (files.length === 0) {
    nothingFound(call);
    return { outputs: {} };
  }
  const archived = flag(inputs, 'archive');
  const { id, attempt } = machine.run;
  const overwrite = flag(inputs, 'overwrite');
  const name = nameOf(call, archived, files);
  const days = inputs['retention-days'] === '' ? undefined : whole(inputs, 'retention-days');
  const made = await machine.site.artifacts.put({ run: id, attempt, name, archived, files, overwrite, days });
  say(`Artifact ${name} has been successfully uploaded: ${files.length} files, ID ${made.id}`);
  const { hub } = machine.site;
  const url = `${hub.url}/${hub.owner}/${hub.name}/actions/runs/${id}/artifacts/${made.id}`;
  return { outputs: { 'artifact-id': String(made.id), 'artifact-url': url, 'artifact-digest': made.digest } };
};

export const uploadArtifactShim: Shim = {
  inputs: {
    name: 'artifact',
    path: '',
    'if-no-files-found': 'warn',
    'retention-days': '',
    'compression-level': '6',
    overwrite: 'false',
    'include-hidden-files': 'false',
    archive: 'true'
  },
  run
};
