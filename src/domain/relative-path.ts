/**
 * A path below a folder: `/` on every system, no empty, `.` or `..` part, no drive, no backslash, no control character.
 * Written without flags, so that the JSON Schemas can carry it.
 */
export const RELATIVE_PATH =
  // oxlint-disable-next-line no-control-regex -- refusing them is the point
  /^(?![A-Za-z]:)(?!.*\/\/)(?!(?:.*\/)?\.\.?(?:\/|$))(?!\/)[^\\\u0000-\u001F\u007F]{0,4095}[^/\\\u0000-\u001F\u007F]$/;
