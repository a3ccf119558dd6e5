import { listOf } from '../amounts.ts';
import { filled, named } from './html.ts';
import type { Html } from './html.ts';
import type { Sheet } from './sheet.ts';

const MOST_NAMES = 5;

/** `ana, rui and 3 more`, every name kept to itself. */
export const namesOf = (names: readonly string[], { language, words }: Sheet): Html => {
  const shown = names.slice(0, MOST_NAMES);
  return filled(
    (...slots) => {
      const rest = names.length - shown.length;
      return listOf([...slots, ...(rest > 0 ? [words.more(rest)] : [])], language, {
        most: MOST_NAMES + 1,
        more: words.more
      });
    },
    ...shown.map(named)
  );
};

/** The plain form of tags has no name of its own: there it is the repository's. */
export const componentName = (component: string, { report }: Sheet): Html =>
  named(component === '' ? report.repository.name : component);
