import type { Channel, News } from '../../domain/announcement.ts';
import type { Readers } from './comment.ts';
import { genericMessage } from './generic.ts';
import { slackMessage } from './slack.ts';
import { teamsMessage } from './teams.ts';

/** The body of the request, as the receiver reads it. */
export const messageFor = (channel: Channel['kind'], news: News, readers: Readers): string => {
  switch (channel) {
    case 'slack':
      return slackMessage(news, readers);
    case 'teams':
      return teamsMessage(news, readers);
    case 'webhook':
      return genericMessage(news, readers);
  }
};
