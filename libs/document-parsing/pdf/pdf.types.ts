/** A run of characters of one size. Coordinates in points from the page's top left, y at the baseline. */
export interface Span {
  text: string;
  x: number;
  y: number;
  width: number;
  /** Font size. */
  size: number;
  /** The library's name for the font; the same throughout the document. */
  font: string;
  /** The file itself has white space before it. */
  spaced: boolean;
}

/** Neighbouring spans without a wide gap: a line of a column, or a cell of a table. */
export interface Segment {
  text: string;
  x: number;
  right: number;
  y: number;
  size: number;
  /** Font of the longest span. */
  font: string;
  /** The segment cut again at smaller gaps: in a table these are the cells. */
  parts: Part[];
}

export interface Part {
  text: string;
  x: number;
  right: number;
}

/** Segments on one baseline, from left to right. */
export interface Row {
  y: number;
  segments: Segment[];
}

export interface PageText {
  page: number;
  width: number;
  height: number;
  rows: Row[];
}

/** What a page holds, in reading order. */
export type PageItem = { kind: 'line'; line: Segment; columnLeft: number; columnRight: number } | { kind: 'table'; rows: string[][] } | { kind: 'break' };
