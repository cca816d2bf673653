/** A PDF of pages of English text in Helvetica, uncompressed: about as many bytes of text as the file has. */
export function textPdf(pages: readonly string[][]): Buffer {
  const parts: string[] = ['%PDF-1.4\n'];
  const offsets: number[] = [];
  let length = parts[0]?.length ?? 0;
  const add = (body: string): void => {
    const object = `${offsets.length + 1} 0 obj\n${body}\nendobj\n`;
    offsets.push(length);
    parts.push(object);
    length += object.length;
  };
  const firstPage = 4;
  const pageNumbers = pages.map((_, index) => firstPage + 2 * index);
  add('<< /Type /Catalog /Pages 2 0 R >>');
  add(`<< /Type /Pages /Kids [${pageNumbers.map((number) => `${number} 0 R`).join(' ')}] /Count ${pages.length} >>`);
  add('<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>');
  pages.forEach((lines, index) => {
    const shown = lines.map((line) => `(${line.replace(/[^\x20-\x7e]/g, ' ').replace(/[\\()]/g, '\\$&')}) Tj T*`).join('\n');
    const stream = `BT /F1 9 Tf 11 TL 40 800 Td\n${shown}\nET`;
    add(`<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents ${pageNumbers[index]! + 1} 0 R /Resources << /Font << /F1 3 0 R >> >> >>`);
    add(`<< /Length ${stream.length} >>\nstream\n${stream}\nendstream`);
  });
  const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  parts.push(`xref\n0 ${offsets.length + 1}\n0000000000 65535 f \n${table}trailer\n<< /Size ${offsets.length + 1} /Root 1 0 R >>\nstartxref\n${length}\n%%EOF\n`);
  return Buffer.from(parts.join(''), 'latin1');
}

/** Words broken into lines of about 100 characters and pages of 65 lines. */
export function paginate(text: string): string[][] {
  const lines = text.match(/\S.{0,98}(?:\s|$)/g) ?? [];
  return Array.from({ length: Math.ceil(lines.length / 65) }, (_, page) => lines.slice(page * 65, page * 65 + 65));
}
