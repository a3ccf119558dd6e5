import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHistory } from '../../../../src/adapters/history/history.ts';
import { tagForm } from '../../../../src/domain/version.ts';
import { checkout, environment, git, randomGraph, writeOrigin } from '../../../adapters/history/random-history.ts';
import { childrenFirst, factsOf, reference } from '../../../adapters/history/reference.ts';

/** 1.3 s each on two cores: a sample in every run, all 400 with `HISTORIES=400`. */
const HISTORIES = Number(process.env['HISTORIES'] ?? 60);

let root = '';
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'fuzz-'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const historyIn = (workspace: string) =>
  createHistory({
    workspace,
    temporary: root,
    serverUrl: 'https://github.com',
    environment,
    signal: new AbortController().signal,
    retryMilliseconds: []
  });

const shapeOf = (seed: number) => ({
  commits: 4 + ((seed * 7) % 40),
  merges: (seed * 13) % 61,
  tagged: [0, 5, 15, 30][seed % 4] ?? 0
});

test(
  `${HISTORIES} random histories read the same from every checkout`,
  async () => {
    const wrong: string[] = [];
    for (let seed = 1; seed <= HISTORIES; seed += 1) {
      const graph = randomGraph(seed, shapeOf(seed));
      const origin = writeOrigin(join(root, `${seed}.git`), graph);
      const head = graph.nodes.length - 1 - (seed % 5 === 0 ? seed % 3 : 0);
      const sha = origin.shas[head] ?? '';
      git(origin.directory, ['update-ref', '--no-deref', 'HEAD', sha]);
      const shallow = checkout(origin, sha, { into: join(root, `${seed}-1`), depth: 1 });
      const deeper = checkout(origin, sha, { into: join(root, `${seed}-5`), depth: 5, tags: true });
      for (const workspace of [origin.directory, shallow, deeper])
        for (const folder of [undefined, 'a/']) {
          const paths = folder === undefined ? [] : [`${folder}**`];
          const answer = await historyIn(workspace).read({ form: tagForm('v{version}'), paths, accepts: () => true });
          const expected = reference(graph, origin, { head, ...(folder === undefined ? {} : { folder }) });
          const right =
            JSON.stringify(factsOf(answer)) === JSON.stringify(expected) &&
            childrenFirst(answer) &&
            answer.head.sha === sha;
          if (!right) wrong.push(`${seed} ${workspace.slice(root.length)} ${folder ?? ''}`);
        }
      for (const done of [origin.directory, shallow, deeper]) rmSync(done, { recursive: true, force: true });
    }
    expect(wrong).toEqual([]);
  },
  30 * 60_000
);
