/** Cut to `limit` UTF-16 units with an ellipsis, never inside a surrogate pair. */
export const cut = (text: string, limit: number): string => {
  if (text.length <= limit) return text;
  const kept = text.slice(0, limit - 1);
  return `${kept.replace(/[\uD800-\uDBFF]$/, '')}…`;
};

/** One short line of a server's message: it is untrusted, and an HTML page may stand where a sentence should. */
export const oneLine = (text: string): string => cut(text.replaceAll(/\s+/g, ' ').trim(), 300);
