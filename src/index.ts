import { run } from './main.ts';

// GitHub cancels with SIGINT, waits 7.5 s, then SIGTERM and 2.5 s more; a step without a handler leaves its children running.
const cancel = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => cancel.abort(signal));

process.exitCode = await run({
  environment: process.env,
  write: (text) => process.stdout.write(text),
  signal: cancel.signal
});
