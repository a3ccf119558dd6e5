import { describe, expect, test } from '@jest/globals';
import { deliveryFiles } from '../../scripts/lint-workflows/delivery-files.ts';
import { locate } from '../../scripts/lint-workflows/judge.ts';
import type { Finding, Judge } from '../../scripts/lint-workflows/judge.ts';
import { sift } from '../../scripts/lint-workflows/known-false.ts';
import { languageService } from '../../scripts/lint-workflows/language-service.ts';
import { scriptsOf } from '../../scripts/lint-workflows/shellcheck.ts';
import { kindOf, snippetsOf } from '../../scripts/lint-workflows/subjects.ts';
import type { Subject } from '../../scripts/lint-workflows/subjects.ts';
import { cacheFolder } from '../../scripts/lint-workflows/tools.ts';
import { ignoresOf } from '../../scripts/lint-workflows/zizmor.ts';
import { readWorkflow } from './workflow.ts';

const subject = (kind: Subject['kind'], text: string, offset = 0): Subject => ({
  kind,
  file: 'page.md',
  offset,
  text,
  path: '/elsewhere/page-md-1.yml'
});

const findings = async ({ judge }: Judge, ...subjects: readonly Subject[]): Promise<readonly string[]> => {
  const verdict = await judge(subjects);
  return verdict.kind === 'skipped'
    ? [verdict.why]
    : verdict.findings.map(({ line, message }) => `${line}: ${message}`);
};

const TEMPLATE = readWorkflow('workflows-templates/continuous-delivery.yml').text;

describe('snippets of a page', () => {
  test('are the YAML blocks, with their place', () => {
    const page = [
      '# x',
      '',
      '```yaml',
      'a: 1',
      '```',
      '',
      '- y',
      '  ```yml',
      '  b: 2',
      '    c: 3',
      '  ```',
      '```sh',
      'ls',
      '```'
    ];
    expect(snippetsOf(page.join('\n'))).toEqual([
      { offset: 3, text: 'a: 1\n' },
      { offset: 8, text: 'b: 2\n  c: 3\n' }
    ]);
  });

  test('the blank for a commit is filled in', () => {
    expect(snippetsOf('```yaml\nuses: A/b@<full commit SHA>\n```')).toEqual([
      { offset: 1, text: `uses: A/b@${'0'.repeat(40)}\n` }
    ]);
  });

  test.each([
    ['on: push\njobs: {}', 'workflow'],
    ['jobs: {}', undefined],
    ['runs: {}', 'action'],
    ['build: {}', 'delivery'],
    ['- uses: x', undefined],
    ['a: [', undefined]
  ])('%j is a %s', (text, kind) => {
    expect(kindOf(text)).toBe(kind);
  });
});

describe("GitHub's language service", () => {
  test.each([
    ['a switch that is none', 'deployment: false', 'deployment: maybe', /boolean/i],
    ['a queue that does not exist', 'queue: max', 'queue: most', /most/],
    ['a scope that does not exist', 'actions: read', 'action: read', /action/],
    ['a job that does not exist', 'needs: build', 'needs: bulid', /bulid/],
    ['a context that does not exist', 'steps.build.outputs', 'step.build.outputs', /step/],
    ['an input of GitHub’s actions', 'retention-days: 7', 'retention: 7', /Invalid action input 'retention'/],
    ['an input of ours', '{ command: build }', '{ command: build, comand: x }', /Invalid action input 'comand'/],
    ['our required input', '{ command: build }', '{ language: en }', /Missing required input `command`/]
  ])('finds %s', async (_, from, to, problem) => {
    const text = TEMPLATE.replace(from, to);
    expect(text).not.toBe(TEMPLATE);
    expect((await findings(languageService, subject('workflow', text))).join('\n')).toMatch(problem);
  });

  test('names the line of the page', async () => {
    const text = 'on: push\njobs:\n  a:\n    runs-on: x\n    steps: [{ run: "${{ nothing.here }}" }]\n';
    expect((await findings(languageService, subject('workflow', text, 40)))[0]).toMatch(/^45: .*nothing/);
  });
});

describe('delivery files', () => {
  test('name the line of the page', async () => {
    expect((await findings(deliveryFiles, subject('delivery', 'build: {}\nbuidl: {}\n', 10)))[0]).toMatch(
      /^12: .*buidl/
    );
  });
});

describe('what is known to be false', () => {
  const finding: Finding = { file: 'a.yml', line: 1, rule: 'r', message: 'known words' };
  const entry = { tool: 't', file: /a/, rule: /^r$/, message: /known/, reason: 'because' };

  test('is taken out and counted', () => {
    expect(sift('t', [finding, { ...finding, message: 'other' }], [entry])).toEqual({
      findings: [{ ...finding, message: 'other' }],
      known: 1
    });
  });

  test('is a finding itself when nothing needs it', () => {
    expect(sift('t', [], [entry]).findings.map(({ rule }) => rule)).toEqual(['not-needed']);
    expect(sift('another', [], [entry]).findings).toEqual([]);
  });
});

describe('ignores and scripts', () => {
  test('an ignore has its place, its rule and its reason', () => {
    const text = 'a\nb # zizmor: ignore[some-rule] because\nc # zizmor: ignore[other]\n';
    expect(ignoresOf({ file: 'f', offset: 5, text })).toEqual([
      { file: 'f', line: 7, rule: 'some-rule', reason: 'because' },
      { file: 'f', line: 8, rule: 'other', reason: '' }
    ]);
  });

  test('a script has its place', () => {
    const text =
      'defaults: { run: { shell: bash } }\njobs:\n  a:\n    steps:\n      - run: |\n          ls\n      - run: pwd\n';
    expect(scriptsOf({ file: 'f', offset: 1, text })).toEqual([
      { file: 'f', line: 6, text: 'ls\n' },
      { file: 'f', line: 8, text: 'pwd' }
    ]);
  });

  test('a tool names a file in its own way', () => {
    const subjects = [subject('workflow', '', 30)];
    expect(locate(subjects, '../elsewhere/page-md-1.yml', 2)).toEqual({ file: '../elsewhere/page-md-1.yml', line: 2 });
    expect(locate(subjects, '/elsewhere/page-md-1.yml', 2)).toEqual({ file: 'page.md', line: 32 });
  });

  test('tools stay where caches stay', () => {
    expect(cacheFolder({ XDG_CACHE_HOME: '/c' })).toBe('/c/esteira');
    expect(cacheFolder({})).toMatch(/\.cache\/esteira$/);
  });
});
