import { BOT } from '../access.ts';
import type { World } from '../world.ts';
import { nodeId } from '../world.ts';

/** GraphQL leaves the `[bot]` off a bot's login. */
export const actorNode = (world: World, login: string): object => {
  const id = world.users.id(login);
  const bot = login === BOT;
  const name = login.replace(/\[bot\]$/, '');
  return {
    __typename: bot ? 'Bot' : 'User',
    id: nodeId(bot ? 'BOT' : 'U', id),
    databaseId: id,
    login: name,
    name: null,
    url: `${world.urls.server}/${name}`,
    resourcePath: `/${name}`,
    avatarUrl: `${world.urls.server}/avatars/u/${id}`
  };
};
