import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import * as v from 'valibot';
import { PLACEHOLDER, hashOf, readHeader, seal } from '../../scripts/pin-templates/template.ts';
import { VERSION } from './policy.ts';
import { TEMPLATES, askedFor, readWorkflow } from './workflow.ts';
import type { Workflow } from './workflow.ts';

const NUMBER = VERSION.slice(1);
const nameOf = (path: string): string => basename(path, '.yml');

describe('a template', () => {
  test('there are six', () => {
    expect(TEMPLATES.map(nameOf)).toEqual([
      'continuous-delivery',
      'continuous-deployment',
      'delivery-doctor',
      'delivery-report',
      'deploy-version',
      'preview'
    ]);
  });

  test.each(TEMPLATES)('%s says in its first line what it is', (path) => {
    const { text } = readWorkflow(path);
    const found = readHeader(text);
    expect(found?.header).toEqual({ template: nameOf(path), version: NUMBER, sha256: hashOf(found?.body ?? '') });
    expect(seal(nameOf(path), text, { version: NUMBER })).toBe(text);
  });

  test.each(TEMPLATES)('%s is short, and its jobs stand in it', (path) => {
    const { text, workflow } = readWorkflow(path);
    expect(text.trimEnd().split('\n').length).toBeLessThanOrEqual(60);
    expect(Math.max(...text.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(200);
    expect(Object.values(workflow.jobs).filter(({ uses }) => uses !== undefined)).toEqual([]);
  });

  test.each(TEMPLATES)('%s runs no script of its own', (path) => {
    expect(readFileSync(path, 'utf8')).not.toMatch(/\brun:/);
  });
});

describe('the header', () => {
  test('tells every change of what follows', () => {
    const { text } = readWorkflow('workflows-templates/deploy-version.yml');
    const { header, body } = readHeader(text) ?? { header: undefined, body: '' };
    expect(header?.sha256).toBe(hashOf(body));
    fc.assert(
      fc.property(fc.nat({ max: body.length - 1 }), fc.string({ minLength: 1, maxLength: 1 }), (at, other) => {
        const changed = body.slice(0, at) + other + body.slice(at + 1);
        return (hashOf(changed) === header?.sha256) === (changed === body);
      })
    );
  });

  test.each([
    '',
    'name: continuous delivery',
    `# esteira: continuous-delivery@0.1 sha256:${'a'.repeat(64)}`,
    `# esteira: continuous-delivery@0.1.0 sha256:${'A'.repeat(64)}`,
    `# esteira: continuous-delivery@0.1.0 sha256:${'a'.repeat(63)}`,
    `# esteira: continuous-delivery@0.1.0 sha256:${'a'.repeat(64)} `,
    ` # esteira: continuous-delivery@0.1.0 sha256:${'a'.repeat(64)}`
  ])('%j is none', (line) => {
    expect(readHeader(`${line}\nname: x\n`)).toBeUndefined();
  });
});

const withoutGate = ({ name: _, concurrency: __, jobs, ...rest }: Workflow): unknown => {
  const { propose: _propose, production, ...others } = jobs;
  const { needs: _needs, if: _if, concurrency: _concurrency, ...same } = production ?? { needs: [] };
  return { ...rest, jobs: { ...others, production: same } };
};

describe('continuous delivery and continuous deployment', () => {
  const delivery = readWorkflow('workflows-templates/continuous-delivery.yml').workflow;
  const deployment = readWorkflow('workflows-templates/continuous-deployment.yml').workflow;

  test('differ in the gate only', () => {
    expect(withoutGate(deployment)).toEqual(withoutGate(delivery));
  });

  test('one proposes and waits, and holds no group while it does', () => {
    expect(Object.keys(delivery.jobs)).toEqual(['build', 'release', 'staging', 'propose', 'production', 'announce']);
    expect(delivery.concurrency).toBeUndefined();
    expect(delivery.jobs['production']).toMatchObject({
      needs: ['release', 'propose'],
      if: "needs.propose.outputs.changed == 'true'"
    });
  });

  test('the other waits for nobody, so that whole runs queue', () => {
    expect(Object.keys(deployment.jobs)).toEqual(['build', 'release', 'staging', 'production', 'announce']);
    expect(deployment.concurrency).toEqual({ group: 'deliver', queue: 'max' });
    expect(deployment.jobs['production']).toMatchObject({ needs: ['release', 'staging'] });
    expect(deployment.jobs['production']?.if).toBeUndefined();
  });
});

describe('deploy a version', () => {
  const { workflow } = readWorkflow('workflows-templates/deploy-version.yml');

  test('asks for what a person decides, and for nothing else', () => {
    expect(
      Object.entries(askedFor(workflow).inputs).map(([name, { type, required }]) => [name, type, required])
    ).toEqual([
      ['version', 'string', true],
      ['environment', 'environment', true],
      ['reason', 'string', true],
      ['override', 'string', false]
    ]);
  });

  test('delivers the version that was proposed, not what a word such as latest means by then', () => {
    const [step] = workflow.jobs['deploy']?.steps.slice(-1) ?? [];
    expect(step?.with['version']).toBe('${{ needs.propose.outputs.version }}');
  });
});

describe('previews', () => {
  const { workflow } = readWorkflow('workflows-templates/preview.yml');

  test('follow a pull request from its beginning to its end', () => {
    expect(workflow.on['pull_request']).toEqual({ types: ['opened', 'reopened', 'synchronize', 'closed'] });
    expect(Object.keys(workflow.on)).toEqual(['pull_request', 'schedule', 'workflow_dispatch']);
  });

  test('ask people for one name at most', () => {
    expect(askedFor(workflow).inputs).toMatchObject({ preview: { type: 'string', required: false } });
    expect(Object.keys(askedFor(workflow).inputs)).toHaveLength(1);
  });
});

/** GitHub's reference for workflow templates of an organisation; it knows no other keys. */
const Properties = v.strictObject({
  name: v.pipe(v.string(), v.maxLength(60)),
  description: v.pipe(v.string(), v.minLength(20), v.maxLength(200)),
  iconName: v.string(),
  categories: v.pipe(
    v.array(v.picklist(['deployment', 'continuous-integration', 'monitoring', 'automation'])),
    v.minLength(1)
  )
});

describe('the gallery of an organisation', () => {
  test.each(TEMPLATES)('%s has its description and its picture', (path) => {
    const read = readFileSync(path.replace(/\.yml$/, '.properties.json'), 'utf8');
    const properties = v.parse(Properties, JSON.parse(read));
    const picture = readFileSync(`workflows-templates/${properties.iconName}.svg`, 'utf8');
    expect(properties.iconName).toBe(nameOf(path));
    expect(picture).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" viewBox="0 0 64 64" [^>]*aria-label=/);
    expect(picture.replace('http://www.w3.org/2000/svg', '')).not.toMatch(/<script|href|url\(|\bon\w+=|https?:/);
  });

  test('names are unique, and nothing else lies there', () => {
    const files = readdirSync('workflows-templates').toSorted();
    const expected = TEMPLATES.map(nameOf).flatMap((name) => [`${name}.properties.json`, `${name}.svg`, `${name}.yml`]);
    expect(files).toEqual(expected.toSorted());
  });

  test('the placeholder is no commit', () => {
    expect(PLACEHOLDER).toMatch(/^OWNER\/esteira@0{40}$/);
    expect(existsSync('workflows-templates')).toBe(true);
  });
});
