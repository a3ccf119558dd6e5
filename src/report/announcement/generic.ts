import type { News } from '../../domain/announcement.ts';
import type { Change } from '../../domain/change.ts';
import { oneLine } from '../plain.ts';
import type { Readers } from './comment.ts';
import { storyOf } from './story.ts';

const MOST_CHANGES = 100;
const LONGEST_TEXT = 300;

const changeOf = ({ commit, type, scope, subject, breaking, author, pull, date }: Change): object => ({
  commit,
  type: oneLine(type, LONGEST_TEXT),
  ...(scope === undefined ? {} : { scope: oneLine(scope, LONGEST_TEXT) }),
  subject: oneLine(subject, LONGEST_TEXT),
  breaking,
  author: oneLine(author, LONGEST_TEXT),
  ...(pull === undefined ? {} : { pull }),
  date
});

/** For any receiver: `schemas/announcement.schema.json`, schema 1. `cut` tells how many changes there are when not all stand in it. */
export const genericMessage = (news: News, readers: Readers): string => {
  const { environment, environmentUrl, record, event, from, releaseUrl, changes } = news;
  const { payload } = record;
  const shown = changes.slice(0, MOST_CHANGES).map(changeOf);
  return JSON.stringify({
    schema: 1,
    event,
    repository: readers.repository,
    language: readers.language,
    text: storyOf(news, readers).title,
    environment,
    ...(environmentUrl === undefined ? {} : { environmentUrl }),
    version: payload.version,
    tag: payload.tag,
    commit: record.commit,
    digest: payload.digest,
    ...(from === undefined ? {} : { from }),
    at: record.succeededAt ?? record.createdAt,
    deployment: record.id,
    requestedBy: oneLine(payload.requestedBy, LONGEST_TEXT),
    approvedBy: payload.approvedBy.slice(0, MOST_CHANGES).map((name) => oneLine(name, LONGEST_TEXT)),
    ...(releaseUrl === undefined ? {} : { releaseUrl }),
    runUrl: payload.run.url,
    changes: shown,
    ...(shown.length < changes.length ? { cut: { shown: shown.length, total: changes.length } } : {})
  });
};
