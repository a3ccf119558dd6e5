import fc from 'fast-check';
import { REASONS } from '../../src/contract.ts';
import type { ReasonCode } from '../../src/contract.ts';
import type { Change } from '../../src/domain/change.ts';
import type { DeploymentRecord } from '../../src/domain/deployment.ts';
import type { Reason } from '../../src/domain/refusal.ts';
import { versionOf } from '../../src/domain/version.ts';

export const COMMIT = '4f1c2a9b8d7e6f5a4b3c2d1e0f9a8b7c6d5e4f3a';

export const CONTEXT = {
  serverUrl: 'https://github.com',
  repository: 'acme/shop',
  now: new Date('2026-11-23T14:02:00Z'),
  runUrl: 'https://github.com/acme/shop/actions/runs/42/attempts/2'
};

export const CODES = Object.keys(REASONS).filter((code): code is ReasonCode => code in REASONS);

/** A reason of this code with every detail told by `value`. */
export const reasonWith = (code: ReasonCode, value: (name: string) => string): Reason => {
  const details = Object.fromEntries(REASONS[code].map((name) => [name, value(name)]));
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- built from the very list that defines the details
  return { code, details } as unknown as Reason;
};

export const change = (over: Partial<Change> = {}): Change => ({
  commit: COMMIT,
  type: 'feat',
  subject: 'free shipping from 100 BRL (#412)',
  breaking: false,
  author: 'Ana Souza',
  pull: 412,
  date: '2026-11-21T08:00:00Z',
  ...over
});

export const record = (over: Partial<DeploymentRecord> = {}): DeploymentRecord => ({
  id: 77,
  environment: 'production',
  commit: COMMIT,
  state: 'success',
  createdAt: '2026-11-20T09:55:00Z',
  succeededAt: '2026-11-20T10:00:00Z',
  payload: {
    schema: 1,
    version: versionOf([1, 7, 2]),
    tag: 'v1.7.2',
    digest: `sha256:${'ab'.repeat(32)}`,
    kind: 'deploy',
    previous: null,
    reason: null,
    override: [],
    requestedBy: 'ana',
    approvedBy: ['bia'],
    run: { id: 4, attempt: 1, url: 'https://github.com/acme/shop/actions/runs/4' },
    changes: 4,
    manualTouches: 1
  },
  ...over
});

/** Any UTF-16 at all, lone surrogates and controls included. */
export const anyText = fc
  .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 40 })
  .map((units) => String.fromCharCode(...units));
