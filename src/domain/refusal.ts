import type { REASONS, ReasonCode } from '../contract.ts';

/** The values a reason's sentence is filled with; exactly those its entry in `REASONS` names. */
export type Details<C extends ReasonCode> = Readonly<Record<(typeof REASONS)[C][number], string>>;

/** A reason code with its details: plain data, printable and storable. */
export type Reason = { [C in ReasonCode]: { readonly code: C; readonly details: Details<C> } }[ReasonCode];

export const reason = <C extends ReasonCode>(code: C, details: Details<C>): Reason =>
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- code and details are tied by C; the union cannot show it
  ({ code, details }) as Reason;

/** Thrown where a command cannot go on; `main` turns it into an outcome. The only error class the domain knows. */
export class Refusal extends Error {
  readonly reason: Reason;

  constructor(why: Reason, options?: ErrorOptions) {
    super(`${why.code}: ${JSON.stringify(why.details)}`, options);
    this.name = 'Refusal';
    this.reason = why;
  }
}

export const refuse = <C extends ReasonCode>(code: C, details: Details<C>, options?: ErrorOptions): Refusal =>
  new Refusal(reason(code, details), options);

/** Why work broke off; what nobody foresaw is `internal`. */
export const reasonIn = (error: unknown): Reason =>
  error instanceof Refusal ? error.reason : reason('internal', { problem: String(error) });
