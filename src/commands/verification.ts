import type { HttpCheck, VerifyProcess } from '../domain/release.ts';
import type { ProbeResult } from '../ports.ts';
import { fill, inRow, judge, pauseAfter } from '../rules/judge-verification.ts';
import { assertNotCancelled } from './context.ts';
import type { Context } from './context.ts';
import { runStep, variablesOf } from './procedure.ts';
import type { Installation } from './procedure.ts';

export interface Verification {
  /** Absent: the environment proved itself. */
  readonly problem?: string;
  readonly attempts: number;
}

interface Look {
  readonly good: boolean;
  readonly problem?: string;
}

/** No single request may take longer than this, whatever is left of the deadline. */
const REQUEST_SECONDS = 10;

const lookAt = (answer: ProbeResult, check: HttpCheck): Look => {
  if (answer.kind === 'no-answer') return { good: false, problem: answer.problem };
  if (answer.status !== check.status) return { good: false, problem: `status ${answer.status}, not ${check.status}` };
  return answer.contains ? { good: true } : { good: false, problem: `body without "${check.contains ?? ''}"` };
};

const filled = (check: HttpCheck, { environment, release }: Installation): HttpCheck => {
  const values = { environment: environment.name, version: release.manifest.version };
  return {
    ...check,
    url: fill(check.url, values),
    ...(check.contains === undefined ? {} : { contains: fill(check.contains, values) })
  };
};

type LookOnce = (secondsLeft: number) => Promise<Look>;

const httpLook =
  (context: Context, check: HttpCheck): LookOnce =>
  async (secondsLeft) =>
    lookAt(await context.ports.probe.get(check, Math.max(1, Math.min(REQUEST_SECONDS, secondsLeft))), check);

const scriptLook =
  (context: Context, installation: Installation, script: string): LookOnce =>
  async (secondsLeft) => {
    const { problem } = await runStep(context, {
      label: 'verify',
      script,
      directory: installation.release.files,
      variables: variablesOf(installation),
      timeoutSeconds: Math.max(1, secondsLeft)
    });
    return problem === undefined ? { good: true } : { good: false, problem };
  };

interface Trial {
  readonly look: LookOnce;
  readonly needed: number;
  /** Monotonic second by which it must have passed. */
  readonly deadline: number;
}

const report = (context: Context, looks: readonly Look[], needed: number): void => {
  const problem = looks.at(-1)?.problem;
  context.say({
    kind: 'attempt',
    number: looks.length,
    inRow: inRow(looks),
    needed,
    ...(problem === undefined ? {} : { problem })
  });
};

const tryUntil = async (context: Context, { look, needed, deadline }: Trial): Promise<Verification> => {
  const { clock } = context.ports;
  const left = (): number => deadline - clock.elapsed();
  const looks: Look[] = [];
  for (;;) {
    looks.push(await look(left()));
    report(context, looks, needed);
    const judgement = judge({ looks, needed, secondsLeft: left() });
    if (judgement === 'passed') return { attempts: looks.length };
    if (judgement === 'failed') return { attempts: looks.length, problem: looks.at(-1)?.problem ?? 'flapping' };
    await clock.sleep(Math.min(pauseAfter(looks), Math.max(0, left())));
    assertNotCancelled(context, 'verify');
  }
};

/** HTTP first, for it is cheap and waits for the start; then the script. Both share one deadline. */
export const verifyInstallation = async (
  context: Context,
  installation: Installation,
  process: VerifyProcess
): Promise<Verification> => {
  const deadline = context.ports.clock.elapsed() + process.withinSeconds;
  let attempts = 0;
  if (process.http !== undefined) {
    const check = filled(process.http, installation);
    const answer = await tryUntil(context, { look: httpLook(context, check), needed: check.successes, deadline });
    if (answer.problem !== undefined) return answer;
    attempts += answer.attempts;
  }
  if (process.run === undefined) return { attempts };
  const ended = await tryUntil(context, { look: scriptLook(context, installation, process.run), needed: 1, deadline });
  return { ...ended, attempts: attempts + ended.attempts };
};
