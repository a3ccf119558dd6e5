import { BOT } from '../access.ts';
import type { World } from '../world.ts';
import { nodeId } from '../world.ts';

/** GitHub's "simple user". */
export const userView = (world: World, login: string): Readonly<Record<string, unknown>> => {
  const id = world.users.id(login);
  const api = `${world.urls.api}/users/${encodeURIComponent(login)}`;
  return {
    login,
    id,
    node_id: nodeId('U', id),
    avatar_url: `${world.urls.server}/avatars/u/${id}`,
    gravatar_id: '',
    url: api,
    html_url: `${world.urls.server}/${encodeURIComponent(login)}`,
    followers_url: `${api}/followers`,
    following_url: `${api}/following{/other_user}`,
    gists_url: `${api}/gists{/gist_id}`,
    starred_url: `${api}/starred{/owner}{/repo}`,
    subscriptions_url: `${api}/subscriptions`,
    organizations_url: `${api}/orgs`,
    repos_url: `${api}/repos`,
    events_url: `${api}/events{/privacy}`,
    received_events_url: `${api}/received_events`,
    type: login === BOT ? 'Bot' : 'User',
    site_admin: false
  };
};
