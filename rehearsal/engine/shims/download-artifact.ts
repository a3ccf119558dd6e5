import { matchesGlob, join, resolve as resolvePath } from 'node:path';
import type { Artifact } from '../artifacts.ts';
import { flag } from './inputs.ts';
import type { Shim, ShimCall } from './shim.ts';

const byIds = (all: readonly Artifact[], ids: string): readonly Artifact[] => {
  const wanted = ids.split(',').map((id) => Number(id.trim()));
  const found = all.filter(({ id }) => wanted.includes(id));
  if (found.length < wanted.length) throw new Error(`Unable to find artifacts with the IDs ${ids}`);
  return found;
};

const byName = (all: readonly Artifact[], name: string): readonly Artifact[] => {
  const found = all.filter((each) => each.name === name);
  if (found.length === 0) throw new Error(`Unable to download artifact(s): Artifact not found for name: ${name}`);
  return found;
};

const chosen = ({ inputs, machine }: ShimCall): readonly Artifact[] => {
  const all = machine.site.artifacts.list(machine.run.id);
  const { name = '', pattern = '' } = inputs;
  const ids = inputs['artifact-ids'] ?? '';
  if (name !== '' && ids !== '') throw new Error("Inputs 'name' and 'artifact-ids' cannot be used together");
  if (name !== '') return byName(all, name);
  if (ids !== '') return byIds(all, ids);
  return pattern === '' ? all : all.filter((each) => matchesGlob(each.name, pattern));
};

/** actions/download-artifact of the same run: one artifact straight into `path`, several each into a folder of its name. */
const run = async (call: ShimCall): ReturnType<Shim['run']> => {
  const { inputs, machine, say } = call;
  const folder = resolvePath(machine.workspace, inputs['path'] ?? '');
  const artifacts = chosen(call);
  const single = inputs['name'] !== '' || (inputs['artifact-ids'] !== '' && artifacts.length === 1);
  const straight = single || flag(inputs, 'merge-multiple');
  for (const artifact of artifacts) {
    await machine.site.artifacts.fetch(artifact, straight ? folder : join(folder, artifact.name));
    say(`Artifact ${artifact.name} (ID ${artifact.id}) was downloaded`);
  }
  return { outputs: { 'download-path': folder } };
};

export const downloadArtifactShim: Shim = {
  inputs: { name: '', 'artifact-ids': '', pattern: '', path: '', 'merge-multiple': 'false' },
  run
};
