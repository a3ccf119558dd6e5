import { resolve as resolvePath } from 'node:path';
import { actionInputs, findAction, shimInputs, unexpectedInputs } from './actions.ts';
import type { JavaScriptAction } from './actions.ts';
import { RehearsalError, messageOf } from './errors.ts';
import { resolveText, resolveTexts } from './expressions.ts';
import type { Scope } from './expressions.ts';
import type { Machine } from './machine.ts';
import type { RunDefaults, RunStep, Step, UsesStep } from './model.ts';
import type { Shim } from './shims/shim.ts';
import type { Texts } from './site.ts';
import { runProcess, runScript } from './step-process.ts';
import type { ProcessEnd } from './step-process.ts';

/** What a step leaves to be done when the job ends. */
export interface Post {
  readonly name: string;
  readonly condition: string;
  carryOut(signal: AbortSignal): Promise<boolean>;
}

export interface StepWork {
  readonly ok: boolean;
  readonly outputs: Texts;
  readonly summary: string;
  readonly post: Post | undefined;
}

export interface StepCall {
  readonly machine: Machine;
  readonly name: string;
  readonly id: string;
  readonly env: Texts;
  readonly signal: AbortSignal;
  /** `defaults.run` of the job over those of the workflow. */
  readonly defaults: RunDefaults;
}

const fail = ({ annotations, log }: Machine, message: string): void => {
  annotations.push({ level: 'error', message });
  log.push(`##[error]${message}`);
};

/** What the runner made of the process: a bad command file fails the step as a bad exit code does. */
const judge = (machine: Machine, end: ProcessEnd): boolean => {
  for (const problem of end.problems) fail(machine, problem);
  if (end.exitCode !== 0) fail(machine, `Process completed with exit code ${end.exitCode}.`);
  return end.exitCode === 0 && !end.problems.some((problem) => problem.startsWith('Invalid'));
};

const script = async (step: RunStep, call: StepCall): Promise<StepWork> => {
  const { machine, env, id, signal, defaults } = call;
  const scope = machine.scope(env);
  const [shell, directory] = [step.shell ?? defaults.shell, step.directory ?? defaults.directory];
  const text = resolveText(step.run, scope);
  machine.log.push(`##[group]Run ${text.trim().split('\n')[0] ?? ''}`, '##[endgroup]');
  const end = await runScript(machine, {
    script: text,
    shell: shell === undefined ? '' : resolveText(shell, scope),
    directory: resolvePath(machine.workspace, directory === undefined ? '' : resolveText(directory, scope)),
    variables: machine.variables(env, id),
    signal
  });
  return { ok: judge(machine, end), outputs: end.stepOutputs, summary: end.summary, post: undefined };
};

const stateVariables = (state: Texts): Texts =>
  Object.fromEntries(Object.entries(state).map(([name, value]) => [`STATE_${name}`, value]));

interface ActionCall extends StepCall {
  readonly action: JavaScriptAction;
  readonly inputs: Texts;
}

const postOf = (call: ActionCall, state: Texts): Post | undefined => {
  const { action, machine, env, id, inputs, name } = call;
  const { post } = action;
  if (post === undefined) return undefined;
  return {
    name: `Post ${name}`,
    condition: action.postIf,
    carryOut: async (signal) => {
      const variables = { ...machine.variables(env, id), ...stateVariables(state) };
      return judge(
        machine,
        await runProcess(machine, { file: post, inputs, variables, directory: machine.workspace, signal })
      );
    }
  };
};

const javaScript = async (call: ActionCall): Promise<StepWork> => {
  const { action, machine, env, id, inputs, signal } = call;
  const variables = machine.variables(env, id);
  const end = await runProcess(machine, { file: action.main, inputs, variables, directory: machine.workspace, signal });
  return {
    ok: judge(machine, end),
    outputs: end.stepOutputs,
    summary: end.summary,
    post: postOf(call, end.state)
  };
};

const warnUnexpected = (machine: Machine, action: JavaScriptAction, given: Texts): void => {
  const names = unexpectedInputs(action, given);
  if (names.length === 0) return;
  const valid = [...action.inputs.keys()].map((name) => `'${name}'`).join(', ');
  const message = `Unexpected input(s) '${names.join("', '")}', valid inputs are [${valid}]`;
  machine.annotations.push({ level: 'warning', message });
};

const standIn = async (shim: Shim, inputs: Texts, { machine, name }: StepCall): Promise<StepWork> => {
  try {
    const { outputs, post } = await shim.run({ inputs, machine, say: (line) => void machine.log.push(line) });
    const later: Post | undefined = post && {
      name: `Post ${name}`,
      condition: 'always()',
      carryOut: async () => {
        await post();
        return true;
      }
    };
    return { ok: true, outputs, summary: '', post: later };
  } catch (error) {
    if (error instanceof RehearsalError) throw error;
    fail(machine, messageOf(error));
    return { ok: false, outputs: {}, summary: '', post: undefined };
  }
};

/** `github.action_path` and the like are the step's own; composite actions, which need them, are not known. */
const uses = async (step: UsesStep, call: StepCall): Promise<StepWork> => {
  const { machine, env } = call;
  const scope: Scope = machine.scope(env);
  const given = resolveTexts(step.with, scope);
  machine.log.push(`##[group]Run ${step.uses}`, '##[endgroup]');
  const found = await findAction(step.uses, machine.site.actions, machine.workspace);
  if (found.kind === 'shim') return standIn(found.shim, shimInputs(step.uses, found.shim, given), call);
  warnUnexpected(machine, found, given);
  return javaScript({ ...call, action: found, inputs: actionInputs(found, given, scope) });
};

export const workOf = (step: Step, call: StepCall): Promise<StepWork> =>
  step.kind === 'run' ? script(step, call) : uses(step, call);
