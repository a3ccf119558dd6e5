import type { DeliveryEntry, ReleaseEntry } from '../../domain/report.ts';
import { ownPage } from './addresses.ts';
import { anchor, filled, html, named } from './html.ts';
import type { Html } from './html.ts';
import { componentName } from './names.ts';
import { leftOut } from './rest.ts';
import { placesOf } from './sheet.ts';
import type { Place, Sheet } from './sheet.ts';
import { scrolled } from './table.ts';

/** The newest versions, and the live ones however old they are. */
const MOST_VERSIONS = 8;

type State = keyof Sheet['words']['live']['states'];

/** How each state looks; the words say the same. */
const LOOKS: Readonly<Record<State, string>> = {
  live: 'good',
  was: 'was',
  failed: 'bad',
  broken: 'bad',
  withdrawn: 'was',
  open: 'open',
  waits: 'wait',
  never: 'never',
  unknown: 'bad'
};

interface Cell {
  readonly state: State;
  readonly at?: string | undefined;
}

/** What the newest delivery of this version in this environment says; undefined when there was none. */
type Last = (environment: string, component: string, version: string) => DeliveryEntry | undefined;

const keyOf = (...parts: readonly string[]): string => JSON.stringify(parts);

const lastOf = ({ histories }: Sheet): Last => {
  const newest = new Map<string, DeliveryEntry>();
  for (const { shown } of histories.values())
    for (const entry of shown) {
      const key = keyOf(entry.environment, entry.component, entry.version);
      if (!newest.has(key)) newest.set(key, entry);
    }
  return (...parts) => newest.get(keyOf(...parts));
};

const pastState = ({ outcome, failure }: DeliveryEntry): State => {
  switch (outcome) {
    case 'live':
      return failure === null ? 'was' : 'failed';
    case 'taken-back':
    case 'failed':
      return 'broken';
    case 'withdrawn':
      return 'withdrawn';
    case 'open':
      return 'open';
  }
};

const liveAt = ({ line }: Place): string | undefined => (line.live.kind === 'version' ? line.live.version : undefined);

interface Asked {
  readonly release: ReleaseEntry;
  /** Released after what is live there. */
  readonly newer: boolean;
}

const cellOf = ({ line, environment }: Place, { release, newer }: Asked, last: Last): Cell => {
  const { live, open, waiting } = line;
  if (live.kind !== 'nothing' && live.version === release.version)
    return { state: live.kind === 'version' ? 'live' : 'unknown', at: live.since };
  if (open !== null && open.version === release.version) return { state: 'open', at: open.since };
  const entry = last(environment.name, release.component, release.version);
  if (entry !== undefined) return { state: pastState(entry), at: entry.at };
  if (waiting?.run?.version === release.version) return { state: 'waits', at: waiting.run.since };
  return { state: waiting !== null && newer ? 'waits' : 'never' };
};

const cell = ({ state, at }: Cell, { words, clock }: Sheet): Html => {
  const text = words.live.states[state];
  return html`<td>
    <span class="${LOOKS[state]}">${text}</span>${at === undefined ? undefined : html` ${clock.brief(at)}`}
  </td>`;
};

/** What is shown of the versions of one component. */
const rowsOf = (places: readonly Place[], { report }: Sheet): readonly ReleaseEntry[] => {
  const component = places[0]?.line.component;
  const live = new Set(places.map(liveAt));
  return report.releases
    .filter((release) => release.component === component)
    .filter(({ version }, index) => index < MOST_VERSIONS || live.has(version));
};

/** Environments x versions: is my version there, since when, or what happened to it. */
const matrixOf = (component: string, sheet: Sheet): Html | undefined => {
  const places = placesOf(component, sheet);
  const releases = rowsOf(places, sheet);
  if (releases.length === 0) return undefined;
  const { words, clock } = sheet;
  const last = lastOf(sheet);
  const position = new Map(releases.map(({ version }, index) => [version, index]));
  const row = (release: ReleaseEntry, index: number): Html => {
    const cells = places.map((place) => {
      const newer = index < (position.get(liveAt(place) ?? '') ?? Infinity);
      return cell(cellOf(place, { release, newer }, last), sheet);
    });
    const released = filled(words.live.released, clock.brief(release.publishedAt));
    return html`<tr>
      <th scope="row">${anchor(ownPage(release.url, sheet), named(release.version))} <small>${released}</small></th>
      ${cells}
    </tr>`;
  };
  const heads = [words.live.version, ...places.map(({ environment }) => named(environment.name))];
  return scrolled({ caption: words.live.matrixCaption, look: 'matrix', heads }, releases.map(row));
};

const MOST_COMPONENTS = 6;

/** Is my version there? The newest versions of each component; all but the first are folded. */
export const versionsSection = (sheet: Sheet): Html => {
  const { components, words } = sheet;
  const [first = '', ...others] = components.slice(0, MOST_COMPONENTS);
  const matrix = matrixOf(first, sheet) ?? html`<p>${words.nothingYet}</p>`;
  if (components.length < 2) return html`<div class="card">${matrix}</div>`;
  const folded = others.map(
    (component) =>
      html`<details class="card">
        <summary><h3>${componentName(component, sheet)}</h3></summary>
        ${matrixOf(component, sheet)}
      </details>`
  );
  const missing = components.length - 1 - others.length;
  return html`<div class="card">
      <h3>${componentName(first, sheet)}</h3>
      ${matrix}
    </div>
    ${folded}${leftOut(missing, sheet)}`;
};
