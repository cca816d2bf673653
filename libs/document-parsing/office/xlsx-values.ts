import { attribute, readXml } from '../reading/markup-reader.js';
import type { ZipArchive } from '../reading/zip-archive.js';
import { ParseError } from '../parse-error.js';

export type NumberKind = 'number' | 'date' | 'percent';

/** Built-in formats that show a date or a time, by id. */
const isDateFormat = (id: number): boolean => (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) || (id >= 50 && id <= 58);
const millisecondsPerDay = 86_400_000;
/** Day 0 of the two calendars that Excel counts in. */
const epoch1900 = Date.UTC(1899, 11, 30);
const epoch1904 = Date.UTC(1904, 0, 1);

/** The texts that cells refer to by number. */
export async function readSharedStrings(zip: ZipArchive, part: string | undefined, maxCharacters: number): Promise<string[]> {
  const strings: string[] = [];
  if (!part || !zip.has(part)) return strings;
  let current = '';
  let inText = false;
  let phonetic = 0;
  let characters = 0;
  await readXml(zip.text(part), {
    open(name) {
      if (name === 'si') current = '';
      else if (name === 'rPh') phonetic += 1;
      else if (name === 't') inText = phonetic === 0;
    },
    text(data) {
      if (!inText) return;
      current += data;
      characters += data.length;
      if (characters > maxCharacters) throw new ParseError('too_large', 'The workbook holds more text than can be read. Split it into several files.');
    },
    close(name) {
      if (name === 'si') strings.push(current);
      else if (name === 'rPh') phonetic -= 1;
      else if (name === 't') inText = false;
    },
  });
  return strings;
}

/** For each cell style whether its numbers are dates or percentages. */
export async function readNumberKinds(zip: ZipArchive, part: string | undefined): Promise<NumberKind[]> {
  const kinds: NumberKind[] = [];
  if (!part || !zip.has(part)) return kinds;
  const custom = new Map<number, string>();
  let inCellStyles = false;
  await readXml(zip.text(part), {
    open(name, attributes) {
      const id = Number(attribute(attributes, 'numFmtId'));
      if (name === 'cellXfs') inCellStyles = true;
      else if (name === 'numFmt') custom.set(id, attribute(attributes, 'formatCode') ?? '');
      else if (name === 'xf' && inCellStyles) kinds.push(kindOf(id, custom.get(id)));
    },
    close(name) {
      if (name === 'cellXfs') inCellStyles = false;
    },
    text: () => undefined,
  });
  return kinds;
}

function kindOf(id: number, code: string | undefined): NumberKind {
  if (code === undefined) return isDateFormat(id) ? 'date' : id === 9 || id === 10 ? 'percent' : 'number';
  const bare = code.replace(/"[^"]*"|\\.|\[[^\]]*\]/g, '');
  if (bare.includes('%')) return 'percent';
  return /[ymdhs年月日]/i.test(bare) && !/[#?]|general/i.test(bare) ? 'date' : 'number';
}

/** A number as a person would read it: 15 digits at most, dates as ISO 8601. */
export function formatNumber(raw: string, kind: NumberKind, calendar1904: boolean): string {
  const value = Number(raw);
  if (!raw.trim() || !Number.isFinite(value)) return raw;
  if (kind === 'percent') return `${trimmed(value * 100, 12)}%`;
  // Short numbers are exact already; long ones carry the noise of binary fractions.
  if (kind !== 'date' || value < 0 || value > 2_958_466) return raw.length < 16 ? String(value) : trimmed(value, 15);
  const milliseconds = Math.round((value * millisecondsPerDay) / 1000) * 1000;
  if (value < 1) return new Date(milliseconds).toISOString().slice(11, 19);
  const iso = new Date((calendar1904 ? epoch1904 : epoch1900) + milliseconds).toISOString();
  return value % 1 === 0 ? iso.slice(0, 10) : `${iso.slice(0, 10)} ${iso.slice(11, 19)}`;
}

function trimmed(value: number, digits: number): string {
  return String(Number(value.toPrecision(digits)));
}
