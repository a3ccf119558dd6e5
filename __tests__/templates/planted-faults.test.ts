import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { actionlint } from '../../scripts/lint-workflows/actionlint.ts';
import type { Judge } from '../../scripts/lint-workflows/judge.ts';
import { languageService } from '../../scripts/lint-workflows/language-service.ts';
import { shellcheck } from '../../scripts/lint-workflows/shellcheck.ts';
import { ACTIONLINT, ZIZMOR, cacheFolder, shellcheckTool } from '../../scripts/lint-workflows/tools.ts';
import { zizmor } from '../../scripts/lint-workflows/zizmor.ts';
import { readWorkflow } from './workflow.ts';

const folder = mkdtempSync(join(tmpdir(), 'planted-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const cache = cacheFolder(process.env);

/** Tools that `lint:workflows` has fetched already; a test fetches nothing. */
const fetched = (name: string): boolean => existsSync(join(cache, name));
const when = (there: boolean): typeof test | typeof test.skip => (there ? test : test.skip);

const TEMPLATE = readWorkflow('workflows-templates/continuous-delivery.yml').text;
const UPLOAD = '      - uses: actions/upload';

/** What the judge says of the template in which one thing was changed; the file it reads is a copy. */
const rulesFor = async (judge: Judge, from: string, to: string): Promise<readonly string[]> => {
  const text = TEMPLATE.replace(from, to);
  const path = join(folder, 'planted.yml');
  writeFileSync(path, text);
  const verdict = await judge.judge([{ kind: 'workflow', file: 'planted.yml', offset: 0, text, path }]);
  return verdict.kind === 'skipped' ? [] : verdict.findings.map(({ rule, message }) => `${rule}: ${message}`);
};

const script = (run: string): readonly [string, string] => [
  UPLOAD,
  `      - { run: '${run}', shell: bash }\n${UPLOAD}`
];

/** Found in the changed copy, and only there. */
const mustFind = async (judge: Judge, change: readonly [string, string], problem: RegExp): Promise<void> => {
  const [before, after] = [await rulesFor(judge, '', ''), await rulesFor(judge, ...change)];
  expect(before.filter((each) => problem.test(each))).toEqual([]);
  expect(after.filter((each) => problem.test(each))).not.toEqual([]);
};

describe('each judge finds a fault planted in a copy of a template', () => {
  when(true)("GitHub's language service: a job that does not exist", async () => {
    await mustFind(languageService, ['needs: build', 'needs: bulid'], /bulid/);
  });

  when(fetched(`actionlint-${ACTIONLINT}`))('actionlint: a property that does not exist', async () => {
    await mustFind(actionlint(cache), script('echo ${{ github.evnt_name }}'), /evnt_name/);
  });

  when(fetched(`zizmor-${ZIZMOR}`))('zizmor: what a stranger writes becomes a script', async () => {
    await mustFind(zizmor(cache), script('echo ${{ github.event.head_commit.message }}'), /^template-injection/);
  });

  when(fetched(`zizmor-${ZIZMOR}`))('zizmor, what only its strictest persona says', async () => {
    await mustFind(zizmor(cache), ['runs-on: ubuntu-24.04', 'runs-on: self-hosted'], /^self-hosted-runner/);
  });

  when(shellcheckTool().kind === 'found')('shellcheck: a variable without quotes', async () => {
    await mustFind(shellcheck(join(folder, 'scripts')), script('rm $HOME/$1'), /^SC2086/);
  });
});
