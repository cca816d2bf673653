import { ParseError } from '../parse-error.js';

/** One file in a ZIP, as the central directory declares it. */
export interface ZipEntry {
  name: string;
  /** 0 stored, 8 deflated. */
  method: number;
  compressedSize: number;
  size: number;
  /** Where its local header begins. */
  offset: number;
  encrypted: boolean;
}

const endSignature = 0x06054b50;
const end64LocatorSignature = 0x07064b50;
const entrySignature = 0x02014b50;
const endBytes = 22;
const maxCommentBytes = 0xffff;
const inExtraField = 0xffffffff;

/** Reads the central directory without inflating anything. Throws `corrupt` or `too_large`. */
export function readDirectory(bytes: Buffer, maxEntries: number): Map<string, ZipEntry> {
  const { count, start } = directoryOf(bytes);
  if (count > maxEntries) throw new ParseError('too_large', `The file holds ${count} parts; at most ${maxEntries} are read.`);
  const entries = new Map<string, ZipEntry>();
  let at = start;
  for (let index = 0; index < count; index += 1) {
    if (at + 46 > bytes.length || bytes.readUInt32LE(at) !== entrySignature) throw damaged();
    const nameBytes = bytes.readUInt16LE(at + 28);
    const extraBytes = bytes.readUInt16LE(at + 30);
    const entry: ZipEntry = {
      name: bytes.toString('utf8', at + 46, at + 46 + nameBytes).replaceAll('\\', '/'),
      method: bytes.readUInt16LE(at + 10),
      compressedSize: bytes.readUInt32LE(at + 20),
      size: bytes.readUInt32LE(at + 24),
      offset: bytes.readUInt32LE(at + 42),
      encrypted: (bytes.readUInt16LE(at + 8) & 1) === 1,
    };
    applyZip64(entry, bytes.subarray(at + 46 + nameBytes, at + 46 + nameBytes + extraBytes));
    entries.set(entry.name, entry);
    at += 46 + nameBytes + extraBytes + bytes.readUInt16LE(at + 32);
  }
  return entries;
}

function directoryOf(bytes: Buffer): { count: number; start: number } {
  const lowest = Math.max(0, bytes.length - endBytes - maxCommentBytes);
  for (let at = bytes.length - endBytes; at >= lowest; at -= 1) {
    if (bytes.readUInt32LE(at) !== endSignature) continue;
    const count = bytes.readUInt16LE(at + 10);
    const start = bytes.readUInt32LE(at + 16);
    if (count !== 0xffff && start !== inExtraField) return { count, start };
    if (at < 20 || bytes.readUInt32LE(at - 20) !== end64LocatorSignature) return { count, start };
    const end64 = Number(bytes.readBigUInt64LE(at - 12));
    if (end64 + 56 > bytes.length) throw damaged();
    return { count: Number(bytes.readBigUInt64LE(end64 + 32)), start: Number(bytes.readBigUInt64LE(end64 + 48)) };
  }
  throw damaged();
}

/** Values that do not fit 32 bits stand in an extra field, in this fixed order, only those that are needed. */
function applyZip64(entry: ZipEntry, extra: Buffer): void {
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== 1) continue;
    let value = at + 4;
    const next = () => {
      if (value + 8 > extra.length) throw damaged();
      value += 8;
      return Number(extra.readBigUInt64LE(value - 8));
    };
    if (entry.size === inExtraField) entry.size = next();
    if (entry.compressedSize === inExtraField) entry.compressedSize = next();
    if (entry.offset === inExtraField) entry.offset = next();
    return;
  }
}

function damaged(): ParseError {
  return new ParseError('corrupt', 'The file is cut off or damaged: its table of contents cannot be read. Save or download it again and retry.');
}
