import type { Operations } from '../call.ts';

export const rateLimit: Operations = {
  'rate-limit/get': {
    needs: { scope: 'metadata' },
    run: ({ world, caller }) => {
      const { limit, used, remaining, reset } = world.quota.look(caller);
      const core = { limit, used, remaining, reset };
      return { status: 200, body: { resources: { core, graphql: core, search: core }, rate: core } };
    }
  }
};
