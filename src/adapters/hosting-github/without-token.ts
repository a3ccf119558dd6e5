import { createRedactor } from '../redact.ts';

/** A careless server or proxy says back what it was told: the token stops here, before anything cuts or keeps it. */
export const withoutToken = (token: string): ((data: unknown) => unknown) => {
  const redactor = createRedactor([token]);
  return (data) => {
    if (typeof data === 'string') return redactor.redact(data);
    const text = typeof data === 'object' && !(data instanceof ReadableStream) ? JSON.stringify(data) : '';
    return redactor.holds(text) ? JSON.parse(redactor.redact(text)) : data;
  };
};
