/**
 * The runner reads commands out of everything a step prints: `::name::` after leading blanks and `##[name]` anywhere in
 * a line (actions/runner, `ActionCommand`), on stdout and stderr; its line reader also ends a line at a bare CR.
 * Text of others is printed only through these functions.
 */

/** What ends a line for the runner (LF, CR, CRLF) or for some reader of its logs. */
export const LINE_BREAK = /\r\n|[\n\r\v\f\u0085\u2028\u2029]/;

/** `::` after anything the runner might trim, and more: blanks, controls, invisible characters. */
const LEADING_COMMAND = /^([\s\p{C}]*):(?=:)/u;
const CONTROL = /\p{Cc}/gu;
const ESCAPE = '\u001B';

const printable = (character: string): string => (character === '\t' || character === ESCAPE ? character : '\uFFFD');

/**
 * One line without any command in it. What we insert is a visible blank: the runner compares by culture and skips
 * zero-width characters. Colours (ESC) stay.
 */
export const inertLine = (line: string): string =>
  line.replaceAll(CONTROL, printable).replace(LEADING_COMMAND, '$1: ').replaceAll('##[', '## [');

/** A text of any number of lines, joined by LF, without commands or terminal controls. */
export const inertText = (text: string): string =>
  text
    .split(LINE_BREAK)
    .map((line) => inertLine(line.replaceAll(ESCAPE, '\uFFFD')))
    .join('\n');

/** The data of a workflow command, as the runner unescapes it. */
export const escapeData = (text: string): string =>
  text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
