// Written apart from the engine's own stand-in, so that the two can disagree.
import { execFileSync } from 'node:child_process';

const { GITHUB_SERVER_URL, GITHUB_REPOSITORY, GITHUB_SHA, GITHUB_REF, GITHUB_WORKSPACE, INPUT_PATH } = process.env;
if (process.env['INPUT_PERSIST-CREDENTIALS'] !== 'false') throw new Error('only persist-credentials: false is known');
if (INPUT_PATH) throw new Error('path is not known');

const git = (...args) => execFileSync('git', args, { cwd: GITHUB_WORKSPACE, stdio: ['ignore', 'inherit', 'inherit'] });
const name = GITHUB_REF.replace(/^refs\/(heads|pull|tags)\//, '');
const kept = GITHUB_REF.startsWith('refs/heads/') ? `refs/remotes/origin/${name}` : `refs/remotes/pull/${name}`;

git('init', '--quiet', '.');
git('remote', 'add', 'origin', `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}`);
git('fetch', '--quiet', '--no-tags', `--depth=${process.env['INPUT_FETCH-DEPTH']}`, 'origin', `+${GITHUB_SHA}:${kept}`);
if (GITHUB_REF.startsWith('refs/heads/')) git('checkout', '--quiet', '-B', name, kept);
else git('checkout', '--quiet', '--detach', kept);
