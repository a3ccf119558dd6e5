import type { Tree } from './document.ts';
import { RehearsalError } from './errors.ts';
import type {
  CallEvent,
  Events,
  Filter,
  InputDefinition,
  InputType,
  PullRequestEvent,
  PushEvent,
  WorkflowRunEvent
} from './model.ts';
import { NO_FIELDS, fieldsOf, itemsOf, knownFields, scalarAt, textAt, textsAt } from './tree.ts';
import type { Fields } from './tree.ts';

const filterOf = (fields: Fields, name: string): Filter => {
  const [only, ignore] = [fields.get(name), fields.get(`${name}-ignore`)];
  if (only !== undefined && ignore !== undefined) {
    throw new RehearsalError(`on: ${name} and ${name}-ignore cannot stand together`);
  }
  return {
    only: only === undefined ? undefined : textsAt(only, `on.${name}`),
    ignore: ignore === undefined ? undefined : textsAt(ignore, `on.${name}-ignore`)
  };
};

const both = (...names: readonly string[]): string[] => names.flatMap((name) => [name, `${name}-ignore`]);

const pushOf = (tree: Tree): PushEvent => {
  const fields = knownFields(tree, 'on.push', both('branches', 'tags', 'paths'));
  return { branches: filterOf(fields, 'branches'), tags: filterOf(fields, 'tags'), paths: filterOf(fields, 'paths') };
};

/** What starts a run when `types` is absent (docs: "Events that trigger workflows"). */
const DEFAULT_TYPES = ['opened', 'synchronize', 'reopened'];

const pullRequestOf = (tree: Tree): PullRequestEvent => {
  const fields = knownFields(tree, 'on.pull_request', [...both('branches', 'paths'), 'types']);
  const types = fields.get('types');
  return {
    branches: filterOf(fields, 'branches'),
    paths: filterOf(fields, 'paths'),
    types: types === undefined ? DEFAULT_TYPES : textsAt(types, 'on.pull_request.types')
  };
};

/** Only ended runs: the engine does not play `requested` and `in_progress`. */
const workflowRunOf = (tree: Tree): WorkflowRunEvent => {
  const fields = knownFields(tree, 'on.workflow_run', ['workflows', 'types', ...both('branches')]);
  const types = fields.get('types');
  const named = types === undefined ? ['requested', 'completed'] : textsAt(types, 'on.workflow_run.types');
  const unknown = named.find((type) => type !== 'completed');
  if (unknown !== undefined)
    throw new RehearsalError(`on.workflow_run: the engine does not know the type "${unknown}"`);
  return {
    workflows: textsAt(fields.get('workflows'), 'on.workflow_run.workflows'),
    branches: filterOf(fields, 'branches')
  };
};

const TYPES: readonly InputType[] = ['string', 'number', 'boolean', 'choice', 'environment'];

const inputOf = ([name, tree]: readonly [string, Tree]): InputDefinition => {
  const where = `input ${name}`;
  const known = ['description', 'type', 'required', 'default', 'options', 'deprecationMessage'];
  const fields = knownFields(tree, where, known);
  const written = textAt(fields.get('type'), where) ?? 'string';
  const type = TYPES.find((each) => each === written);
  if (type === undefined) throw new RehearsalError(`${where}: the engine does not know the type "${written}"`);
  return {
    name,
    type,
    required: scalarAt(fields.get('required'), where) === true,
    fallback: fields.get('default'),
    options: textsAt(fields.get('options'), where)
  };
};

const inputsOf = (fields: Fields): readonly InputDefinition[] =>
  [...fieldsOf(fields.get('inputs'), 'inputs')].map(inputOf);

const callOf = (tree: Tree): CallEvent => {
  const fields = knownFields(tree, 'on.workflow_call', ['inputs', 'secrets', 'outputs']);
  const secrets = [...fieldsOf(fields.get('secrets'), 'secrets')].map(([name, secret]) => {
    const known = knownFields(secret, `secret ${name}`, ['description', 'required']);
    return [name, { required: scalarAt(known.get('required'), name) === true }] as const;
  });
  const outputs = [...fieldsOf(fields.get('outputs'), 'outputs')].map(([name, output]): [string, Tree] => {
    const value = knownFields(output, `output ${name}`, ['description', 'value']).get('value');
    if (value === undefined) throw new RehearsalError(`output ${name} has no value`);
    return [name, value];
  });
  return { inputs: inputsOf(fields), secrets: new Map(secrets), outputs: new Map(outputs) };
};

const cronOf = (tree: Tree): string =>
  textAt(knownFields(tree, 'on.schedule', ['cron', 'timezone']).get('cron'), 'cron') ?? '';

const NOTHING: Tree = { kind: 'map', entries: NO_FIELDS };
const KNOWN = ['push', 'pull_request', 'workflow_dispatch', 'schedule', 'workflow_call', 'workflow_run'];

/** `on: push`, `on: [push, ...]` and `on: {push: ...}` in one form. */
const named = (tree: Tree): Tree => {
  if (tree.kind === 'map') return tree;
  return { kind: 'map', entries: new Map(textsAt(tree, 'on').map((name) => [name, NOTHING])) };
};

/** The events of `on:`; one the engine cannot play is an error that names it. */
export const readEvents = (tree: Tree | undefined): Events => {
  const fields = knownFields(named(tree ?? NOTHING), 'on', KNOWN);
  const [push, pullRequest] = [fields.get('push'), fields.get('pull_request')];
  const [dispatch, call] = [fields.get('workflow_dispatch'), fields.get('workflow_call')];
  const workflowRun = fields.get('workflow_run');
  return {
    push: push && pushOf(push),
    pullRequest: pullRequest && pullRequestOf(pullRequest),
    dispatch: dispatch && inputsOf(knownFields(dispatch, 'on.workflow_dispatch', ['inputs'])),
    schedule: itemsOf(fields.get('schedule'), 'on.schedule').map(cronOf),
    call: call && callOf(call),
    workflowRun: workflowRun && workflowRunOf(workflowRun)
  };
};
