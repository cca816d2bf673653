// C0 and C1 controls but tab and newline, and zero-width or direction marks that only disturb search.
const unwanted = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u200b\u2060\ufeff]/g;

/** Newlines become `\n`; controls, invisible marks and lone surrogates (which PostgreSQL refuses) are taken out. */
export function cleanText(text: string): string {
  return text.replace(/\r\n?|\u2028|\u2029|\u0085/g, '\n').replace(unwanted, '').replace(/\p{Surrogate}/gu, '\ufffd');
}

/** The text on one line, white space collapsed. */
export function singleLine(text: string): string {
  return cleanText(text).replace(/\s+/g, ' ').trim();
}
