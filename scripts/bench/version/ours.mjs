// One whole run of ours, as the bench times it: reads the history of a checkout and prints the next version.
// node ours.mjs <directory of the compiled source> <checkout> <scratch>
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';

const [source, workspace, temporary] = process.argv.slice(2);
const load = (path) => import(pathToFileURL(join(source, path)).href);
const [{ createHistory }, { nextVersion, belongsTo }, { tagForm }] = await Promise.all([
  load('adapters/history/history.js'),
  load('rules/next-version.js'),
  load('domain/version.js')
]);
const history = createHistory({
  workspace,
  temporary,
  serverUrl: 'https://github.com',
  environment: process.env,
  signal: new AbortController().signal
});
const policy = { scheme: 'semver', form: tagForm('v{version}'), releaseOn: 'any' };
const answer = await history.read({ form: policy.form, paths: [], accepts: belongsTo('semver') });
const next = nextVersion(answer, policy, new Date());
process.stdout.write(`${next.version ?? next.kind} ${answer.commits.length}\n`);
