import type { ReasonCode, Verdict } from '../contract.ts';
import type { Outcome } from '../domain/outcome.ts';

/** Reasons that say something broke; every other reason a command stops with is a refusal that changed nothing. */
const BREAKS: ReadonlySet<ReasonCode> = new Set([
  'build-failed',
  'deploy-failed',
  'verification-failed',
  'rollback-failed',
  'preview-failed',
  'preview-not-down',
  'previews-not-down',
  'drift',
  'promise-broken',
  'queue-timeout',
  'phase-timeout',
  'cancelled',
  'token-refused',
  'hosting-failed',
  'registry-failed',
  'internal'
]);

const IDLE: ReadonlySet<ReasonCode> = new Set([
  'already-live',
  'already-released',
  'nothing-to-release',
  'nothing-live',
  'preview-there',
  'preview-absent',
  'preview-wanted',
  'previews-wanted',
  'pull-closed',
  'pull-moved',
  'pull-from-fork'
]);

/** The verdict of a command that stopped with this reason before it had an outcome of its own. */
export const verdictOf = (code: ReasonCode): Verdict => {
  if (IDLE.has(code)) return 'nothing-to-do';
  return BREAKS.has(code) ? 'failed' : 'refused';
};

/** Red for what broke and what was refused; a superseded delivery is refused, but nothing is wrong: green. */
export const exitCodeOf = ({ verdict, reason }: Pick<Outcome, 'verdict' | 'reason'>): 0 | 1 => {
  if (verdict === 'done' || verdict === 'nothing-to-do') return 0;
  return verdict === 'refused' && reason.code === 'superseded' ? 0 : 1;
};
