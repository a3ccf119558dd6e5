import { refuse } from '../domain/refusal.ts';
import type { Kind } from '../domain/deployment.ts';
import type { Environment } from '../domain/environment.ts';
import type { Image, ReleaseManifest } from '../domain/release.ts';
import type { Version } from '../domain/version.ts';
import type { ShellResult } from '../ports.ts';
import { DEPLOY_LINES } from '../config/deploy-lines.ts';
import { addressOf } from './context.ts';
import type { Context } from './context.ts';
import type { FetchedRelease } from './fetch-release.ts';

/** One version being put into one environment. */
export interface Installation {
  readonly release: FetchedRelease;
  readonly environment: Environment;
  readonly previous: Version | undefined;
  readonly kind: Kind;
}

/** `shop` of `ghcr.io/acme/shop`, as the end of a variable's name. */
const variableName = (image: Image): string =>
  `DELIVERY_IMAGE_${(image.name.split('/').at(-1) ?? '').toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')}`;

const imageVariables = (images: readonly Image[]): Record<string, string> => {
  const pairs = images.map((image): [string, string] => [variableName(image), `${image.name}@${image.digest}`]);
  const [first] = pairs;
  return { ...Object.fromEntries(pairs), ...(first === undefined ? {} : { DELIVERY_IMAGE: first[1] }) };
};

const versionVariables = (manifest: ReleaseManifest): Record<string, string> => ({
  DELIVERY_VERSION: manifest.version,
  DELIVERY_TAG: manifest.tag,
  DELIVERY_COMMIT: manifest.commit
});

export const variablesOf = ({ release, environment, previous, kind }: Installation): Record<string, string> => ({
  ...versionVariables(release.manifest),
  DELIVERY_ENVIRONMENT: environment.name,
  DELIVERY_PREVIOUS_VERSION: previous ?? '',
  DELIVERY_FILES: release.files,
  DELIVERY_URL: addressOf(environment, release.manifest.version).environmentUrl ?? '',
  DELIVERY_KIND: kind,
  ...imageVariables(release.manifest.images)
});

export interface Step {
  readonly label: 'build' | 'deploy' | 'verify' | 'up' | 'down';
  readonly script: string;
  readonly directory: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
}

export type StepEnd = { readonly problem?: string } & Pick<ShellResult, 'url' | 'note'>;

/** What went wrong in words of numbers only; undefined when the script succeeded. */
const problemOf = ({ ending }: ShellResult): string | undefined => {
  switch (ending.kind) {
    case 'exited':
      return ending.code === 0 ? undefined : `exit code ${ending.code}`;
    case 'timed-out':
      return `timeout ${ending.seconds} s`;
    case 'cancelled':
      throw refuse('cancelled', { command: 'run' });
  }
};

/** Runs one script of a version; a cancelled script ends the command. */
export const runStep = async (context: Context, step: Step): Promise<StepEnd> => {
  const { clock, shell } = context.ports;
  const start = clock.elapsed();
  const result = await context.fold({ kind: 'running', label: step.label, script: step.script }, () => shell.run(step));
  context.say({ kind: 'ran', label: step.label, seconds: clock.elapsed() - start });
  const problem = problemOf(result);
  const { url, note } = result;
  return {
    ...(problem === undefined ? {} : { problem }),
    ...(url === undefined ? {} : { url }),
    ...(note === undefined ? {} : { note })
  };
};

/** The version's own deploy script, inside its own files. */
export const install = (context: Context, installation: Installation): Promise<StepEnd> => {
  const { manifest, files } = installation.release;
  const deploy = manifest.process.deploy;
  if (deploy === undefined) throw refuse('deploy-undefined', { version: manifest.version, lines: DEPLOY_LINES });
  return runStep(context, {
    label: 'deploy',
    script: deploy.run,
    directory: files,
    variables: variablesOf(installation),
    timeoutSeconds: deploy.timeoutSeconds
  });
};
