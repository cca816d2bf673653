import type { PageItem } from './pdf.types.js';

/** What distinguishes headings from running text in this document. */
export interface Typography {
  /** Font size of most characters. */
  body: number;
  /** Font of most characters. */
  bodyFont: string;
  /** Fonts that only few characters are set in. */
  rareFonts: Set<string>;
  /** Sizes of headings, largest first. */
  headings: number[];
}

/** Clearly larger than the body. */
const headingScale = 1.12;
const maxHeadingShare = 0.25;
const maxRareShare = 0.15;

export function typographyOf(items: Iterable<PageItem>): Typography {
  const sizes = new Map<number, number>();
  const fonts = new Map<string, number>();
  let total = 0;
  for (const item of items) {
    if (item.kind !== 'line') continue;
    const { size, font, text } = item.line;
    const rounded = Math.round(size * 2) / 2;
    sizes.set(rounded, (sizes.get(rounded) ?? 0) + text.length);
    fonts.set(font, (fonts.get(font) ?? 0) + text.length);
    total += text.length;
  }
  const body = commonest(sizes) ?? 0;
  const headings = [...sizes].filter(([size, count]) => size > body * headingScale && count < total * maxHeadingShare).map(([size]) => size);
  const rareFonts = new Set([...fonts].filter(([, count]) => count < total * maxRareShare).map(([font]) => font));
  return { body, bodyFont: commonest(fonts) ?? '', rareFonts, headings: headings.sort((a, b) => b - a) };
}

function commonest<Key>(counts: Map<Key, number>): Key | undefined {
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0];
}
