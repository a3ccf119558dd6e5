export interface Deadline {
  readonly signal: AbortSignal;
  /** Bytes moved: the time starts again. */
  touch(): void;
  stop(): void;
}

interface Limits {
  readonly seconds: number;
  /** Seconds in all, however much moves; no end without. */
  readonly most?: number;
  readonly run: AbortSignal;
  /** Seconds a request may go on after the run is cancelled; 0 ends it at once. */
  readonly grace: number;
}

/**
 * Aborts after so many seconds without `touch`, after `most` seconds in any case, and `grace` seconds after the run is
 * cancelled. `stop` frees the timers.
 */
export const deadline = ({ seconds, most, run, grace }: Limits): Deadline => {
  const controller = new AbortController();
  const end = (): void => controller.abort();
  let late: NodeJS.Timeout | undefined;
  const cancelled = (): void => {
    if (grace === 0) end();
    else late = setTimeout(end, grace * 1000);
  };
  const idle = setTimeout(end, seconds * 1000);
  const whole = most === undefined ? undefined : setTimeout(end, most * 1000);
  if (!run.aborted) run.addEventListener('abort', cancelled, { once: true });
  return {
    signal: controller.signal,
    touch: () => void idle.refresh(),
    stop: () => {
      clearTimeout(idle);
      clearTimeout(whole);
      clearTimeout(late);
      run.removeEventListener('abort', cancelled);
    }
  };
};
