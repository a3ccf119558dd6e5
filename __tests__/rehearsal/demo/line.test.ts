import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { Asker } from '../../../rehearsal/demo/ask.ts';
import { createLine } from '../../../rehearsal/demo/line.ts';
import type { Line } from '../../../rehearsal/demo/line.ts';
import { TEMPLATE, WORKFLOW } from '../../../rehearsal/demo/project.ts';
import { createScreen } from '../../../rehearsal/demo/screen.ts';
import { openSite } from '../../../rehearsal/demo/site.ts';
import type { Site } from '../../../rehearsal/demo/site.ts';
import { pagesFolder } from '../../../rehearsal/engine/shims/deploy-pages.ts';
import { createGit } from '../../../rehearsal/hub/git.ts';

// five jobs with real processes each
jest.setTimeout(60_000);

const REPORT_TEMPLATE = 'workflows-templates/delivery-report.yml';
const ACTION = join(import.meta.dirname, 'fixtures', 'line');

let target: string;
let site: Site;
let interrupted: AbortController;
let said: string[];
let logs: string[];
beforeEach(async () => {
  target = mkdtempSync(join(tmpdir(), 'demo-line-'));
  mkdirSync(target, { recursive: true });
  [interrupted, said, logs] = [new AbortController(), [], []];
  site = await openSite({ action: ACTION, machine: { TARGET: target } });
});
afterEach(async () => {
  await site.rehearsal.close();
  rmSync(target, { recursive: true, force: true });
});

const running = (): Record<string, string> =>
  Object.fromEntries(readdirSync(target).map((name) => [name, readFileSync(join(target, name), 'utf8')]));

/** Somebody who says nothing until the question is withdrawn, or all is over; what they do meanwhile is the test's. */
const silent = (meanwhile: () => void = () => undefined): Asker => ({
  where: 'in the terminal',
  close: () => undefined,
  approves: (_, withdrawn) =>
    new Promise((resolve) => {
      for (const signal of [withdrawn, interrupted.signal]) signal.addEventListener('abort', () => resolve(undefined));
      meanwhile();
    })
});

const saying = (answer: boolean): Asker => ({ ...silent(), approves: () => Promise.resolve(answer) });

interface Given {
  readonly asker: Asker;
  readonly files?: Readonly<Record<string, string>>;
}

const lineOf = ({ asker, files = {} }: Given): Line => {
  const all = { [WORKFLOW]: readFileSync(TEMPLATE, 'utf8'), VERSION: '0.1.0\n', ...files };
  return createLine({
    ...site,
    asker,
    signal: interrupted.signal,
    project: { files: () => all, change: () => Promise.resolve(), executable: [] },
    screen: createScreen({ write: (text) => void said.push(text), colours: false }),
    keepLog: (name) => void logs.push(name)
  });
};

const onlyRun = () => {
  const [run, ...others] = site.rehearsal.runs();
  if (run === undefined || others.length > 0) throw new Error('one run was to be expected');
  return run;
};

const runAddress = (): string => `${site.rehearsal.hub.url}/acme/shop/actions/runs/${onlyRun().id}`;

/** What the browser does with the form of the page. */
const pressOnPage = async (state: string): Promise<Response> => {
  const page = await (await fetch(runAddress())).text();
  const token = /name="token"\s+value="([^"]+)"/.exec(page)?.[1] ?? '';
  return fetch(`${runAddress()}/review`, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams({ token, environment: 'production', state })
  });
};

describe('a push in the demo', () => {
  test('goes through the template to the letter, and waits for the answer before production', async () => {
    const seen: string[] = [];
    const asker: Asker = {
      ...silent(),
      approves: async (question) => {
        seen.push(question, ...site.rehearsal.jobs(onlyRun()).map(({ key, status }) => `${key} ${status}`));
        seen.push(JSON.stringify(running()));
        return true;
      }
    };
    const { deliveries, verdict } = await lineOf({ asker }).deliver('feat: open');
    expect(deliveries).toEqual([
      {
        version: '0.1.0',
        environment: 'staging',
        decision: 'done',
        reasonCode: 'delivered',
        apiCalls: 1,
        seconds: expect.any(Number)
      },
      {
        version: '0.1.0',
        environment: 'production',
        decision: 'done',
        reasonCode: 'delivered',
        apiCalls: 1,
        seconds: expect.any(Number)
      }
    ]);
    expect(verdict).toEqual({ state: 'approved', by: 'rui', where: 'in the terminal' });
    expect(seen).toEqual([
      'approve 0.1.0?',
      'build completed',
      'release completed',
      'staging completed',
      'propose completed',
      'production waiting',
      '{"staging":"0.1.0"}'
    ]);
    const pushed = await createGit(site.rehearsal.hub.bare).run(['show', `main:${WORKFLOW}`]);
    expect(pushed).toBe(readFileSync(TEMPLATE, 'utf8'));
    expect(logs.map((name) => name.replace(/^\d+-/, ''))).toEqual([
      'build',
      'release',
      'staging',
      'propose',
      'production',
      'announce'
    ]);
    expect(said.join('')).toMatch(
      /propose +1 change, proven in staging[\s\S]*· what is new \(ana\)[\s\S]*waits for rui/
    );
    expect(site.rehearsal.hub.problems).toEqual([]);
  });

  test('that breaks in production says so', async () => {
    const { deliveries } = await lineOf({ asker: saying(true), files: { BREAKS: 'yes' } }).deliver('feat: break');
    expect(deliveries.map(({ environment, decision }) => `${environment} ${decision}`)).toEqual([
      'staging done',
      'production rolled-back'
    ]);
    expect(said.join('')).toContain('0.1.0 does not work here and was rolled back');
  });

  test('that is rejected reaches staging only', async () => {
    const { deliveries, verdict } = await lineOf({ asker: saying(false) }).deliver('feat: open');
    expect(deliveries.map(({ environment }) => environment)).toEqual(['staging']);
    expect(verdict?.state).toBe('rejected');
    expect(running()).toEqual({ staging: '0.1.0' });
    expect(site.rehearsal.runs()[0]?.conclusion).toBe('failure');
  });

  test.each(['approved', 'rejected'])('is %s on the page, and the terminal is told', async (state) => {
    const answers: Promise<Response>[] = [];
    const asker = silent(() => void answers.push(pressOnPage(state)));
    const { verdict } = await lineOf({ asker }).deliver('feat: open');
    expect(verdict).toEqual({ state, by: 'rui', where: 'on the page' });
    const answer = await answers[0];
    expect([answer?.status, answer?.headers.get('location')]).toEqual([303, new URL(runAddress()).pathname]);
    expect(said.join('')).toContain(`0.1.0 ${state} by rui on the page`);
    expect(Object.keys(running())).toEqual(state === 'approved' ? ['production', 'staging'] : ['staging']);
  });

  test('answered in the terminal first: the page is told', async () => {
    const page: { before?: string } = {};
    const asker: Asker = {
      ...silent(),
      approves: async () => {
        page.before = await (await fetch(runAddress())).text();
        return true;
      }
    };
    await lineOf({ asker }).deliver('feat: open');
    const token = /name="token"\s+value="([^"]+)"/.exec(page.before ?? '')?.[1] ?? '';
    const body = new URLSearchParams({ token, environment: 'production', state: 'rejected' });
    const late = await fetch(`${runAddress()}/review`, { method: 'POST', body });
    expect(late.status).toBe(409);
    expect(await late.text()).toContain('Somebody was faster: rui has approved it in the terminal.');
    expect(running()).toEqual({ staging: '0.1.0', production: '0.1.0' });
  });

  test('answered on the page first: a yes at the same moment is told, and does not count', async () => {
    const asker: Asker = { ...silent(), approves: async () => (await pressOnPage('rejected')).status === 303 };
    const { verdict } = await lineOf({ asker }).deliver('feat: open');
    expect(verdict).toMatchObject({ state: 'rejected', where: 'on the page' });
    expect(said.join('')).toContain('too late: somebody was faster');
    expect(running()).toEqual({ staging: '0.1.0' });
  });

  test('ends with the page, by the template of the report to the letter', async () => {
    const files = { '.github/workflows/delivery-report.yml': readFileSync(REPORT_TEMPLATE, 'utf8') };
    const line = lineOf({ asker: saying(true), files });
    await expect(line.report()).rejects.toThrow('before the first delivery');
    await line.deliver('feat: open');
    await line.report();
    expect(readFileSync(join(pagesFolder(site.rehearsal.directory), 'index.html'), 'utf8')).toBe('0.1.0 is live');
    expect(said.join('')).toMatch(/report +2 deliveries[\s\S]*publish +the page is published/);
  });

  test('whose page was not published says so', async () => {
    const text = readFileSync(REPORT_TEMPLATE, 'utf8').replace('pages: write', 'pages: read');
    const line = lineOf({ asker: saying(true), files: { '.github/workflows/delivery-report.yml': text } });
    await line.deliver('feat: open');
    await expect(line.report()).rejects.toThrow('the report ended with failure');
  });

  test('is cancelled when the person interrupts; nothing is pushed after that', async () => {
    const line = lineOf({ asker: silent(() => interrupted.abort()) });
    const { deliveries, verdict } = await line.deliver('feat: open');
    expect([deliveries.length, verdict, onlyRun().conclusion]).toEqual([1, undefined, 'cancelled']);
    await expect(line.deliver('feat: more')).rejects.toThrow('aborted');
    expect(site.rehearsal.runs()).toHaveLength(1);
  });
});
