const cjkEnd = /[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f“”‘’]$/;
const cjkStart = /^[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f“”‘’]/;

/** One paragraph from its lines: no space between ideographs, words hyphenated at the line's end made whole. */
export function joinLines(lines: string[]): string {
  let text = '';
  for (const raw of lines) {
    const line = raw.trim();
    if (!line) continue;
    if (!text) text = line;
    else if (/\p{Ll}[-\u00ad\u2010]$/u.test(text) && /^\p{Ll}/u.test(line)) text = text.slice(0, -1) + line;
    else if (/[-\u2010/]$/.test(text) && !/\s[-\u2010/]$/.test(text)) text += line;
    else text += (cjkEnd.test(text) && cjkStart.test(line) ? '' : ' ') + line;
  }
  // Dots that lead the eye to a page number say nothing.
  return text.replace(/(?:\.\s?){6,}/g, ' … ');
}
