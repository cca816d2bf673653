import type { Block } from '#libs/chunking';

/** Something a reader should know although the document was parsed. */
export interface ParseWarning {
  code: string;
  message: string;
}

export interface ParsedDocument {
  mime: string;
  title?: string;
  /** The whole text: newlines are `\n`, no control characters, no lone surrogates. */
  content: string;
  /** In order, not overlapping; between two of them stands white space only. */
  blocks: Block[];
  pages?: number;
  warnings: ParseWarning[];
  metadata: Record<string, string>;
}

/** Bounds on what a file may cost. A file over a bound fails with `too_large`; nothing is cut off silently. */
export interface ParseLimits {
  maxFileBytes: number;
  /** Characters of the resulting content. */
  maxCharacters: number;
  maxPages: number;
  /** Bytes that all inflated parts of a ZIP-based file may have together. */
  maxInflatedBytes: number;
  maxZipEntries: number;
  /** How deep attachments may hold attachments. */
  maxDepth: number;
}

export const defaultLimits: ParseLimits = {
  maxFileBytes: 256 * 2 ** 20,
  maxCharacters: 20_000_000,
  maxPages: 10_000,
  maxInflatedBytes: 1024 * 2 ** 20,
  maxZipEntries: 20_000,
  maxDepth: 4,
};

export interface ParseOptions {
  /** The name the file was uploaded under; its extension decides between formats that look alike. */
  filename: string;
  /** What the client claims; used only where content and extension say nothing. */
  mime?: string;
  password?: string;
  limits?: Partial<ParseLimits>;
}

/** What a format's parser gets. */
/** A file in memory, not yet recognised. */
export interface FileInMemory {
  bytes: Buffer;
  filename: string;
  password?: string;
  limits: ParseLimits;
  /** 0 for the file itself, 1 for its attachments, … */
  depth: number;
}

/** What the parser of a format works on. */
export interface ParseInput extends FileInMemory {
  /** Parses a file that lies inside this one. */
  parseEmbedded(file: FileInMemory, claimedMime?: string): Promise<ParsedDocument>;
}
