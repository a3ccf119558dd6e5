import { parseDuration } from '../domain/duration.ts';

/** For texts the schema has accepted already; a RangeError otherwise. */
export const secondsOf = (text: string): number => {
  const seconds = parseDuration(text);
  if (seconds === undefined) throw new RangeError(`not a duration: ${text}`);
  return seconds;
};
