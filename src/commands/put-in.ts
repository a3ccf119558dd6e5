import type { Change } from '../domain/change.ts';
import type { Note } from '../domain/outcome.ts';
import { reason } from '../domain/refusal.ts';
import type { Reason } from '../domain/refusal.ts';
import { addressOf } from './context.ts';
import type { Context } from './context.ts';
import { install } from './procedure.ts';
import type { Installation, StepEnd } from './procedure.ts';
import { verifyInstallation } from './verification.ts';

export type Result =
  | {
      readonly kind: 'good';
      readonly environmentUrl?: string;
      readonly changes: readonly Change[];
      readonly notes: readonly Note[];
    }
  | { readonly kind: 'broken'; readonly why: Reason };

const proved = async (context: Context, installation: Installation, installed: StepEnd): Promise<Result> => {
  const { environment, release } = installation;
  const version = release.manifest.version;
  const notes: Note[] = installed.note === undefined ? [] : [{ kind: 'script-note', text: installed.note }];
  const address = installed.url === undefined ? addressOf(environment, version) : { environmentUrl: installed.url };
  const { changes, process } = release.manifest;
  if (process.verify === undefined) {
    return { kind: 'good', ...address, changes, notes: [...notes, { kind: 'unverified', version }] };
  }
  const { problem, attempts } = await verifyInstallation(context, installation, process.verify);
  if (problem !== undefined) {
    return { kind: 'broken', why: reason('verification-failed', { version, environment: environment.name, problem }) };
  }
  context.say({ kind: 'verified', version, environment: environment.name, attempts });
  return { kind: 'good', ...address, changes, notes };
};

/** Deploys and verifies; an exit code or a check that fails is a result, not an exception. */
export const putIn = async (context: Context, installation: Installation): Promise<Result> => {
  const { environment, release } = installation;
  const version = release.manifest.version;
  const installed = await install(context, installation);
  if (installed.problem !== undefined) {
    const details = { version, environment: environment.name, problem: installed.problem };
    return { kind: 'broken', why: reason('deploy-failed', details) };
  }
  return proved(context, installation, installed);
};
