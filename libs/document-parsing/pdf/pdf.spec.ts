import { describe, expect, it } from 'vitest';
import { outline, parse, pdfOf } from '../parsing.fixture.js';

type Line = [number, number, number, string];

/** Lines of one column from the top. */
const column = (x: number, top: number, lines: string[], pitch = 14): Line[] => lines.map((text, index) => [x, top - index * pitch, 11, text]);

const left = ['The left column of this page speaks', 'about rivers and about the way in', 'which they change their course and', 'carry sand to the sea for many cen-', 'turies without rest.'];
const right = ['The right column tells of mountains', 'that are worn down by wind and ice', 'until nothing but gentle hills is', 'left of what once was a high range', 'of peaks.'];

describe('parsePdf', () => {
  it('reads two columns one after the other below a title across both', async () => {
    const document = await parse(pdfOf([[[150, 740, 20, 'Rivers and mountains'], ...column(50, 700, left), ...column(320, 700, right)]]), 'a.pdf');
    expect(outline(document)).toEqual([
      'heading1: Rivers and mountains',
      'paragraph: The left column of this page speaks about rivers and about the way in which they change their course and carry sand to the sea for many centuries without rest.',
      'paragraph: The right column tells of mountains that are worn down by wind and ice until nothing but gentle hills is left of what once was a high range of peaks.',
    ]);
    expect(document.title).toBe('Rivers and mountains');
  });

  it('reads aligned cells as a table, also where cells are empty', async () => {
    const rows = [['Product', 'Units', 'Price'], ['Bolt', '400', '0.10'], ['Nut', '', '0.05'], ['Washer', '90', '']];
    const cells = rows.flatMap((row, index) => row.map((text, place): Line => [60 + place * 150, 600 - index * 18, 10, text])).filter(([, , , text]) => text);
    const document = await parse(pdfOf([cells]), 'a.pdf');
    expect(outline(document)).toEqual(['table: | Product | Units | Price |\n| --- | --- | --- |\n| Bolt | 400 | 0.10 |\n| Nut |  | 0.05 |\n| Washer | 90 |  |']);
  });

  it('drops running headers and page numbers and keeps what differs', async () => {
    const pages = [1, 2, 3, 4].map((page): Line[] => [
      [50, 780, 9, 'Annual report of the company'],
      [50, 700, 11, `Page ${['one', 'two', 'three', 'four'][page - 1]} has its own words that stay.`],
      [300, 20, 9, `${page} / 4`],
    ]);
    const document = await parse(pdfOf(pages), 'a.pdf');
    expect(document.content).toBe(['one', 'two', 'three', 'four'].map((word) => `Page ${word} has its own words that stay.`).join('\n\n'));
    expect(document.blocks.map(({ page }) => page)).toEqual([1, 2, 3, 4]);
  });

  it('says so when pages hold no text, some or all of them', async () => {
    const some = await parse(pdfOf([[[50, 700, 11, 'Words on the first page.']], []]), 'a.pdf');
    expect(some.warnings).toMatchObject([{ code: 'pages_without_text' }]);
    await expect(parse(pdfOf([[], []]), 'scan.pdf')).rejects.toMatchObject({ code: 'no_text', message: expect.stringContaining('pictures of pages') as string });
  });

  it('keeps to the limits of pages and characters', async () => {
    const pdf = pdfOf([[[50, 700, 11, 'Some words.']], [[50, 700, 11, 'More words.']]]);
    await expect(parse(pdf, 'a.pdf', { maxPages: 1 })).rejects.toMatchObject({ code: 'too_large' });
    await expect(parse(pdf, 'a.pdf', { maxCharacters: 15 })).rejects.toMatchObject({ code: 'too_large' });
  });
});
