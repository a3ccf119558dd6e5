import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve as resolvePath } from 'node:path';
import { readActionTree } from './document.ts';
import type { Tree } from './document.ts';
import { RehearsalError } from './errors.ts';
import { resolveText } from './expressions.ts';
import type { Scope } from './expressions.ts';
import type { ActionMap, Texts } from './site.ts';
import { checkoutShim } from './shims/checkout.ts';
import { deployPagesShim } from './shims/deploy-pages.ts';
import { downloadArtifactShim } from './shims/download-artifact.ts';
import { setupNodeShim } from './shims/setup-node.ts';
import type { Shim } from './shims/shim.ts';
import { uploadArtifactShim } from './shims/upload-artifact.ts';
import { uploadPagesArtifactShim } from './shims/upload-pages-artifact.ts';
import { fieldsOf, knownFields, textAt } from './tree.ts';

export const BUILT_IN: ActionMap = {
  'actions/checkout': checkoutShim,
  'actions/deploy-pages': deployPagesShim,
  'actions/download-artifact': downloadArtifactShim,
  'actions/setup-node': setupNodeShim,
  'actions/upload-artifact': uploadArtifactShim,
  'actions/upload-pages-artifact': uploadPagesArtifactShim
};

/** A JavaScript action as its `action.yml` describes it. */
export interface JavaScriptAction {
  readonly kind: 'javascript';
  readonly main: string;
  readonly post: string | undefined;
  readonly postIf: string;
  readonly inputs: ReadonlyMap<string, Tree | undefined>;
}

export type FoundAction = JavaScriptAction | { readonly kind: 'shim'; readonly shim: Shim };

const parseAction = async (folder: string): Promise<JavaScriptAction> => {
  const file = ['action.yml', 'action.yaml'].map((name) => join(folder, name)).find((each) => existsSync(each));
  if (file === undefined) throw new RehearsalError(`no action.yml in ${folder}`);
  const fields = fieldsOf(readActionTree(file, await readFile(file, 'utf8')), file);
  const using = textAt(fieldsOf(fields.get('runs'), 'runs').get('using'), 'using') ?? '';
  if (!['node20', 'node24'].includes(using)) throw new RehearsalError(`${file}: the engine does not know "${using}"`);
  const runs = knownFields(fields.get('runs'), `${file}: runs`, ['using', 'main', 'post', 'post-if']);
  const post = textAt(runs.get('post'), 'post');
  const inputs = [...fieldsOf(fields.get('inputs'), 'inputs')].map(
    ([name, tree]) => [name, fieldsOf(tree, name).get('default')] as const
  );
  return {
    kind: 'javascript',
    main: join(folder, textAt(runs.get('main'), 'main') ?? ''),
    post: post === undefined ? undefined : join(folder, post),
    postIf: textAt(runs.get('post-if'), 'post-if') ?? 'always()',
    inputs: new Map(inputs)
  };
};

const REMOTE = /^([^/@\s]+\/[^/@\s]+)((?:\/[^@\s]+)?)@(\S+)$/;

interface Mapped {
  readonly target: string | Shim;
  /** What is still to be walked below the target. */
  readonly rest: string;
}

/** Where a `uses:` of another repository leads; anything not mapped is an error, never a download. */
export const mappedAction = (uses: string, map: ActionMap): Mapped => {
  const [, repository = '', path = '', ref = ''] = REMOTE.exec(uses) ?? [];
  if (repository === '') throw new RehearsalError(`the engine does not know "uses: ${uses}"`);
  const all = { ...BUILT_IN, ...map };
  const tries = [
    { key: `${repository}${path}@${ref}`, rest: '' },
    { key: `${repository}${path}`, rest: '' },
    { key: `${repository}@${ref}`, rest: path },
    { key: repository, rest: path }
  ];
  for (const { key, rest } of tries) {
    const target = all[key];
    if (target !== undefined && (typeof target === 'string' || rest === '')) return { target, rest };
  }
  throw new RehearsalError(`"uses: ${uses}" is not mapped`);
};

export const findAction = async (uses: string, map: ActionMap, workspace: string): Promise<FoundAction> => {
  if (uses.startsWith('./')) return parseAction(resolvePath(workspace, uses));
  const { target, rest } = mappedAction(uses, map);
  return typeof target === 'string' ? parseAction(join(target, rest)) : { kind: 'shim', shim: target };
};

/** Refuses at the start of a run what could not run in it. */
export const checkUses = (uses: string, map: ActionMap): void => {
  if (!uses.startsWith('./')) mappedAction(uses, map);
};

const givenAs = (given: Texts, name: string): string | undefined =>
  Object.entries(given).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];

/** `with:` over the defaults of `action.yml`; names nobody declared are handed on, as the runner does. */
export const actionInputs = (action: JavaScriptAction, given: Texts, scope: Scope): Texts => {
  const defaults = [...action.inputs].map(([name, fallback]): [string, string] => [
    name,
    givenAs(given, name) ?? (fallback === undefined ? '' : resolveText(fallback, scope))
  ]);
  return { ...given, ...Object.fromEntries(defaults) };
};

export const unexpectedInputs = (action: JavaScriptAction, given: Texts): readonly string[] => {
  const known = [...action.inputs.keys()].map((name) => name.toLowerCase());
  return Object.keys(given).filter((name) => !known.includes(name.toLowerCase()));
};

export const shimInputs = (uses: string, shim: Shim, given: Texts): Texts => {
  const unknown = Object.keys(given).filter((name) => !Object.hasOwn(shim.inputs, name.toLowerCase()));
  if (unknown.length > 0)
    throw new RehearsalError(`${uses}: the engine does not know the input "${unknown.join('", "')}"`);
  return {
    ...shim.inputs,
    ...Object.fromEntries(Object.entries(given).map(([name, value]) => [name.toLowerCase(), value]))
  };
};
