import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

const LONGEST_FORM = 4096;

export const newToken = (): string => randomBytes(24).toString('base64url');

/** Only who asks for this machine by its own name: another name that leads here is somebody else's page. */
export const isOurHost = ({ headers }: IncomingMessage, hubUrl: string): boolean => {
  const { port } = new URL(hubUrl);
  return [`127.0.0.1:${port}`, `localhost:${port}`].includes(headers.host ?? '');
};

/** Browsers name the page a form comes from; what is no browser names none, and needs the token all the same. */
const isOurOrigin = ({ headers }: IncomingMessage): boolean => {
  const site = headers['sec-fetch-site'];
  const ours = headers.origin === undefined || headers.origin === `http://${headers.host ?? ''}`;
  return ours && (site === undefined || site === 'same-origin');
};

const same = (one: string, other: string): boolean => {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
};

/** The fields of a form; undefined when it is too large, or no form at all. */
const formIn = async (request: IncomingMessage): Promise<URLSearchParams | undefined> => {
  if (request.headers['content-type']?.startsWith('application/x-www-form-urlencoded') !== true) return undefined;
  let text = '';
  for await (const chunk of request) {
    text += String(chunk);
    if (text.length > LONGEST_FORM) return undefined;
  }
  return new URLSearchParams(text);
};

/** The fields of a form that one of our own pages sent; undefined for any other. */
export const ownForm = async (request: IncomingMessage, token: string): Promise<URLSearchParams | undefined> => {
  if (!isOurOrigin(request)) return undefined;
  const form = await formIn(request);
  return form !== undefined && same(form.get('token') ?? '', token) ? form : undefined;
};
