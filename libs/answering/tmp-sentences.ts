export function splitSentences(text: string): { start: number; end: number }[] {
  const out: { start: number; end: number }[] = [];
  const re = /[^。！？!?\n.]*(?:[。！？!?]+["”」』）)]*|\.(?=\s|$|\[)["”)]*|\.|\n|$)/gy;
  let start = 0;
  let m: RegExpExecArray | null;
  while ((m = re.exec(text)) && m[0].length > 0) {
    const end = m.index + m[0].length;
    const piece = text.slice(start, end);
    if (/\.$/.test(piece) && (!/^\s/.test(text.slice(end)) || /\b(?:[A-Z]|Mr|Dr|St|No)\.$/.test(piece)) && end < text.length) continue;
    const lead = piece.length - piece.trimStart().length;
    if (piece.trim()) out.push({ start: start + lead, end: start + piece.trimEnd().length });
    start = end;
  }
  if (start < text.length && text.slice(start).trim()) out.push({ start, end: text.length });
  return out;
}
