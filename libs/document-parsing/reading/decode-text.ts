import { analyse } from 'chardet';
import { plausibility } from './encoding-score.js';

export interface DecodedText {
  text: string;
  /** WHATWG name of the encoding that was used. */
  encoding: string;
}

const sampleBytes = 256 * 1024;
const multiByte = ['gb18030', 'big5', 'shift_jis', 'euc-jp', 'euc-kr'];

/**
 * Decodes text of unknown encoding: byte-order mark, UTF-16 without one, strict UTF-8, the encoding that the
 * document itself declares, then the candidates of East Asia scored by how common the characters would be
 * (short GBK is misread by general detectors), last the single-byte encodings by `chardet`.
 */
export function decodeText(bytes: Uint8Array, declared?: string): DecodedText {
  const encoding = markedEncoding(bytes) ?? unmarkedUtf16(bytes) ?? unicodeOf(bytes) ?? declaredEncoding(bytes, declared) ?? guessed(bytes);
  return { text: new TextDecoder(encoding).decode(bytes), encoding };
}

function markedEncoding(bytes: Uint8Array): string | undefined {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8';
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  return undefined;
}

/** Even Chinese UTF-16 has spaces, digits or newlines, whose high byte is zero; other encodings have no zero bytes. */
function unmarkedUtf16(bytes: Uint8Array): string | undefined {
  if (bytes.length < 4 || bytes.length % 2 !== 0) return undefined;
  const length = Math.min(bytes.length, 8192);
  const zeros = [0, 0];
  for (let at = 0; at < length; at += 1) if (bytes[at] === 0) zeros[at % 2]! += 1;
  const [even = 0, odd = 0] = zeros;
  if (even + odd === 0) return undefined;
  const candidate = odd > even * 4 ? 'utf-16le' : even > odd * 4 ? 'utf-16be' : undefined;
  return candidate && strictly(bytes.subarray(0, length - (length % 2)), candidate) !== undefined ? candidate : undefined;
}

function unicodeOf(bytes: Uint8Array): string | undefined {
  if (strictly(bytes, 'utf-8') === undefined) return undefined;
  // ISO-2022-JP is pure ASCII that switches with escape sequences.
  const escapes = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, sampleBytes)).includes('\u001b$');
  return escapes ? 'iso-2022-jp' : 'utf-8';
}

function declaredEncoding(bytes: Uint8Array, declared: string | undefined): string | undefined {
  if (!declared) return undefined;
  const name = /^(gb2312|gbk|x-gbk|cp936|ms936)$/i.test(declared.trim()) ? 'gb18030' : declared.trim();
  if (/^utf-?(8|16)/i.test(name)) return undefined;
  return strictly(bytes, name) === undefined ? undefined : name.toLowerCase();
}

function guessed(bytes: Uint8Array): string {
  const sample = bytes.subarray(0, sampleBytes);
  let best = { encoding: '', score: 0 };
  for (const encoding of multiByte) {
    const text = strictly(sample, encoding);
    const score = text === undefined ? 0 : plausibility(text, encoding);
    if (score > best.score) best = { encoding, score };
  }
  if (best.encoding) return best.encoding;
  const broken = mostlyUtf8(sample);
  if (broken) return broken;
  const single = analyse(sample).find(({ name }) => /^(windows-125|ISO-8859|KOI8)/i.test(name) && strictly(sample, name) !== undefined);
  return single?.name.toLowerCase().replace('iso-8859-1', 'windows-1252') ?? 'windows-1252';
}

/** UTF-8 with a few broken bytes is still UTF-8. */
function mostlyUtf8(sample: Uint8Array): string | undefined {
  const text = new TextDecoder().decode(sample, { stream: true });
  const broken = text.split('\ufffd').length - 1;
  return broken * 20 < sample.filter((byte) => byte >= 0x80).length ? 'utf-8' : undefined;
}

/** The text, or `undefined` when the bytes are not valid in this encoding. A character cut off at the end is forgiven. */
function strictly(bytes: Uint8Array, encoding: string): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes, { stream: true });
  } catch {
    return undefined;
  }
}
