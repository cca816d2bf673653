import { toSimplified } from './simplified.js';

/**
 * Text as the analyser sees it: NFKC, lower case, Latin accents removed, simplified Chinese.
 *
 * `starts[i]`/`ends[i]` give the range in the original text of the unit `i` of `text`; both are absent in the usual case that
 * every unit kept its place.
 */
export interface Normalised {
  text: string;
  starts?: Uint32Array;
  ends?: Uint32Array;
}

// One entry a UTF-16 unit: the unit it becomes, or one of these (private use, so no real target). The loop asks for them by one comparison.
const special = 0xf8fd;
const half = 0xf8fd;
const dropped = 0xf8fe;
const expanded = 0xf8ff;
const units = new Uint16Array(0x10000).fill(half, 0xd800, 0xe000);
const expansions = new Map<number, string>();

const combining = /^[\u0300-\u036f\u200b-\u200d\ufeff\u00ad]$/;
const accentedLatin = /^\p{Script=Latin}\p{M}+$/u;
const searchable = /[\p{L}\p{N}]/u;
const markSign = /^[™℠®©ªº]$/;

/** Normal form of one character; '' when it only modifies the one before. */
function normalForm(character: string): string {
  if (combining.test(character)) return '';
  if (character === '’' || character === 'ʼ') return "'";
  // The Chinese comma must not look like the comma inside 1,000.
  if (character === '，' || markSign.test(character)) return ' ';
  const decomposed = character.normalize('NFKD');
  if (accentedLatin.test(decomposed)) return decomposed.replace(/\p{M}/gu, '').toLowerCase();
  const composed = character.normalize('NFKC').toLowerCase().replace(/[\u0300-\u036f]/g, '');
  if (composed.length !== character.length && !searchable.test(composed)) return ' '.repeat(character.length);
  return toSimplified(composed);
}

function lookUp(unit: number): number {
  const form = normalForm(String.fromCharCode(unit));
  if (form.length === 1) return (units[unit] = form.charCodeAt(0) || 0x20);
  if (form.length === 0) return (units[unit] = dropped);
  expansions.set(unit, form);
  return (units[unit] = expanded);
}

const isSurrogate = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdfff;

/** Supplementary characters: few of them change, so they are looked at one by one. */
function ofPair(text: string, at: number): string {
  const codePoint = text.codePointAt(at) ?? 0xfffd;
  // Emoji and private use never change; ideographs and letters may.
  if (codePoint < 0x10000 || (codePoint >= 0x1f000 && codePoint < 0x20000)) return text.slice(at, codePoint < 0x10000 ? at + 1 : at + 2);
  return normalForm(String.fromCodePoint(codePoint));
}

const ascii = /^[\x01-\x7f]*$/;
let scratch = new Uint16Array(4096);

/** Normalises `text`. Linear; plain ASCII and texts without expanding characters (nearly all) need no offset map. */
export function normalise(text: string): Normalised {
  if (ascii.test(text)) return { text: text.toLowerCase() };
  const length = text.length;
  if (scratch.length < length || scratch.length > 1 << 20) scratch = new Uint16Array(Math.max(4096, length));
  let changed = false;
  for (let i = 0; i < length; i++) {
    const unit = text.charCodeAt(i);
    const target = units[unit] || lookUp(unit);
    if (target >= special && target <= expanded) {
      if (target !== half) return normaliseWithOffsets(text);
      const form = ofPair(text, i);
      const width = unit < 0xdc00 && (text.codePointAt(i) ?? 0) > 0xffff ? 2 : 1;
      if (form.length !== width) return normaliseWithOffsets(text);
      for (let k = 0; k < width; k++) scratch[i + k] = form.charCodeAt(k);
      changed = true;
      i += width - 1;
      continue;
    }
    scratch[i] = target;
    changed ||= target !== unit;
  }
  return { text: changed ? decode(scratch, length) : text };
}

function decode(buffer: Uint16Array, length: number): string {
  return Buffer.from(buffer.buffer, buffer.byteOffset, length * 2).toString('utf16le');
}

function normaliseWithOffsets(text: string): Normalised {
  const parts: string[] = [];
  const starts: number[] = [];
  const ends: number[] = [];
  for (let i = 0; i < text.length; ) {
    const unit = text.charCodeAt(i);
    const width = isSurrogate(unit) && (text.codePointAt(i) ?? 0) > 0xffff ? 2 : 1;
    const form = isSurrogate(unit) ? ofPair(text, i) : formOf(unit);
    const next = i + width;
    // A combining mark lengthens the range of the character before it.
    if (form.length === 0 && ends.length > 0) ends[ends.length - 1] = next;
    for (let k = 0; k < form.length; k++) {
      const sameShape = form.length === width;
      starts.push(sameShape ? i + k : i);
      ends.push(sameShape ? i + k + 1 : next);
    }
    parts.push(form);
    i = next;
  }
  return { text: parts.join(''), starts: Uint32Array.from(starts), ends: Uint32Array.from(ends) };
}

function formOf(unit: number): string {
  const target = units[unit] || lookUp(unit);
  if (target === dropped) return '';
  if (target === expanded) return expansions.get(unit) ?? '';
  return String.fromCharCode(target);
}
