// Written apart from the engine's own stand-in, so that the two can disagree.
import { cpSync } from 'node:fs';
import { join } from 'node:path';

const { GITHUB_WORKSPACE, GITHUB_RUN_ID, INPUT_NAME, INPUT_PATH, WITNESS_ARTIFACTS } = process.env;
cpSync(join(WITNESS_ARTIFACTS, GITHUB_RUN_ID, INPUT_NAME), join(GITHUB_WORKSPACE, INPUT_PATH), { recursive: true });
