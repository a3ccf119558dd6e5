import { mkdir, mkdtemp, readFile, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readWorkflow, readWorkflows, templateOrigin } from '../../src/config/workflow-files.ts';

const PATH = '.github/workflows/delivery.yml';
const WORKFLOW = `name: delivery
on: push
permissions: {}
concurrency: line
jobs:
  stage:
    runs-on: ubuntu-24.04
    environment: { name: staging, deployment: false }
    concurrency: { group: deliver-staging, queue: max }
    steps:
      - run: echo
      - name: deliver
        uses: acme/esteira@v1 # not pinned
        with: { command: deploy, environment: staging, dry-run: true }
  called:
    environment: production
    concurrency:
      group: x
      cancel-in-progress: \${{ github.ref != 'refs/heads/main' }}
    uses: ./.github/workflows/other.yml
`;

const sealed = (body: string, digest = createHash('sha256').update(body).digest('hex')): string =>
  `# esteira: continuous-delivery@0.1.0 sha256:${digest}\n${body}`;

describe('a workflow as data', () => {
  test('says what the audit asks, with lines', () => {
    expect(readWorkflow(WORKFLOW, PATH)).toEqual({
      path: PATH,
      content: {
        kind: 'read',
        permissions: { empty: true, line: 3 },
        concurrency: { line: 4, keepsAll: false, cancels: false },
        jobs: [
          {
            name: 'stage',
            line: 6,
            environment: 'staging',
            concurrency: { line: 9, keepsAll: true, cancels: false },
            steps: [{ line: 11 }, { line: 13, uses: 'acme/esteira@v1', command: 'deploy', environment: 'staging' }]
          },
          {
            name: 'called',
            line: 15,
            environment: 'production',
            concurrency: { line: 17, keepsAll: false, cancels: true },
            steps: [{ line: 20, uses: './.github/workflows/other.yml' }]
          }
        ]
      }
    });
  });

  test.each([
    ['permissions: read-all\n', false, 1],
    ['permissions: { contents: read }\n', false, 1],
    ['permissions: []\n', false, 1],
    ['', false, 1]
  ])('%j at the top grants something', (line, empty, at) => {
    expect(readWorkflow(`${line}jobs: {}\n`, PATH).content).toMatchObject({ permissions: { empty, line: at } });
  });

  test('what has a form GitHub does not know counts as absent', () => {
    const odd =
      'jobs: { a: { environment: [1], concurrency: 5, steps: { x: 1 } }, b: { steps: [{ uses: 3, with: 4 }] } }\n';
    expect(readWorkflow(odd, PATH).content).toMatchObject({
      jobs: [
        { name: 'a', steps: [] },
        { name: 'b', steps: [{ line: 1 }] }
      ]
    });
  });

  test.each([
    ['a: [\n', /^\d+: /],
    ['a: !tag x\n', /unresolved tag/],
    ['- 1\n', /no workflow/],
    ['jobs: 1\n', /no workflow/]
  ])('%j cannot be read', (text, problem) => {
    expect(readWorkflow(text, PATH).content).toEqual({ kind: 'unreadable', problem: expect.stringMatching(problem) });
  });
});

describe('the header of a copied template', () => {
  test('tells an untouched copy from a changed one; line ends of another system are no change', () => {
    expect(templateOrigin(sealed(WORKFLOW))).toEqual({
      template: 'continuous-delivery',
      version: '0.1.0',
      intact: true
    });
    expect(templateOrigin(sealed(WORKFLOW).replaceAll('\n', '\r\n'))?.intact).toBe(true);
    fc.assert(
      fc.property(fc.nat(WORKFLOW.length - 1), (index) => {
        const changed = `${sealed(WORKFLOW).slice(0, -1 - index)}~${sealed(WORKFLOW).slice(sealed(WORKFLOW).length - index)}`;
        expect(templateOrigin(changed)?.intact).toBe(false);
      })
    );
  });

  test.each(['', 'name: x\n', '# esteira: x\n', '# esteira: x@1.0 sha256:00\n', ' # esteira: x@1.0.0 sha256:\n'])(
    '%j is none',
    (text) => expect(templateOrigin(text)).toBeUndefined()
  );

  test('stands in every template of this repository', async () => {
    const names = (await readdir('workflows-templates')).filter((name) => name.endsWith('.yml'));
    expect(names.length).toBeGreaterThan(0);
    for (const name of names) {
      const { origin, content } = readWorkflow(await readFile(join('workflows-templates', name), 'utf8'), name);
      expect({ ...origin, kind: content.kind }).toMatchObject({
        template: name.replace('.yml', ''),
        intact: true,
        kind: 'read'
      });
    }
  });
});

test('the files of a checkout, by name; none without the folder', async () => {
  const workspace = await mkdtemp(join(tmpdir(), 'workflows-'));
  expect(await readWorkflows(workspace)).toEqual([]);
  const folder = join(workspace, '.github/workflows');
  await mkdir(join(folder, 'folder.yml'), { recursive: true });
  for (const name of ['b.yaml', 'a.yml', 'notes.md']) await writeFile(join(folder, name), WORKFLOW);
  expect((await readWorkflows(workspace)).map(({ path }) => path)).toEqual([
    '.github/workflows/a.yml',
    '.github/workflows/b.yaml'
  ]);
});
