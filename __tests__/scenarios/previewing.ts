import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parsePreviewPayload } from '../../src/config/preview-payload.ts';
import { previewName } from '../../src/domain/preview.ts';
import type { OpenedPull, Pushed, RunView } from '../../rehearsal/engine/index.ts';
import { CONFIG, DELIVERY, EXECUTABLE, PROJECT, template } from './project.ts';
import { openStage } from './stage.ts';
import type { Stage, StageOptions } from './stage.ts';

/** A preview is a folder: `live` is the commit it shows. It may be slow or out of luck, as clouds are. */
const UP = `#!/bin/bash
set -e
here="$TARGET/previews/$DELIVERY_ENVIRONMENT"
mkdir -p "$here"
echo half > "$here/live"
if grep -q slow health.txt; then
  echo $$ > "$here/pid"
  until [ -e "$TARGET/go" ]; do sleep 0.05; done
fi
if grep -q broken health.txt; then echo "no room left in the cloud"; exit 3; fi
[ "$(git rev-parse HEAD)" = "$DELIVERY_COMMIT" ]
echo "$DELIVERY_COMMIT" > "$here/live"
echo "url=https://$DELIVERY_ENVIRONMENT.preview.example.com" >> "$DELIVERY_OUTPUT"
`;

/** Twice is as good as once, and half made is enough. */
const DOWN = `#!/bin/bash
set -e
[ ! -e "$TARGET/stuck-$DELIVERY_ENVIRONMENT" ]
rm -rf "$TARGET/previews/$DELIVERY_ENVIRONMENT"
`;

const PREVIEW = `preview:
  up: ./up.sh
  down: ./down.sh
`;

const FILES: Readonly<Record<string, string>> = {
  ...PROJECT,
  'up.sh': UP,
  'down.sh': DOWN,
  ...template('preview')
};

export const DAILY = '17 4 * * *';

export interface PreviewStage extends Stage {
  /** The commit that a preview shows, `half`, or empty where nothing is. */
  showing(number: number): string;
  /** The records of a preview, oldest first: `up 3f2a1b0: ACTIVE https://...`. */
  previews(number: number): Promise<readonly string[]>;
  /** The run of the template, when it has ended. */
  ended(told: Pushed): Promise<RunView>;
  propose(how?: string, branch?: string): Promise<OpenedPull>;
  daily(): Promise<RunView>;
}

const shortly = (commit: string): string => commit.slice(0, 7);

const recordsOf = async ({ hub }: Stage, number: number): Promise<readonly string[]> =>
  (await hub.snapshot()).deployments.flatMap(({ sha, payload, state, statuses }) => {
    const ours = parsePreviewPayload(payload);
    if (ours?.pull !== number) return [];
    const url = statuses.findLast((each) => each.environmentUrl !== '')?.environmentUrl;
    return [`${ours.kind} ${shortly(sha)}: ${state}${url === undefined ? '' : ` ${url}`}`];
  });

export const runOf = ({ runs }: Pushed): RunView => {
  const [run] = runs;
  if (run === undefined || runs.length > 1) throw new Error(`${runs.length} runs`);
  return run;
};

/** A project with previews and nothing else of the line. */
export const openPreviews = async (more = '', options: StageOptions = {}): Promise<PreviewStage> => {
  const delivery = { [CONFIG]: `${DELIVERY}${PREVIEW}${more}` };
  const executable = [...EXECUTABLE, 'up.sh', 'down.sh'];
  const stage = await openStage({ environments: {}, executable, ...options, files: { ...FILES, ...delivery } });
  return {
    ...stage,
    showing: (number) => {
      const file = join(stage.target, 'previews', previewName(number), 'live');
      return existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
    },
    previews: (number) => recordsOf(stage, number),
    ended: (told) => stage.waitFor(runOf(told), 'completed'),
    propose: (how = 'well', branch = 'topic') => stage.openPull({ 'health.txt': `${how}\n` }, { branch }),
    daily: async () => stage.waitFor(await stage.schedule('preview.yml', DAILY), 'completed')
  };
};

export const short = shortly;
