/** Scripts tell where they are: each line of `$POINTS` is a point passed; at the one numbered `$STOP_AT` they wait to be stopped. */
const points = `point() {
  echo "\${DELIVERY_ENVIRONMENT:-build} $DELIVERY_VERSION $1" >> "$POINTS"
  [ "\${STOP_AT:-0}" != 0 ] && [ "$STOP_AT" = "$(grep -c '' "$POINTS")" ] || return 0
  trap '' TERM
  : > "$POINTS.reached"
  sleep 30 & wait
}
`;

/** An application whose target is a directory: deploying writes a file, its smoke test reads it. */
export const PROJECT: Readonly<Record<string, string>> = {
  '.github/delivery.yml': `build:
  run: ./build.sh
  files: [out/**, '*.sh']
  timeout: 1m
deploy:
  run: ./deploy.sh
  timeout: 1m
verify:
  run: ./smoke.sh
  within: 1s
preview: { up: ./preview.sh up, down: ./preview.sh down, timeout: 1m }
environments:
  staging: { url: 'https://staging.example.com', rehearse-rollback: true }
  production: { needs: [staging], gate: approval, url: 'https://example.com' }
`,
  'points.sh': points,
  'build.sh': `#!/bin/bash
set -e
. ./points.sh
point begin
mkdir -p out
echo "app $DELIVERY_VERSION" > out/app.txt
cp health.txt out/
point end
`,
  'deploy.sh': `#!/bin/bash
set -e
. ./points.sh
point deploy
cp out/app.txt "$TARGET/$DELIVERY_ENVIRONMENT"
echo "note=put $DELIVERY_VERSION there" >> "$DELIVERY_OUTPUT"
point deployed
`,
  'smoke.sh': `#!/bin/bash
. ./points.sh
point smoke
grep -q "app $DELIVERY_VERSION" "$TARGET/$DELIVERY_ENVIRONMENT" || exit 4
! grep -q "sick in $DELIVERY_ENVIRONMENT" out/health.txt
`,
  'preview.sh': `#!/bin/bash
set -e
. ./points.sh
point "preview $1"
if [ "$1" = up ]; then
  echo "preview $DELIVERY_VERSION" > "$TARGET/$DELIVERY_ENVIRONMENT"
  echo "url=https://$DELIVERY_ENVIRONMENT.example.com" >> "$DELIVERY_OUTPUT"
else
  rm -f "$TARGET/$DELIVERY_ENVIRONMENT"
fi
point "preview $1 done"
`,
  'health.txt': 'well\n'
};

export const EXECUTABLE = ['build.sh', 'deploy.sh', 'smoke.sh', 'preview.sh'];
