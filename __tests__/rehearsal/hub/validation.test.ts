/* oxlint-disable typescript/no-unsafe-assignment -- answers are looked into as they come */
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { OPERATIONS } from '../../../rehearsal/hub/operations.ts';
import { problemsOf, start } from './client.ts';
import type { Started } from './client.ts';

const text = readFileSync(new URL('../../../rehearsal/hub/github/openapi.json', import.meta.url), 'utf8');
const description = JSON.parse(text);

describe("GitHub's description", () => {
  test('holds exactly the operations the hub serves', () => {
    const described = Object.values<Record<string, { operationId: string }>>(description.paths).flatMap((item) =>
      Object.values(item).map((entry) => entry.operationId)
    );
    expect(described.toSorted()).toEqual(Object.keys(OPERATIONS).toSorted());
  });

  test('names where it is from, and refers to nothing it does not hold', () => {
    expect(description.info).toMatchObject({
      title: expect.stringContaining('@octokit/openapi'),
      license: { name: 'MIT' }
    });
    const wanted = new Set([...text.matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map((match) => match[1]));
    expect(wanted).toEqual(new Set(Object.keys(description.components.schemas)));
  });
});

describe('requests', () => {
  let at: Started;
  beforeAll(async () => {
    at = await start();
  });

  test.each([
    ['POST', '/deployments', {}, 'ref'],
    ['POST', '/deployments', { ref: 'main', auto_merge: 'no' }, '/auto_merge must be boolean'],
    ['POST', '/git/refs', undefined, 'a JSON body is required'],
    ['POST', '/releases', { tag_name: 1 }, '/tag_name must be string'],
    ['GET', '/issues?state=all-of-them', undefined, 'state:'],
    ['GET', '/releases?per_page=many', undefined, 'per_page:']
  ])('%s %s with %j is a 422 that says why', async (method, path, body, why) => {
    const answer = await at.client.ask(method, path, body);
    expect(answer).toMatchObject({ status: 422, body: { message: expect.stringContaining(why) } });
  });

  test('that are no JSON are a 400', async () => {
    expect((await at.client.ask('POST', '/issues', '{')).status).toBe(400);
  });

  test('for an id that is none are a 404', async () => {
    expect((await at.client.ask('GET', '/deployments/latest')).status).toBe(404);
  });
});

test("an answer of ours that breaks GitHub's schema is a loud 500", async () => {
  const at = await start();
  const run = at.hub.startRun({ event: JSON.parse('7'), actor: 'ana', sha: at.sha, ref: 'refs/heads/main' });
  const answer = await at.client.ask('GET', `/actions/runs/${run.id}`);
  expect(answer.status).toBe(500);
  expect(problemsOf(at.hub)).toEqual([expect.stringContaining('actions/get-workflow-run answered 200 against')]);
});
