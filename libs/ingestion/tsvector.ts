/**
 * Terms in the text form of PostgreSQL's tsvector (`'cache':1,4 'rate':2`), and back. Positions are those of the terms;
 * PostgreSQL keeps at most 256 of them a term, none above 16,383, and drops terms over 2,046 bytes.
 */
const lastPosition = 16_383;
const longestTermBytes = 2_046;
const mostPositions = 255;

export function toTsvector(terms: readonly string[]): string {
  const positions = new Map<string, number[]>();
  terms.forEach((term, index) => {
    const found = positions.get(term);
    if (!found) positions.set(term, [Math.min(index + 1, lastPosition)]);
    else if (found.length < mostPositions && index < lastPosition) found.push(index + 1);
  });
  const lexemes: string[] = [];
  for (const [term, at] of positions) {
    if (term.length === 0 || term.includes('\u0000') || Buffer.byteLength(term) > longestTermBytes) continue;
    lexemes.push(`'${term.replaceAll('\\', '\\\\').replaceAll("'", "''")}':${at.join(',')}`);
  }
  return lexemes.join(' ');
}

const lexeme = /'((?:[^'\\]|''|\\.)*)'(?::([\d,A-D]+))?/g;

/** Term → how often it stands in the text. */
export function* fromTsvector(text: string): Generator<[string, number]> {
  for (const [, quoted = '', at = ''] of text.matchAll(lexeme)) {
    const term = quoted.includes("'") || quoted.includes('\\') ? quoted.replaceAll("''", "'").replace(/\\(.)/g, '$1') : quoted;
    yield [term, at === '' ? 1 : countOf(at)];
  }
}

function countOf(positions: string): number {
  let count = 1;
  for (let index = 0; index < positions.length; index += 1) if (positions.charCodeAt(index) === 44) count += 1;
  return count;
}
