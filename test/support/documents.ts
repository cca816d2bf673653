import { strToU8, zipSync } from 'fflate';

/** Small files of each format, made by hand: each holds `text` and little else. */
export interface SampleFile {
  name: string;
  type: string;
  content: Uint8Array;
}

const xml = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';
const officeRelations = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const packageRelations = 'http://schemas.openxmlformats.org/package/2006/relationships';

function archive(parts: Record<string, string>): Uint8Array {
  return zipSync(Object.fromEntries(Object.entries(parts).map(([name, content]) => [name, strToU8(content)])));
}

function contentTypes(...overrides: [part: string, type: string][]): string {
  const listed = overrides.map(([part, type]) => `<Override PartName="${part}" ContentType="application/vnd.openxmlformats-officedocument.${type}+xml"/>`).join('');
  return `${xml}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>${listed}</Types>`;
}

function relations(...targets: [type: string, target: string][]): string {
  const listed = targets.map(([type, target], index) => `<Relationship Id="rId${index + 1}" Type="${officeRelations}/${type}" Target="${target}"/>`).join('');
  return `${xml}<Relationships xmlns="${packageRelations}">${listed}</Relationships>`;
}

export function docx(text: string): Uint8Array {
  return archive({
    '[Content_Types].xml': contentTypes(['/word/document.xml', 'wordprocessingml.document.main']),
    '_rels/.rels': relations(['officeDocument', 'word/document.xml']),
    'word/document.xml': `${xml}<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>${text}</w:t></w:r></w:p></w:body></w:document>`,
  });
}

function xlsx(text: string): Uint8Array {
  return archive({
    '[Content_Types].xml': contentTypes(['/xl/workbook.xml', 'spreadsheetml.sheet.main'], ['/xl/worksheets/sheet1.xml', 'spreadsheetml.worksheet']),
    '_rels/.rels': relations(['officeDocument', 'xl/workbook.xml']),
    'xl/workbook.xml': `${xml}<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="${officeRelations}"><sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': relations(['worksheet', 'worksheets/sheet1.xml']),
    'xl/worksheets/sheet1.xml': `${xml}<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>${text}</t></is></c><c r="B1"><v>42</v></c></row></sheetData></worksheet>`,
  });
}

function pptx(text: string): Uint8Array {
  const drawing = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"';
  return archive({
    '[Content_Types].xml': contentTypes(['/ppt/presentation.xml', 'presentationml.presentation.main'], ['/ppt/slides/slide1.xml', 'presentationml.slide']),
    '_rels/.rels': relations(['officeDocument', 'ppt/presentation.xml']),
    'ppt/presentation.xml': `${xml}<p:presentation ${drawing} xmlns:r="${officeRelations}"><p:sldIdLst><p:sldId id="256" r:id="rId1"/></p:sldIdLst></p:presentation>`,
    'ppt/_rels/presentation.xml.rels': relations(['slide', 'slides/slide1.xml']),
    'ppt/slides/slide1.xml': `${xml}<p:sld ${drawing}><p:cSld><p:spTree><p:sp><p:txBody><a:p><a:r><a:t>${text}</a:t></a:r></a:p></p:txBody></p:sp></p:spTree></p:cSld></p:sld>`,
  });
}

function odt(text: string): Uint8Array {
  const type = 'application/vnd.oasis.opendocument.text';
  return archive({
    mimetype: type,
    'META-INF/manifest.xml': `${xml}<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry manifest:full-path="/" manifest:media-type="${type}"/></manifest:manifest>`,
    'content.xml': `${xml}<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:text><text:p>${text}</text:p></office:text></office:body></office:document-content>`,
  });
}

function epub(text: string): Uint8Array {
  return archive({
    mimetype: 'application/epub+zip',
    'META-INF/container.xml': `${xml}<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile full-path="book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>`,
    'book.opf': `${xml}<package xmlns="http://www.idpf.org/2007/opf" version="3.0"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Sample</dc:title></metadata><manifest><item id="c1" href="one.xhtml" media-type="application/xhtml+xml"/></manifest><spine><itemref idref="c1"/></spine></package>`,
    'one.xhtml': `<html xmlns="http://www.w3.org/1999/xhtml"><body><p>${text}</p></body></html>`,
  });
}

/** Text in Helvetica, ASCII only. */
export function pdf(text: string): Uint8Array {
  const stream = `BT /F1 12 Tf 72 720 Td (${text}) Tj ET`;
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${stream.length} >>\nstream\n${stream}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  ];
  let file = '%PDF-1.4\n';
  const offsets = objects.map((object, index) => {
    const offset = file.length;
    file += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return offset;
  });
  const start = file.length;
  file += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('')}`;
  return strToU8(`${file}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`);
}

function eml(text: string): Uint8Array {
  return strToU8(`From: a@example.com\r\nTo: b@example.com\r\nSubject: Sample\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n${text}\r\n`);
}

/** One file of every supported format; the text of each is ASCII and names its format. */
export function sampleFiles(textOf: (format: string) => string): SampleFile[] {
  const file = (format: string, type: string, make: (text: string) => Uint8Array): SampleFile => ({ name: `sample.${format}`, type, content: make(textOf(format)) });
  const office = 'application/vnd.openxmlformats-officedocument';
  return [
    file('txt', 'text/plain', strToU8),
    file('md', 'text/markdown', (text) => strToU8(`# Sample\n\n${text}\n`)),
    file('html', 'text/html', (text) => strToU8(`<!doctype html><title>Sample</title><body><nav>menu</nav><p>${text}</p><script>ignored()</script></body>`)),
    file('csv', 'text/csv', (text) => strToU8(`name,remark\nalpha,${text}\n`)),
    file('json', 'application/json', (text) => strToU8(JSON.stringify({ remark: text }))),
    file('pdf', 'application/pdf', pdf),
    file('docx', `${office}.wordprocessingml.document`, docx),
    file('pptx', `${office}.presentationml.presentation`, pptx),
    file('xlsx', `${office}.spreadsheetml.sheet`, xlsx),
    file('odt', 'application/vnd.oasis.opendocument.text', odt),
    file('epub', 'application/epub+zip', epub),
    file('rtf', 'application/rtf', (text) => strToU8(`{\\rtf1\\ansi\\deff0{\\fonttbl{\\f0 Arial;}}\\f0 ${text}\\par}`)),
    file('eml', 'message/rfc822', eml),
  ];
}

/** A .docx of a few hundred kilobytes whose text unpacks to `megabytes`. */
export function bomb(megabytes: number): Uint8Array {
  return docx(`${'a'.repeat(1023)} `.repeat(1024 * megabytes));
}
