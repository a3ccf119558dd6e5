import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Texts } from '../scenario.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');

/** A template as people copy it. */
export const template = (name: string): Texts => ({
  [`.github/workflows/${name}`]: readFileSync(join(ROOT, 'workflows-templates', name), 'utf8')
});

export const WORKFLOWS = join(import.meta.dirname, '..', 'workflows');

export const textOf = (path: string): string => readFileSync(join(WORKFLOWS, path), 'utf8');

/** A workflow of ours, written for the witness. */
export const own = (name: string): Texts => ({ [`.github/workflows/${name}`]: textOf(name) });

const delivery = (gate: 'approval' | 'none'): string => `build:
  run: mkdir out && echo "shop $DELIVERY_VERSION" > out/page.txt && cp state.txt out/
  files: [out/**, deploy.sh, smoke.sh]
deploy: { run: ./deploy.sh, timeout: 1m }
verify: { run: ./smoke.sh, within: 3s }
environments:
  staging: { url: 'https://staging.example.com' }
  production: { needs: [staging], gate: ${gate}, url: 'https://example.com' }
`;

/** A shop whose environments are folders: delivering copies a page, the smoke test reads it. */
export const shop = (gate: 'approval' | 'none'): { readonly files: Texts; readonly executable: readonly string[] } => ({
  files: {
    '.github/delivery.yml': delivery(gate),
    'deploy.sh': `#!/bin/sh
set -e
mkdir -p "$TARGET"
cp out/page.txt "$TARGET/$DELIVERY_ENVIRONMENT"
`,
    'smoke.sh': `#!/bin/sh
grep -q "shop $DELIVERY_VERSION" "$TARGET/$DELIVERY_ENVIRONMENT" && ! grep -q "ill in $DELIVERY_ENVIRONMENT" out/state.txt
`,
    'state.txt': 'well\n'
  },
  executable: ['deploy.sh', 'smoke.sh']
});
