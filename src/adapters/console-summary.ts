/** GitHub drops a summary file above this many bytes, whole, with an error (actions/runner, `CreateStepSummaryCommand`). */
export const SUMMARY_LIMIT = 1024 * 1024;

const FENCE = /^ {0,3}(`{3,}|~{3,})/;

interface Place {
  readonly fence: string | undefined;
  /** How many `<details>` are open. */
  readonly folded: number;
}

const count = (line: string, tag: string): number => line.split(tag).length - 1;

const after = (place: Place, line: string): Place => {
  const mark = FENCE.exec(line)?.[1];
  if (place.fence !== undefined) {
    const closes = mark !== undefined && mark.startsWith(place.fence) && line.trim() === mark;
    return closes ? { ...place, fence: undefined } : place;
  }
  if (mark !== undefined) return { ...place, fence: mark };
  return { ...place, folded: Math.max(0, place.folded + count(line, '<details') - count(line, '</details>')) };
};

/** The longest run of whole blocks (ended by a blank line outside fences and folds) within `limit` bytes. */
const wholeBlocks = (markdown: string, limit: number): string => {
  let place: Place = { fence: undefined, folded: 0 };
  let [size, position, safe] = [0, 0, 0];
  for (const line of markdown.split('\n')) {
    size += Buffer.byteLength(line) + 1;
    if (size > limit) break;
    place = after(place, line);
    position += line.length + 1;
    if (line.trim() === '' && place.fence === undefined && place.folded === 0) safe = position;
  }
  return markdown.slice(0, safe);
};

/**
 * `markdown` when it fits into `room` bytes; else its first blocks and `notice`. Never cuts inside a table, a code
 * block or a fold.
 */
export const fitSummary = (markdown: string, room: number, notice: string): string => {
  if (Buffer.byteLength(markdown) <= room) return markdown;
  const left = room - Buffer.byteLength(notice);
  return left < 0 ? '' : wholeBlocks(markdown, left) + notice;
};
