import { html } from '../html.ts';
import type { Html } from '../html.ts';
import { lookOf, secondsOf } from '../steps.ts';
import type { Step } from '../steps.ts';

const WIDTH = 1000;
/** Narrower than this a step could not be seen. */
const NARROWEST = 6;
const GAP = 2;

/** How the time was spent, each step as wide as it was long. */
export const wayBar = (steps: readonly Step[], reading: string): Html => {
  const whole = secondsOf(steps);
  const free = WIDTH - steps.length * NARROWEST;
  let x = 0;
  const parts = steps.map((step) => {
    const width = NARROWEST + (whole === 0 ? free / steps.length : (free * Math.max(0, step.seconds)) / whole);
    const part = html`<rect
      class="${lookOf(step)}"
      x="${Math.round(x)}"
      y="0"
      width="${Math.max(1, Math.round(width) - GAP)}"
      height="12"
    />`;
    x += width;
    return part;
  });
  return html`<svg class="bar" viewBox="0 0 ${WIDTH} 12" preserveAspectRatio="none" role="img" aria-label="${reading}">
    ${parts}
  </svg>`;
};
