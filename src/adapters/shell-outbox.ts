import { constants } from 'node:fs';
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ShellResult } from '../ports.ts';
import { inertText } from './inert.ts';
import type { Redactor } from './redact.ts';

export type Message = Pick<ShellResult, 'url' | 'note'>;

/** The file behind `$DELIVERY_OUTPUT`. */
export interface Outbox {
  readonly file: string;
  read(): Promise<Message>;
  remove(): Promise<void>;
}

const LARGEST_FILE = 64 * 1024;
const LONGEST_URL = 2048;
const LONGEST_NOTE = 1000;

/** Whole http(s) address without credentials, as the URL standard writes it. */
const urlIn = (text: string): string | undefined => {
  if (text.length > LONGEST_URL || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  const safe = /^https?:$/.test(url.protocol) && url.username === '' && url.password === '';
  return safe ? url.href : undefined;
};

const noteIn = (text: string): string | undefined => {
  const note = inertText(text).replaceAll('\n', ' ').trim().slice(0, LONGEST_NOTE).toWellFormed();
  return note === '' ? undefined : note;
};

/** `KEY=value` lines; only `url` and `note` count, the last of each wins, what does not parse is left out. */
export const parseMessage = (text: string, redactor: Redactor): Message => {
  const values = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const [, key, value] = /^\s*(url|note)=(.*)$/i.exec(line) ?? [];
    if (key !== undefined && value !== undefined) values.set(key.toLowerCase(), value.trim());
  }
  const address = values.get('url') ?? '';
  const url = redactor.holds(address) ? undefined : urlIn(address);
  const note = noteIn(redactor.redact(values.get('note') ?? ''));
  return { ...(url === undefined ? {} : { url }), ...(note === undefined ? {} : { note }) };
};

/** The script may have put anything at the path: a link is not followed, a pipe is not waited for. */
const readBounded = async (file: string): Promise<string> => {
  const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    if (!(await handle.stat()).isFile()) return '';
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(LARGEST_FILE), 0, LARGEST_FILE, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await handle.close();
  }
};

/** A script that removed its file, or put a link there, has said nothing. */
const readOrNothing = (file: string): Promise<string> => readBounded(file).catch(() => '');

export const createOutbox = async (temporary: string, redactor: Redactor): Promise<Outbox> => {
  const directory = await mkdtemp(join(temporary, 'delivery-output-'));
  const file = join(directory, 'output');
  await writeFile(file, '', { mode: 0o600, flag: 'wx' });
  return {
    file,
    read: async () => parseMessage(await readOrNothing(file), redactor),
    remove: () => rm(directory, { recursive: true, force: true })
  };
};
