import { createHash } from 'node:crypto';
import { copyFile, mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

export interface ArtifactFile {
  /** Relative, with slashes. */
  readonly path: string;
  readonly source: string;
}

export interface Artifact {
  readonly id: number;
  readonly run: number;
  readonly attempt: number;
  readonly name: string;
  /** False: one file, stored as it is. */
  readonly archived: boolean;
  /** sha256 in hex: of the file when it is stored as it is, else of our own listing of the archive (not of a zip). */
  readonly digest: string;
  readonly files: readonly ArtifactFile[];
}

export interface NewArtifact extends Pick<Artifact, 'run' | 'attempt' | 'name' | 'archived' | 'files'> {
  readonly overwrite: boolean;
  /** Until it is gone; undefined: as the repository has it. */
  readonly days: number | undefined;
}

/** What GitHub is told of an artifact; the number it gets. */
export type Tell = (told: {
  readonly run: number;
  readonly name: string;
  readonly days?: number;
  readonly file?: string;
}) => number;

export interface ArtifactStore {
  put(artifact: NewArtifact): Promise<Artifact>;
  /** The newest of each name that jobs of the run see, earlier attempts included. */
  list(run: number): readonly Artifact[];
  fetch(artifact: Artifact, folder: string): Promise<void>;
}

const sha256 = (content: Buffer | string): string => createHash('sha256').update(content).digest('hex');

const digestOf = async ({ archived, files }: NewArtifact): Promise<string> => {
  const parts = await Promise.all(
    files.map(async ({ path, source }) => [path, sha256(await readFile(source))] as const)
  );
  if (!archived) return parts[0]?.[1] ?? '';
  return sha256(parts.map(([path, digest]) => `${digest}  ${path}\n`).join(''));
};

const copy = async (source: string, target: string): Promise<void> => {
  await mkdir(dirname(target), { recursive: true });
  await copyFile(source, target);
};

/** Artifacts of all runs, as files below `directory`. */
export const createArtifacts = (directory: string, tell: Tell): ArtifactStore => {
  let kept: readonly Artifact[] = [];
  const refuseTwice = ({ run, attempt, name, overwrite }: NewArtifact): void => {
    const taken = kept.some((each) => each.run === run && each.attempt === attempt && each.name === name);
    if (taken && !overwrite) {
      throw new Error(
        'Failed to CreateArtifact: Received non-retryable error: Failed request: (409) Conflict: an artifact with this name already exists on the workflow run'
      );
    }
  };
  return {
    put: async (given) => {
      refuseTwice(given);
      const { run, attempt, name, archived, days } = given;
      const [only] = archived ? [] : given.files;
      const id = tell({
        run,
        name,
        ...(days === undefined ? {} : { days }),
        ...(only === undefined ? {} : { file: only.source })
      });
      const files = given.files.map(({ path }) => ({ path, source: join(directory, String(id), path) }));
      await Promise.all(given.files.map(({ source }, at) => copy(source, files[at]?.source ?? '')));
      const made: Artifact = { id, run, attempt, name, archived, files, digest: await digestOf(given) };
      kept = [...kept.filter((each) => each.run !== run || each.attempt !== attempt || each.name !== name), made];
      return made;
    },
    list: (run) => [...new Map(kept.filter((each) => each.run === run).map((each) => [each.name, each])).values()],
    fetch: async ({ files }, folder) => {
      await mkdir(folder, { recursive: true });
      await Promise.all(files.map(({ path, source }) => copy(source, join(folder, path))));
    }
  };
};
