import { describe, expect, it } from 'vitest';
import { ParseError } from './parse-error.js';
import { docxOf, parse, pdfOf, zipOf } from './parsing.fixture.js';

describe('parseFile', () => {
  it.each([
    ['nothing.txt', '', 'empty'],
    ['blank.txt', ' \n\n', 'no_text'],
    ['photo.jpg', '\u00ff\u00d8\u00ff\u00e0', 'unsupported'],
    ['archive.zip', Buffer.from(zipOf({ 'a.txt': 'a' })).toString('latin1'), 'unsupported'],
    ['cut.pdf', '%PDF-1.7\n1 0 obj', 'corrupt'],
    ['cut.docx', Buffer.from(docxOf('<w:p/>')).toString('latin1').slice(0, 300), 'corrupt'],
    ['unknown.bin', String.fromCharCode(...Array.from({ length: 4000 }, (_, index) => (index * 7919) % 256)), 'unsupported'],
    ['locked.xlsx', `\u00d0\u00cf\u0011\u00e0\u00a1\u00b1\u001a\u00e1${'E\0n\0c\0r\0y\0p\0t\0i\0o\0n\0I\0n\0f\0o\0'}`, 'encrypted'],
  ])('says why %s cannot be read', async (filename, latin1, code) => {
    await expect(parse(Buffer.from(latin1, 'latin1'), filename)).rejects.toMatchObject({ name: 'ParseError', code });
  });

  it('decides by what a file is, not by what it is called', async () => {
    expect((await parse(pdfOf([[[50, 700, 11, 'Words']]]), 'notes.txt')).mime).toBe('application/pdf');
    expect((await parse('<!DOCTYPE html><p>Words</p>', 'page.txt')).mime).toBe('text/html');
    expect((await parse('# Words', 'README.md')).mime).toBe('text/markdown');
  });

  it('gives clean text: newlines, no controls, no lone surrogates, exact ranges', async () => {
    const { content, blocks } = await parse(Buffer.from('\ufeffone\r\ntwo\u0000\rthree\r\n\r\nfour\n'), 'a.txt');
    expect(content).toBe('one\ntwo\nthree\n\nfour');
    expect(blocks.map(({ start, end }) => content.slice(start, end))).toEqual(['one\ntwo\nthree', 'four']);
  });

  it('answers damaged files with a ParseError or a document, never with anything else', async () => {
    const sources: [string, Buffer][] = [
      ['a.pdf', pdfOf([[[50, 700, 11, 'Words of a page'], [50, 680, 11, 'and more of them']]])],
      ['a.docx', Buffer.from(docxOf('<w:p><w:r><w:t>Words</w:t></w:r></w:p>'.repeat(50)))],
      ['a.rtf', Buffer.from('{\\rtf1\\ansi{\\fonttbl{\\f0 Arial;}}\\pard Words\\par \\u20013? {\\*\\x y}}')],
      ['a.html', Buffer.from('<html><body><table><tr><td>x</table><ul><li>y</ul><p>Words')],
      ['a.eml', Buffer.from('From: a@b.c\nSubject: x\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nWords\n--b--')],
    ];
    let seed = 7;
    const random = (below: number) => (seed = (seed * 48271) % 2147483647) % below;
    for (const [filename, source] of sources) {
      for (let attempt = 0; attempt < 40; attempt += 1) {
        const bytes = Buffer.from(attempt % 4 === 0 ? source.subarray(0, random(source.length) + 1) : source);
        for (let change = 0; change < 1 + (attempt % 8); change += 1) bytes[random(bytes.length)] = random(256);
        const end = await parse(bytes, filename).catch((error: unknown) => error);
        expect(end instanceof ParseError || typeof (end as { content?: unknown }).content === 'string', String(end)).toBe(true);
      }
    }
  });
});
