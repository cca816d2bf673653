import { ParseError } from '../parse-error.js';

const sampleCharacters = 20_000;

/** Text has hardly any control or undecodable characters; a file of an unknown binary kind is full of them. */
export function refuseBinary(text: string, filename: string): void {
  const sample = text.slice(0, sampleCharacters);
  const odd = sample.match(/[\u0000-\u0008\u000e-\u001a\u001c-\u001f\ufffd]/g)?.length ?? 0;
  if (odd > 8 && odd > sample.length * 0.02) {
    throw new ParseError('unsupported', `"${filename}" is a binary file of a kind that is not known. Save it as PDF, .docx or plain text and upload that.`);
  }
}
