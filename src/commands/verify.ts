import { VERIFY_LINES } from '../config/deploy-lines.ts';
import type { Command } from '../domain/command.ts';
import type { DeploymentRecord } from '../domain/deployment.ts';
import type { Environment } from '../domain/environment.ts';
import type { Outcome } from '../domain/outcome.ts';
import { reason, refuse } from '../domain/refusal.ts';
import type { ReleaseManifest } from '../domain/release.ts';
import { tagOf } from '../domain/version.ts';
import type { FactsQuestion, HostingFacts } from '../ports.ts';
import { candidates } from '../rules/choose-version.ts';
import type { Candidate } from '../rules/choose-version.ts';
import { liveIn } from '../rules/live.ts';
import { recordsOf } from '../rules/promotion.ts';
import { addressOf, environmentNamed, formOf } from './context.ts';
import type { Context } from './context.ts';
import { fetchFiles, fetchManifest } from './fetch-release.ts';
import type { FetchedRelease } from './fetch-release.ts';
import { verifyInstallation } from './verification.ts';

type VerifyCommand = Extract<Command, { name: 'verify' }>;

const ask = ({ ports }: Context, question: FactsQuestion): Promise<HostingFacts> =>
  ports.phases.during('facts', () => ports.hosting.facts(question));

const releaseOf = async (context: Context, record: DeploymentRecord): Promise<Candidate> => {
  const form = formOf(context);
  const { version } = record.payload;
  const question = { environments: [], tag: tagOf(form, version) };
  const { releases } = await ask(context, question);
  const found = candidates({ releases, form }).find((each) => each.version === version);
  if (found === undefined) throw refuse('version-unknown', { version });
  return found;
};

/** The archive is fetched only when the procedure has a script to run in it. */
const fetchFor = async (context: Context, candidate: Candidate): Promise<FetchedRelease> => {
  const fetched = await context.ports.phases.during('fetch', () => fetchManifest(context, candidate));
  const { manifest, folder } = fetched;
  return manifest.process.verify?.run === undefined ? { manifest, files: folder } : fetchFiles(context, fetched);
};

const procedureOf = (manifest: ReleaseManifest): NonNullable<ReleaseManifest['process']['verify']> => {
  const procedure = manifest.process.verify;
  if (procedure === undefined) throw refuse('verify-undefined', { version: manifest.version, lines: VERIFY_LINES });
  return procedure;
};

const outcomeOf = (environment: Environment, record: DeploymentRecord): Omit<Outcome, 'reason' | 'verdict'> => ({
  command: 'verify',
  version: record.payload.version,
  tag: record.payload.tag,
  commit: record.commit,
  digest: record.payload.digest,
  environment: environment.name,
  deployment: record.id,
  changed: false,
  ...addressOf(environment, record.payload.version)
});

const check = async (context: Context, environment: Environment, record: DeploymentRecord): Promise<Outcome> => {
  const release = await fetchFor(context, await releaseOf(context, record));
  const { version } = record.payload;
  const names = { version, environment: environment.name };
  const installation = { release, environment, previous: undefined, kind: record.payload.kind };
  const { problem, attempts } = await verifyInstallation(context, installation, procedureOf(release.manifest));
  const base = outcomeOf(environment, record);
  if (problem !== undefined) return { ...base, verdict: 'failed', reason: reason('drift', { ...names, problem }) };
  context.say({ kind: 'verified', ...names, attempts });
  return { ...base, verdict: 'done', reason: reason('verified', names) };
};

/** Does the target still run what the record says, by the live version's own procedure? */
export const verify = async (context: Context, command: VerifyCommand): Promise<Outcome> => {
  const environment = environmentNamed(context, command.environment);
  const hosted = await ask(context, { environments: [environment.name] });
  const live = liveIn(recordsOf(hosted, environment.name));
  switch (live.kind) {
    case 'nothing':
      return {
        command: 'verify',
        verdict: 'nothing-to-do',
        reason: reason('nothing-live', { environment: environment.name }),
        environment: environment.name
      };
    case 'unknown': {
      const { version } = live.record.payload;
      const details = {
        version,
        environment: environment.name,
        problem: `record ${live.record.id}: ${live.record.state}`
      };
      return { ...outcomeOf(environment, live.record), verdict: 'failed', reason: reason('drift', details) };
    }
    case 'version':
      return check(context, environment, live.record);
  }
};
