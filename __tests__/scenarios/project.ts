import { readFileSync } from 'node:fs';

/** The workflows under test, byte for byte as people copy them. */
export const template = (name: string): Record<string, string> => ({
  [`.github/workflows/${name}.yml`]: readFileSync(`workflows-templates/${name}.yml`, 'utf8')
});

export const CONFIG = '.github/delivery.yml';

/** Scenarios change a word of it: every one of its lines is there to be replaced. */
export const DELIVERY = `build:
  run: ./build.sh
  files: [out/**, deploy.sh, smoke.sh]
deploy:
  run: ./deploy.sh
  timeout: 60s
verify:
  run: ./smoke.sh
  within: 5s
environments:
  staging:
    url: https://staging.example.com
  production:
    needs: [staging]
    gate: approval
    url: https://example.com
`;

/** `DELIVERY` with one thing said differently. */
export const deliverySaying = (what: string, instead: string): Record<string, string> => {
  if (!DELIVERY.includes(what)) throw new Error(`the delivery file does not say ${what}`);
  return { [CONFIG]: DELIVERY.replace(what, instead) };
};

/** Counted already; then it can be held up, or be out of luck, as builds are. */
const BUILD = `#!/bin/bash
set -e
touch "$TARGET/building-$(cat name.txt)"
until [ ! -e "$TARGET/hold-$(cat name.txt)" ]; do sleep 0.05; done
[ ! -e "$TARGET/no-network" ]
mkdir -p out
echo "$DELIVERY_VERSION" > out/version
cp health.txt out/
`;

/** The target is a folder: \`live\` is what runs there, \`history\` every deployment that touched it. */
const DEPLOY = `#!/bin/bash
set -e
here="$TARGET/$DELIVERY_ENVIRONMENT"
mkdir -p "$here"
echo "$DELIVERY_KIND $DELIVERY_VERSION" >> "$here/history"
echo changing > "$here/live"
if grep -q "slow in $DELIVERY_ENVIRONMENT" out/health.txt; then
  echo $$ > "$here/pid"
  until [ -e "$TARGET/go" ]; do sleep 0.05; done
fi
if grep -q "broken in $DELIVERY_ENVIRONMENT" out/health.txt; then exit 3; fi
cp out/version "$here/live"
echo "key \${API_KEY:-none}, region \${REGION:-none}" > "$here/seen"
`;

const SMOKE = `#!/bin/bash
grep -qx "$DELIVERY_VERSION" "$TARGET/$DELIVERY_ENVIRONMENT/live" || exit 4
! grep -q "sick in $DELIVERY_ENVIRONMENT" out/health.txt
`;

/** A project as a team has it before it copies a workflow. */
export const PROJECT: Readonly<Record<string, string>> = {
  'build.sh': BUILD,
  'deploy.sh': DEPLOY,
  'smoke.sh': SMOKE,
  'health.txt': 'well\n',
  'name.txt': 'shop\n'
};
export const EXECUTABLE = ['build.sh', 'deploy.sh', 'smoke.sh'];

/** How a version fares: \`slow in staging\`, \`broken in production\`, \`sick in production\`. */
export const faring = (how: string): Record<string, string> => ({ 'health.txt': `${how}\n` });
