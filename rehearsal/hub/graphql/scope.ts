import type { Caller, Scope } from '../access.ts';
import { mayDo } from '../access.ts';
import type { View } from '../state.ts';
import { nodeId } from '../world.ts';
import type { World } from '../world.ts';
import { typedError } from './paging.ts';

/** What every resolver works on. */
export interface GraphScope {
  readonly world: World;
  readonly view: View;
  readonly caller: Caller;
}

/** The node id of the one repository. */
export const REPOSITORY = nodeId('R', 700_001);

export const mayRead = ({ world, caller }: GraphScope, scope: Scope): boolean =>
  mayDo(caller, { scope, level: 'read' }, world.settings.visibility);

export const demandWrite = ({ world, caller }: GraphScope, wanted: Scope): void => {
  if (!mayDo(caller, { scope: wanted, level: 'write' }, world.settings.visibility))
    throw typedError('FORBIDDEN', 'Resource not accessible by integration');
};

export const demandRead = (scope: GraphScope, wanted: Scope): void => {
  if (!mayRead(scope, wanted)) throw typedError('FORBIDDEN', 'Resource not accessible by integration');
};
