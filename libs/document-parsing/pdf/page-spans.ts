import type { PDFPageProxy } from 'pdfjs-dist';
import type { TextItem } from 'pdfjs-dist/types/src/display/api.js';
import type { Span } from './pdf.types.js';

/** Reads the text of one page as it will be seen: turned pages are turned upright. */
export async function spansOf(page: PDFPageProxy): Promise<{ width: number; height: number; spans: Span[] }> {
  const view = page.getViewport({ scale: 1 });
  const { items } = await page.getTextContent();
  const horizontal: Span[] = [];
  const turned: Span[] = [];
  let spaced = false;
  for (const item of items) {
    if (!('str' in item)) continue;
    if (!item.str.trim()) {
      spaced ||= item.str.length > 0;
      continue;
    }
    const placed = place(item, view.transform as Matrix, spaced);
    spaced = /\s$/.test(item.str);
    if (placed.angle === 0) horizontal.push(placed.span);
    else turned.push(placed.span);
  }
  // A landscape table on an upright page: all its text is turned, and reads as usual once the axes are exchanged.
  if (turned.length > horizontal.length) return { width: view.height, height: view.width, spans: turned };
  return { width: view.width, height: view.height, spans: horizontal };
}

type Matrix = [number, number, number, number, number, number];

function place(item: TextItem, view: Matrix, spaced: boolean): { span: Span; angle: number } {
  const [a, b, c, d, e, f] = item.transform as Matrix;
  const x = view[0] * e + view[2] * f + view[4];
  const y = view[1] * e + view[3] * f + view[5];
  const along: [number, number] = [view[0] * a + view[2] * b, view[1] * a + view[3] * b];
  const size = Math.hypot(view[0] * c + view[2] * d, view[1] * c + view[3] * d) || item.height;
  const common = { text: item.str, width: item.width, size, font: item.fontName, spaced: spaced || /^\s/.test(item.str) };
  if (Math.abs(along[0]) >= Math.abs(along[1])) return { span: { ...common, x, y }, angle: 0 };
  // Reading upwards: the page's height becomes the x axis. Reading downwards: the mirror of it.
  return along[1] < 0 ? { span: { ...common, x: -y, y: x }, angle: 90 } : { span: { ...common, x: y, y: -x }, angle: 270 };
}
