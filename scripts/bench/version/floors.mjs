import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { git } from './repositories.mjs';
import { run } from './run.mjs';

/** What git alone needs on a whole clone: newest tag, proof that it is merged, the commits since. */
export const floorWhole = (clone) => () => {
  const list = run(clone, [
    'git',
    'for-each-ref',
    '--sort=-v:refname',
    '--format=%(refname) %(objectname)',
    'refs/tags/v*'
  ]);
  const sha = list.text.slice(0, list.text.indexOf('\n')).split(' ')[1];
  const asked = run(clone, ['git', 'merge-base', '--is-ancestor', sha, 'HEAD']);
  return (
    list.seconds + asked.seconds + run(clone, ['git', 'log', '-z', '--format=%H%n%P%n%B', 'HEAD', `^${sha}`]).seconds
  );
};

/** What git alone needs on a depth-1 clone: the tags of the remote, the commits since the newest, and reading them. */
export const floorShallow = (clone, from, scratch) => () => {
  const place = join(scratch, 'floor.git');
  rmSync(place, { recursive: true, force: true });
  const list = run(clone, ['git', 'ls-remote', '--tags', '--sort=-v:refname', 'origin']);
  const tag = list.text.slice(0, list.text.indexOf('\n')).split('\t')[1];
  const head = git(clone, 'rev-parse', 'HEAD').trim();
  const made = run(scratch, ['git', 'init', '--quiet', '--bare', '--template=', place]);
  const limits = [`--shallow-exclude=${tag}`, '--filter=tree:0', '--no-tags', '--quiet'];
  const fetched = run(place, ['git', 'fetch', ...limits, `file://${from}`, head]);
  return (
    list.seconds +
    made.seconds +
    fetched.seconds +
    run(place, ['git', 'log', '-z', '--format=%H%n%P%n%B', head]).seconds
  );
};
