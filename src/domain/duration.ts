/** A whole number and its unit, nothing else. Without flags, so that the JSON Schema can carry it. */
export const DURATION = /^[1-9][0-9]{0,3}[smhdw]$/;

const SECONDS: ReadonlyMap<string, number> = new Map([
  ['s', 1],
  ['m', 60],
  ['h', 3600],
  ['d', 86_400],
  ['w', 604_800]
]);

/** Seconds of `90s`, `30m`, `2h`, `3d`, `1w`; undefined for every other text. */
export const parseDuration = (text: string): number | undefined => {
  const unit = DURATION.test(text) ? SECONDS.get(text.slice(-1)) : undefined;
  return unit === undefined ? undefined : unit * Number(text.slice(0, -1));
};
