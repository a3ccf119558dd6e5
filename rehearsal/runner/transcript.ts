import { StringDecoder } from 'node:string_decoder';
import { createCommandReader } from './grammar.ts';
import type { RunnerCommand } from './grammar.ts';
import type { Masks } from './masks.ts';

export interface Annotation {
  readonly level: 'notice' | 'warning' | 'error';
  readonly message: string;
}

/** What the runner made of a step's output so far. */
export interface Transcript {
  /** The lines of the log, masks applied, commands carried out. */
  readonly printed: string[];
  readonly annotations: Annotation[];
  /** Commands an honest step never sends: `set-env`, `set-output`, `add-path`, ... */
  readonly forbidden: RunnerCommand[];
}

const carryOut = (transcript: Transcript, command: RunnerCommand, masks: Masks): void => {
  const name = command.name.toLowerCase();
  const data = masks.apply(command.data);
  switch (name) {
    case 'add-mask':
      masks.add(command.data);
      break;
    case 'notice':
    case 'warning':
    case 'error':
      transcript.annotations.push({ level: name, message: data });
      transcript.printed.push(`##[${name}]${data}`);
      break;
    case 'group':
    case 'endgroup':
    case 'debug':
      transcript.printed.push(`##[${name}]${data}`);
      break;
    default:
      transcript.forbidden.push(command);
  }
};

export interface Listener {
  readonly transcript: Transcript;
  /** Reads a stream of bytes; each stream has its own last, unfinished line. */
  stream(): { push(chunk: Buffer): void; end(): void };
}

/** Reads both streams of a step by one reader of commands each, as the runner does with stdout and stderr. */
export const createListener = (masks: Masks): Listener => {
  const transcript: Transcript = { printed: [], annotations: [], forbidden: [] };
  const readerOf =
    (read = createCommandReader()) =>
    (line: string): void => {
      const seen = read(line);
      if (seen.kind === 'command') carryOut(transcript, seen.command, masks);
      else transcript.printed.push(masks.apply(seen.line));
    };
  // stdout and stderr share the manager that knows whether commands are stopped
  const take = readerOf();
  const stream = (): ReturnType<Listener['stream']> => {
    const decoder = new StringDecoder('utf8');
    let pending = '';
    return {
      push: (chunk) => {
        const lines = (pending + decoder.write(chunk)).split(/\r\n|\n|\r(?!$)/);
        pending = lines.pop() ?? '';
        for (const line of lines) take(line);
      },
      end: () => {
        const last = pending.replace(/\r$/, '');
        if (pending !== '') take(last);
      }
    };
  };
  return { transcript, stream };
};
