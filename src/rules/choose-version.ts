import type { Wanted } from '../domain/command.ts';
import type { DeploymentRecord, Run } from '../domain/deployment.ts';
import type { Environment } from '../domain/environment.ts';
import { reason } from '../domain/refusal.ts';
import type { Reason } from '../domain/refusal.ts';
import type { PublishedRelease } from '../domain/release.ts';
import type { TagNote } from '../domain/tag-message.ts';
import { compareVersions, tagOf, versionInTag } from '../domain/version.ts';
import type { TagForm, Version } from '../domain/version.ts';
import { goodBefore, successOf, vetoOf } from './live.ts';
import { isOurPast } from './ticket.ts';

type Attempt = Pick<Run, 'id' | 'attempt'>;

/** A release of ours that can be delivered. */
export interface Candidate {
  readonly version: Version;
  readonly release: PublishedRelease;
  readonly note: TagNote;
  readonly digest: string;
}

export interface ChoiceFacts {
  readonly environment: Environment;
  readonly form: TagForm;
  readonly releases: readonly PublishedRelease[];
  readonly records: ReadonlyMap<string, readonly DeploymentRecord[]>;
  /** Our run; its earlier attempts may have begun what is asked for. */
  readonly run?: Attempt;
}

export type Choice =
  | { readonly kind: 'chosen'; readonly candidate: Candidate }
  /** The release is older than the list of facts: ask for its tag. */
  | { readonly kind: 'ask'; readonly tag: string }
  | { readonly kind: 'none'; readonly reason: Reason };

const candidateOf = (release: PublishedRelease, form: TagForm): Candidate[] => {
  const version = versionInTag(form, release.tag);
  if (version === undefined || release.note === undefined) return [];
  return [{ version, release, note: release.note, digest: `sha256:${release.note.tarSha256}` }];
};

/** Our releases, newest version first; a release without our tag message is not ours. */
export const candidates = (facts: Pick<ChoiceFacts, 'releases' | 'form'>): readonly Candidate[] =>
  facts.releases
    .flatMap((release) => candidateOf(release, facts.form))
    .toSorted((a, b) => compareVersions(b.version, a.version));

const recordsIn = (facts: ChoiceFacts, environment: string): readonly DeploymentRecord[] =>
  facts.records.get(environment.toLowerCase()) ?? [];

const eligible = (facts: ChoiceFacts, candidate: Candidate): boolean =>
  vetoOf(recordsIn(facts, facts.environment.name), candidate) === undefined &&
  facts.environment.needs.every((need) => successOf(recordsIn(facts, need), candidate) !== undefined);

const exactly = (facts: ChoiceFacts, version: Version, asked: boolean): Choice => {
  const candidate = candidates(facts).find((each) => each.version === version);
  if (candidate !== undefined) return { kind: 'chosen', candidate };
  return asked
    ? { kind: 'none', reason: reason('version-unknown', { version }) }
    : { kind: 'ask', tag: tagOf(facts.form, version) };
};

const latest = (facts: ChoiceFacts): Choice => {
  const candidate = candidates(facts).find((each) => eligible(facts, each));
  return candidate === undefined
    ? { kind: 'none', reason: reason('version-unknown', { version: 'latest' }) }
    : { kind: 'chosen', candidate };
};

/** What an earlier attempt of our run went back to: a repeated job means the same version, not one further back. */
const begun = (records: readonly DeploymentRecord[], run: Attempt | undefined): DeploymentRecord | undefined =>
  records
    .filter((record) => run !== undefined && isOurPast(record, run))
    .filter(({ payload, state }) => payload.kind === 'rollback' && state !== 'failure')
    .toSorted((a, b) => a.id - b.id)
    .at(0);

const previous = (facts: ChoiceFacts, asked: boolean): Choice => {
  const { name } = facts.environment;
  const records = recordsIn(facts, name);
  const good = begun(records, facts.run) ?? goodBefore(records);
  return good === undefined
    ? { kind: 'none', reason: reason('no-good-version', { environment: name }) }
    : exactly(facts, good.payload.version, asked);
};

/** `asked` says that the facts already hold the release asked for by tag, if it exists at all. */
export const chooseVersion = (facts: ChoiceFacts, wanted: Wanted, asked: boolean): Choice => {
  switch (wanted.kind) {
    case 'exact':
      return exactly(facts, wanted.version, asked);
    case 'latest':
      return latest(facts);
    case 'previous':
      return previous(facts, asked);
  }
};
