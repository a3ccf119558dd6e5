// Written apart from the engine's own stand-in, so that the two can disagree.
import { cpSync, existsSync } from 'node:fs';
import { join } from 'node:path';

const { GITHUB_WORKSPACE, GITHUB_RUN_ID, INPUT_NAME, INPUT_PATH, WITNESS_ARTIFACTS } = process.env;
if (process.env['INPUT_IF-NO-FILES-FOUND'] !== 'ignore') throw new Error('only if-no-files-found: ignore is known');
if (process.env['INPUT_INCLUDE-HIDDEN-FILES'] !== 'true') throw new Error('only include-hidden-files: true is known');

const source = join(GITHUB_WORKSPACE, INPUT_PATH);
const target = join(WITNESS_ARTIFACTS, GITHUB_RUN_ID, INPUT_NAME);
if (existsSync(target)) throw new Error(`an artifact ${INPUT_NAME} is there already`);
if (existsSync(source)) cpSync(source, target, { recursive: true });
