import { join } from 'node:path';
import { installInto } from '../install.ts';

const PEERS = {
  'semantic-release': '25.0.9',
  '@semantic-release/commit-analyzer': '13.0.1',
  '@semantic-release/release-notes-generator': '14.1.1',
  'conventional-recommended-bump': '12.1.0',
  'conventional-changelog-angular': '9.4.0',
  'conventional-changelog-conventionalcommits': '10.4.1',
  'git-cliff': '2.14.2',
  changelogen: '0.6.2'
};

/** Where their programs are. */
export const installPeers = (scratch) => {
  const home = join(scratch, 'peers');
  installInto(home, PEERS);
  return join(home, 'node_modules', '.bin');
};

const found = (pattern) => (text) => pattern.exec(text)?.[1] ?? 'nothing';

/** How each peer is asked, and where its answer stands. `bump`: it names a part of the number, not a version. */
export const peersIn = (bin, from) => [
  {
    name: 'semantic-release',
    command: [
      join(bin, 'semantic-release'),
      '--dry-run',
      '--no-ci',
      '--branches=main',
      `--repository-url=file://${from}`,
      '--plugins=@semantic-release/commit-analyzer,@semantic-release/release-notes-generator'
    ],
    answer: (text) => (/no relevant changes/.test(text) ? 'no release' : found(/next release version is (\S+)/)(text))
  },
  {
    name: 'recommended-bump angular',
    command: [join(bin, 'conventional-recommended-bump'), '-p', 'angular'],
    answer: found(/^(major|minor|patch)$/m)
  },
  {
    name: 'recommended-bump conv.commits',
    command: [join(bin, 'conventional-recommended-bump'), '-p', 'conventionalcommits'],
    answer: found(/^(major|minor|patch)$/m)
  },
  {
    name: 'git-cliff',
    command: [join(bin, 'git-cliff'), '--unreleased', '--bumped-version'],
    answer: found(/^v?(\d+\.\d+\.\d+)$/m)
  },
  {
    name: 'changelogen (notes)',
    command: [join(bin, 'changelogen'), '--noAuthors'],
    answer: (text) => `${(text.match(/^- /gm) ?? []).length} entries`
  }
];
