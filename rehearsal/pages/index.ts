export { createDesk } from './desk.ts';
export type { Desk, Question, Verdict } from './desk.ts';
export { createPages } from './pages.ts';
export { liveNow, openStops } from './records.ts';
export type { Live, OpenStop } from './records.ts';
