import { appendFileSync } from 'node:fs';

const { INPUT_WORD, INPUT_TWO_WORDS, GITHUB_STATE, GITHUB_OUTPUT, GITHUB_ENV, GITHUB_PATH, FROM_STEP } = process.env;
appendFileSync(GITHUB_STATE, `word=${INPUT_WORD}\n`);
appendFileSync(GITHUB_OUTPUT, `word=${INPUT_WORD}\nsecond=${INPUT_TWO_WORDS} ${FROM_STEP ?? 'nothing'}\n`);
appendFileSync(GITHUB_ENV, `KEPT=${INPUT_WORD}\n`);
appendFileSync(GITHUB_PATH, '/nowhere\n');
if (INPUT_WORD === 'fail') process.exitCode = 1;
