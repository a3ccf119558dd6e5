import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer } from './answer.ts';
import { isSilence, isSpoiling } from './faults.ts';
import type { FaultKind, Spoiling } from './faults.ts';

const corrupted = (body: Buffer): Buffer => {
  const copy = Buffer.from(body);
  const middle = Math.floor(copy.length / 2);
  if (copy.length > 0) copy[middle] = (copy[middle] ?? 0) ^ 1;
  return copy;
};

const whole = (response: ServerResponse, { status, headers }: Answer, body: Buffer): void => {
  response.writeHead(status, { ...headers, 'content-length': body.length });
  response.end(body);
};

const half = (body: Buffer): Buffer => body.subarray(0, Math.floor(body.length / 2));

const cut = (response: ServerResponse, { status, headers, body }: Answer): void => {
  response.writeHead(status, { ...headers, 'content-length': body.length });
  response.write(half(body), () => response.destroy());
};

const STEPS = 20;

const drip = async (response: ServerResponse, { status, headers, body }: Answer): Promise<void> => {
  response.writeHead(status, { ...headers, 'content-length': body.length });
  const step = Math.max(1, Math.ceil(body.length / STEPS));
  for (let at = 0; at < body.length && !response.destroyed; at += step) {
    response.write(body.subarray(at, at + step));
    await sleep(50);
  }
  response.end();
};

const honest = (response: ServerResponse, answer: Answer): void => {
  if (answer.status !== 204 && answer.status !== 304) {
    whole(response, answer, answer.body);
    return;
  }
  response.writeHead(answer.status, answer.headers);
  response.end();
};

const spoilt = async (response: ServerResponse, answer: Answer, fault: Spoiling): Promise<void> => {
  switch (fault) {
    case 'truncate':
      return whole(response, answer, half(answer.body));
    case 'cut':
      return cut(response, answer);
    case 'drip':
      return drip(response, answer);
    case 'corrupt':
      return whole(response, answer, corrupted(answer.body));
    case 'stale':
      return honest(response, answer);
  }
};

/** Sends the answer, spoilt as the fault wants. Resolves when nothing more will be sent. */
export const deliver = async (response: ServerResponse, answer: Answer, fault?: FaultKind): Promise<void> => {
  if (fault === 'reset') response.socket?.resetAndDestroy();
  // with `hang` the client gives up, or the hub stops
  if (fault !== undefined && isSilence(fault)) return;
  if (fault !== undefined && isSpoiling(fault)) await spoilt(response, answer, fault);
  else honest(response, answer);
};
