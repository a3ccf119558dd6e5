import { readFileSync } from 'node:fs';
import { validate } from '@actions/languageservice';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { readAction } from '../documents/action-file.ts';
import { hashOf } from '../pin-templates/template.ts';
import type { Finding, Judge } from './judge.ts';
import { KNOWN_ACTIONS } from './known-actions.ts';
import type { Subject } from './subjects.ts';

type Config = NonNullable<Parameters<typeof validate>[1]>;
type Metadata = NonNullable<Config['actionsMetadataProvider']>;
type Files = NonNullable<Config['fileProvider']>;
type Inputs = Record<string, { description: string; required: boolean }>;

/** A required input with a default need not be given. */
const ownInputs = (): Inputs =>
  Object.fromEntries(
    Object.entries(readAction().inputs).map(([name, { description, required, default: value }]) => [
      name,
      { description, required: required && value === undefined }
    ])
  );

const inputsOf = (action: string): Inputs | undefined => {
  if (action.endsWith('/esteira')) return ownInputs();
  const known = KNOWN_ACTIONS[action];
  if (known === undefined) return undefined;
  const required = new Set(known.required);
  return Object.fromEntries(known.inputs.map((name) => [name, { description: '', required: required.has(name) }]));
};

/** An action that nobody wrote down is reported as one that cannot be found. */
const metadata: Metadata = {
  fetchActionMetadata: ({ owner, name }) => {
    const inputs = inputsOf(`${owner}/${name}`);
    return Promise.resolve(inputs === undefined ? undefined : { name, description: '', inputs });
  }
};

/** Our own reusable workflow, also when a page names it from another repository; of others we know nothing. */
const files: Files = {
  getFileContent: (reference) => {
    if ('repository' in reference && reference.repository !== 'esteira') {
      return Promise.reject(new Error(`${reference.repository} is a repository of others`));
    }
    return Promise.resolve({ name: reference.path, content: readFileSync(reference.path, 'utf8') });
  }
};

/** The service keeps what it read under its address and would judge another text by it: each text needs its own. */
const addressOf = ({ kind, text }: Subject): string =>
  kind === 'action' ? `file:///${hashOf(text)}/action.yml` : `file:///.github/workflows/${hashOf(text)}.yml`;

const findingsOf = async (subject: Subject): Promise<readonly Finding[]> => {
  const { file, offset, text } = subject;
  const found = await validate(TextDocument.create(addressOf(subject), 'yaml', 1, text), {
    actionsMetadataProvider: metadata,
    fileProvider: files
  });
  return found.map(({ code, message, range }) => ({
    file,
    line: offset + range.start.line + 1,
    rule: String(code ?? 'problem'),
    message: typeof message === 'string' ? message : message.value
  }));
};

/** GitHub's own parser and language service, as the editors use it. */
export const languageService: Judge = {
  name: 'languageservice',
  version: '0.3.61',
  judge: async (subjects) => {
    const own = subjects.filter(({ kind }) => kind !== 'delivery');
    const findings = await Promise.all(own.map(findingsOf));
    return { kind: 'judged', judged: own.length, findings: findings.flat() };
  }
};
