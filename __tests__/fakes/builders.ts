import type { Change } from '../../src/domain/change.ts';
import type { DeploymentRecord, Payload } from '../../src/domain/deployment.ts';
import type { Environment } from '../../src/domain/environment.ts';
import type { PublishedRelease } from '../../src/domain/release.ts';
import { parseVersion } from '../../src/domain/version.ts';
import type { Version } from '../../src/domain/version.ts';
import { createHash } from 'node:crypto';

export const v = (text: string): Version => {
  const version = parseVersion(text);
  if (version === undefined) throw new Error(`not a version: ${text}`);
  return version;
};

export const tarOf = (version: string): string => createHash('sha256').update(`tar of ${version}`).digest('hex');

export const digestOfVersion = (version: string): string => `sha256:${tarOf(version)}`;

export const NOW = new Date('2026-11-24T12:00:00Z');

/** What a pull request of that number changed, an hour ago. */
export const changeOf = (pull: number): Change => ({
  commit: String(pull).padStart(40, '0'),
  type: 'feat',
  subject: `change (#${pull})`,
  breaking: false,
  author: 'Ana',
  pull,
  date: minutesAgo(60)
});

/** An ISO time so many minutes before `NOW`. */
export const minutesAgo = (minutes: number): string => new Date(NOW.getTime() - minutes * 60_000).toISOString();

export const environment = (overrides: Partial<Environment> = {}): Environment => ({
  name: 'production',
  needs: [],
  gate: 'none',
  soakSeconds: 0,
  freeze: [],
  rehearseRollback: false,
  ...overrides
});

export const payload = (version: string, overrides: Partial<Payload> = {}): Payload => ({
  schema: 1,
  version: v(version),
  tag: `v${version}`,
  digest: digestOfVersion(version),
  kind: 'deploy',
  previous: null,
  reason: null,
  override: [],
  requestedBy: 'ana',
  approvedBy: [],
  run: { id: 1, attempt: 1, url: 'https://hub.test/runs/1' },
  changes: 1,
  manualTouches: 0,
  ...overrides
});

type Shape = Partial<Omit<DeploymentRecord, 'payload'>> & { readonly payload?: Partial<Payload> };

/** A record in a state, with the times that state implies. */
export const record = (id: number, version: string, shape: Shape = {}): DeploymentRecord => {
  const state = shape.state ?? 'success';
  const started = state !== 'pending' && state !== 'queued' ? { startedAt: minutesAgo(50) } : {};
  const succeeded = state === 'success' || state === 'inactive' ? { succeededAt: minutesAgo(40) } : {};
  return {
    id,
    environment: 'production',
    commit: 'c'.repeat(40),
    createdAt: minutesAgo(60),
    ...started,
    ...succeeded,
    ...shape,
    state,
    payload: payload(version, shape.payload)
  };
};

export const release = (version: string, overrides: Partial<PublishedRelease> = {}): PublishedRelease => ({
  id: 1,
  tag: `v${version}`,
  commit: 'c'.repeat(40),
  prerelease: true,
  url: `https://hub.test/releases/v${version}`,
  note: { manifestSha256: 'a'.repeat(64), tarSha256: tarOf(version), changes: 1 },
  ...overrides
});
