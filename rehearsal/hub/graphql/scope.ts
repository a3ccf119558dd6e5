import type { Caller, Scope } from '../access.ts';
import { mayDo } from '../access.ts';
import type { View } from '../state.ts';
import type { World } from '../world.ts';
import { typedError } from './paging.ts';

/** What every resolver works on. */
export interface GraphScope {
  readonly world: World;
  readonly view: View;
  readonly caller: Caller;
}

export const mayRead = ({ world, caller }: GraphScope, scope: Scope): boolean =>
  mayDo(caller, { scope, level: 'read' }, world.settings.visibility);

export const demandRead = (scope: GraphScope, wanted: Scope): void => {
  if (!mayRead(scope, wanted)) throw typedError('FORBIDDEN', 'Resource not accessible by integration');
};
