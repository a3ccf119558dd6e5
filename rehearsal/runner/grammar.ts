/**
 * What GitHub's runner reads out of a step's output and files, re-stated from its source (actions/runner 2.336:
 * `ActionCommand`, `ActionCommandManager`, `EnvFileKeyValuePairs`). Where .NET compares by culture we compare letter by
 * letter; zero-width characters therefore count here, and hide nothing there that we would print.
 */

export interface RunnerCommand {
  /** As it was written; the runner ignores case. */
  readonly name: string;
  readonly properties: ReadonlyMap<string, string>;
  readonly data: string;
}

export const REGISTERED: readonly string[] = [
  'stop-commands',
  'set-env',
  'set-output',
  'save-state',
  'add-mask',
  'add-path',
  'add-matcher',
  'remove-matcher',
  'debug',
  'warning',
  'error',
  'notice',
  'group',
  'endgroup',
  'echo'
];

/** The runner reads with .NET's `StreamReader.ReadLine`: LF, CR or CRLF ends a line. */
export const readLines = (text: string): string[] => {
  const lines = text.split(/\r\n|\n|\r/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
};

/** .NET's `Char.IsWhiteSpace`. */
const BLANKS = /^[\t-\r \u0085\u00A0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000]+/;

type Mapping = readonly (readonly [string, string])[];
const DATA: Mapping = [
  ['%0D', '\r'],
  ['%0A', '\n'],
  ['%25', '%']
];
const PROPERTY: Mapping = [
  ['%0D', '\r'],
  ['%0A', '\n'],
  ['%3A', ':'],
  ['%2C', ','],
  ['%25', '%']
];
const OLD: Mapping = [
  ['%3B', ';'],
  ['%0D', '\r'],
  ['%0A', '\n'],
  ['%5D', ']'],
  ['%25', '%']
];

const unescape = (text: string, mapping: Mapping): string =>
  mapping.reduce((sum, [escaped, plain]) => sum.replaceAll(escaped, plain), text);

const propertiesIn = (text: string, separator: string, mapping: Mapping): Map<string, string> => {
  const pairs = text.split(separator).flatMap((property): [string, string][] => {
    const equals = property.indexOf('=');
    const [key, value] = [property.slice(0, equals), property.slice(equals + 1)];
    return equals > 0 && value !== '' ? [[key, unescape(value, mapping)]] : [];
  });
  return new Map(pairs);
};

interface Parts {
  readonly info: string;
  readonly data: string;
}

/** `::name key=value,key=value::data`, after leading blanks. */
const partsOfNew = (line: string): Parts | undefined => {
  const text = line.replace(BLANKS, '');
  const end = text.startsWith('::') ? text.indexOf('::', 2) : -1;
  return end < 0 ? undefined : { info: text.slice(2, end), data: text.slice(end + 2) };
};

/** `##[name key=value;key=value]data`, anywhere in the line. */
const partsOfOld = (line: string): Parts | undefined => {
  const start = line.indexOf('##[');
  const end = start < 0 ? -1 : line.indexOf(']', start);
  return end < 0 ? undefined : { info: line.slice(start + 3, end), data: line.slice(end + 1) };
};

interface Form {
  readonly parts: (line: string) => Parts | undefined;
  readonly separator: string;
  readonly property: Mapping;
  readonly data: Mapping;
}

const FORMS: readonly Form[] = [
  { parts: partsOfNew, separator: ',', property: PROPERTY, data: DATA },
  { parts: partsOfOld, separator: ';', property: OLD, data: OLD }
];

const isRegistered = (registered: readonly string[], name: string): boolean =>
  registered.some((each) => each.toLowerCase() === name.toLowerCase());

/** The command the runner takes the line for; undefined when it only prints it. */
export const parseCommand = (line: string, registered: readonly string[] = REGISTERED): RunnerCommand | undefined => {
  for (const form of FORMS) {
    const parts = form.parts(line);
    const [name = '', ...rest] = parts?.info.split(' ') ?? [];
    if (parts === undefined || !isRegistered(registered, name)) continue;
    const properties = propertiesIn(rest.join(' ').trim(), form.separator, form.property);
    return { name, properties, data: unescape(parts.data, form.data) };
  }
  return undefined;
};

export type Read =
  | { readonly kind: 'text'; readonly line: string }
  | { readonly kind: 'command'; readonly command: RunnerCommand }
  /** `stop-commands` and the word that ends it: shown, and obeyed. */
  | { readonly kind: 'pause' | 'resume'; readonly line: string }
  | { readonly kind: 'broken'; readonly line: string };

/** One step's reader: it remembers whether commands are stopped. */
export const createCommandReader = (): ((line: string) => Read) => {
  let word: string | undefined;
  const stop = (line: string, data: string): Read => {
    if (data === '' || data.toLowerCase() === 'pause-logging' || isRegistered(REGISTERED, data)) {
      return { kind: 'broken', line };
    }
    word = data;
    return { kind: 'pause', line };
  };
  return (line) => {
    const command = parseCommand(line, word === undefined ? REGISTERED : [...REGISTERED, word]);
    if (command === undefined) return { kind: 'text', line };
    if (word !== undefined) {
      if (command.name.toLowerCase() !== word.toLowerCase()) return { kind: 'text', line };
      word = undefined;
      return { kind: 'resume', line };
    }
    return command.name.toLowerCase() === 'stop-commands' ? stop(line, command.data) : { kind: 'command', command };
  };
};

/** The value of `key<<delimiter`, and the index of the line after it. Throws as the runner does. */
const heredoc = (lines: readonly string[], from: number, delimiter: string): readonly [string, number] => {
  const end = lines.indexOf(delimiter, from);
  if (end < 0) throw new Error(`Invalid value. Matching delimiter not found '${delimiter}'`);
  return [lines.slice(from, end).join('\n'), end + 1];
};

/** `GITHUB_OUTPUT`, `GITHUB_ENV`, `GITHUB_STATE`: `name=value` and `name<<delimiter` (on Linux, where only LF ends a line). */
export const parseKeyValueFile = (text: string): [string, string][] => {
  const lines = text.replace(/^\uFEFF/, '').split('\n');
  const pairs: [string, string][] = [];
  for (let index = 0; index < lines.length;) {
    const line = lines[index] ?? '';
    index += 1;
    if (line === '') continue;
    const [equals, mark] = [line.indexOf('='), line.indexOf('<<')];
    if (equals >= 0 && (mark < 0 || equals < mark)) {
      pairs.push([line.slice(0, equals), line.slice(equals + 1)]);
    } else if (mark > 0 && mark + 2 < line.length) {
      const [value, next] = heredoc(lines, index, line.slice(mark + 2));
      pairs.push([line.slice(0, mark), value]);
      index = next;
    } else throw new Error(`Invalid format '${line}'`);
  }
  return pairs;
};
