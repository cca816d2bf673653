export interface RtfHandler {
  openGroup(): void;
  closeGroup(): void;
  /** A control word such as `par` or `fs24` (its number is 24), or a control symbol such as `~` or `*`. */
  control(word: string, number: number | undefined): void;
  /** Characters of the document, as bytes in the current font's encoding. */
  bytes(bytes: number[]): void;
}

const isLetter = (code: number): boolean => (code >= 97 && code <= 122) || (code >= 65 && code <= 90);
const isDigit = (code: number): boolean => code >= 48 && code <= 57;

/** Cuts RTF into groups, control words and text in one linear pass. */
export function readRtf(source: Buffer, handler: RtfHandler): void {
  let at = 0;
  while (at < source.length) {
    const code = source[at]!;
    if (code === 0x7b) handler.openGroup();
    else if (code === 0x7d) handler.closeGroup();
    else if (code === 0x5c) {
      at = readControl(source, at + 1, handler);
      continue;
    } else if (code !== 0x0a && code !== 0x0d && code !== 0) {
      const start = at;
      while (at < source.length && !isSpecial(source[at]!)) at += 1;
      handler.bytes([...source.subarray(start, Math.min(at, start + 4096))]);
      if (at > start + 4096) at = start + 4096;
      continue;
    }
    at += 1;
  }
}

function isSpecial(code: number): boolean {
  return code === 0x7b || code === 0x7d || code === 0x5c || code === 0x0a || code === 0x0d || code === 0;
}

/** Reads what follows a backslash; returns where the text goes on. */
function readControl(source: Buffer, start: number, handler: RtfHandler): number {
  const code = source[start] ?? 0;
  if (!isLetter(code)) {
    if (code !== 0x27) {
      handler.control(String.fromCharCode(code), undefined);
      return start + 1;
    }
    const byte = Number.parseInt(source.toString('latin1', start + 1, start + 3), 16);
    if (!Number.isNaN(byte)) handler.bytes([byte]);
    return start + 3;
  }
  let at = start;
  while (at - start < 32 && isLetter(source[at] ?? 0)) at += 1;
  const word = source.toString('latin1', start, at);
  const numberStart = at;
  if (source[at] === 0x2d) at += 1;
  while (at - numberStart < 12 && isDigit(source[at] ?? 0)) at += 1;
  const number = at > numberStart ? Number(source.toString('latin1', numberStart, at)) : undefined;
  if (source[at] === 0x20) at += 1;
  if (word === 'bin' && number !== undefined && number > 0) return at + number;
  handler.control(word, number);
  return at;
}
