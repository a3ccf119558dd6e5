import { parseVersion } from '../../../src/domain/version.ts';
import type { Version } from '../../../src/domain/version.ts';
import type { Payload } from '../../../src/domain/deployment.ts';
import type { NewRecord } from '../../../src/ports.ts';

export const version = (text: string): Version => {
  const parsed = parseVersion(text);
  if (parsed === undefined) throw new Error(`not a version: ${text}`);
  return parsed;
};

export const payload: Payload = {
  schema: 1,
  version: version('1.4.2'),
  tag: 'v1.4.2',
  digest: `sha256:${'d'.repeat(64)}`,
  kind: 'deploy',
  previous: null,
  reason: null,
  override: [],
  requestedBy: 'ana',
  approvedBy: [],
  run: { id: 77, attempt: 1, url: 'https://github.test/acme/shop/actions/runs/77' },
  changes: 3,
  manualTouches: 1
};

export const newRecord = (commit: string, changes: Partial<Payload> = {}): NewRecord => ({
  environment: 'production',
  commit,
  production: true,
  description: 'Deploy 1.4.2',
  payload: { ...payload, ...changes }
});
