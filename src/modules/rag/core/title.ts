const longest = 80;

/** A title for a text that came without one: its first line, cut at a word. */
export function titleOf(text: string): string {
  const line = text.trimStart().split(/\r?\n/, 1)[0]?.replace(/^#{1,6}\s+/, '').trim() ?? '';
  if (line.length === 0) return 'Untitled';
  if (line.length <= longest) return line;
  const cut = line.slice(0, longest).replace(/[\uD800-\uDBFF]$/, '');
  const space = cut.lastIndexOf(' ');
  return `${space > longest / 2 ? cut.slice(0, space) : cut}…`;
}
