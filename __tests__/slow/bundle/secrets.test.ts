import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { REASONS } from '../../../src/contract.ts';
import type { CommandName } from '../../../src/contract.ts';
import { openEcho } from '../../bundle/echo.ts';
import type { Echo, Failure } from '../../bundle/echo.ts';
import { PROJECT, openProject } from '../../bundle/harness.ts';
import type { JobRequest, Workshop } from '../../bundle/harness.ts';
import { CANARIES, leaksIn, saidBy } from '../../bundle/leaks.ts';

const FAILURES: readonly Failure[] = [422, 403, 'text', 404, 401];
/** More requests than any command makes. */
const MOST = 20;

const places = (kind: string): readonly string[] => Array.from({ length: MOST }, (_, n) => `${kind}-${n}`);

const FILES = {
  '.github/delivery.yml': [...places('well'), ...places('sick')].reduce(
    (text, name) => `${text}  ${name}: {}\n`,
    PROJECT['.github/delivery.yml'] ?? ''
  ),
  'health.txt': places('sick')
    .map((name) => `sick in ${name}\n`)
    .join('')
};

interface Question {
  readonly command: CommandName;
  /** The inputs of the nth try: each delivery needs a place where nothing was tried before. */
  readonly inputs?: (nth: number) => Readonly<Record<string, string>>;
  /** How it ends when nothing fails. */
  readonly ending: string;
}

const ANYWAY = { override: 'line-stopped', reason: 'the next try' };

const QUESTIONS: Readonly<Record<string, Question>> = {
  plan: { command: 'plan', ending: 'planned' },
  build: { command: 'build', inputs: () => ({ 'dry-run': 'true' }), ending: 'dry-run' },
  release: { command: 'release', ending: 'already-released' },
  propose: { command: 'propose', inputs: () => ({ environment: 'production' }), ending: 'proposed' },
  verify: { command: 'verify', inputs: () => ({ environment: 'staging' }), ending: 'verified' },
  doctor: { command: 'doctor', inputs: () => ({ environment: 'staging' }), ending: 'examined' },
  'a delivery': {
    command: 'deploy',
    inputs: (nth) => ({ environment: `well-${nth}`, ...ANYWAY }),
    ending: 'delivered'
  },
  'a delivery that breaks': {
    command: 'deploy',
    inputs: (nth) => ({ environment: `sick-${nth}`, ...ANYWAY }),
    ending: 'verification-failed'
  }
};

describe('a server that says back whatever it was told', () => {
  let shop: Workshop & { readonly first: string };
  let echo: Echo;
  let request: JobRequest;
  beforeAll(async () => {
    shop = await openProject();
    echo = await openEcho(shop.hub);
    const { run, version } = await shop.stage(await shop.hub.commit({ message: 'fix: next', files: FILES }));
    const { workspace } = await shop.job('build', { run });
    execFileSync('git', ['remote', 'set-url', 'origin', `${echo.url}/acme/shop.git`], { cwd: workspace });
    request = { run, workspace, environment: echo.environment };
    if (version !== '0.1.0') throw new Error(version);
  });
  afterAll(async () => {
    await echo.stop();
    await shop.close();
  });

  interface Tried {
    readonly failed: boolean;
    readonly reason: string;
    /** Secrets said or kept, and whatever the runner found wrong. */
    readonly wrong: readonly unknown[];
  }

  const attempt = async ({ command, inputs = () => ({}) }: Question, nth: number): Promise<Tried> => {
    echo.failAt(nth, FAILURES[nth % FAILURES.length] ?? 422);
    const job = await shop.job(command, { ...request, inputs: inputs(nth) });
    const secrets = [job.token, ...CANARIES];
    const held = await shop.hub.snapshot();
    const leaks = leaksIn(`${saidBy(job, secrets)}\n${JSON.stringify(held)}`, secrets);
    const reason = job.outputs['reason-code'] ?? '';
    return { failed: echo.failed, reason, wrong: [...leaks, ...job.problems, ...job.forbidden, ...job.dropped] };
  };

  test.each(Object.entries(QUESTIONS))(
    '%s: at whichever request it fails, nothing of that is said or kept',
    async (_, question) => {
      const tried: Tried[] = [];
      for (let nth = 0; nth < MOST && tried.at(-1)?.failed !== false; nth += 1)
        tried.push(await attempt(question, nth));
      expect(tried.flatMap(({ wrong }) => wrong)).toEqual([]);
      expect(tried.filter(({ reason }) => !(reason in REASONS))).toEqual([]);
      const last = tried.at(-1);
      expect([last?.failed, last?.reason]).toEqual([false, question.ending]);
      expect(tried.length).toBeGreaterThan(3);
    },
    120_000
  );
});
