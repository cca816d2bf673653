import { DocumentBuilder } from '../document-builder.js';
import type { ParsedDocument, ParseInput } from '../document.types.js';
import { attribute, readXml } from '../reading/markup-reader.js';
import { ZipArchive } from '../reading/zip-archive.js';
import { readProperties, relationshipsOf } from './package.js';
import { XlsxSheet } from './xlsx-sheet.js';
import { readNumberKinds, readSharedStrings } from './xlsx-values.js';

const mime = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const main = 'xl/workbook.xml';

interface Sheet {
  name: string;
  relationship: string;
  hidden: boolean;
}

/** Excel: each visible sheet is a heading with its tables; dates are ISO 8601, formulas show their stored result. */
export async function parseXlsx(input: ParseInput): Promise<ParsedDocument> {
  const zip = new ZipArchive(input.bytes, input.limits);
  const builder = new DocumentBuilder(input.limits);
  await readProperties(zip, 'docProps/core.xml', builder);
  const relationships = await relationshipsOf(zip, main);
  const partOf = (type: string) => [...relationships.values()].find((relationship) => relationship.type === type)?.target;
  const { sheets, calendar1904 } = await readWorkbook(zip);
  const values = {
    strings: await readSharedStrings(zip, partOf('sharedStrings'), input.limits.maxCharacters * 2),
    kinds: await readNumberKinds(zip, partOf('styles')),
    calendar1904,
  };
  for (const sheet of sheets) {
    const part = relationships.get(sheet.relationship)?.target;
    if (sheet.hidden) builder.warn('hidden_sheet', `The hidden sheet "${sheet.name}" was not read.`);
    else if (part && zip.has(part) && part.includes('worksheets/')) {
      builder.heading(1, sheet.name);
      const body = new XlsxSheet(builder, values);
      await readXml(zip.text(part), body);
      body.finish();
    }
  }
  const document = builder.build(mime);
  // The name of the first sheet says nothing about the workbook.
  return { ...document, title: builder.title };
}

async function readWorkbook(zip: ZipArchive): Promise<{ sheets: Sheet[]; calendar1904: boolean }> {
  const sheets: Sheet[] = [];
  let calendar1904 = false;
  await readXml(zip.text(main), {
    open(name, attributes) {
      if (name === 'sheet') {
        const hidden = (attributes.state ?? 'visible') !== 'visible';
        sheets.push({ name: attributes.name ?? '', relationship: attribute(attributes, 'id') ?? '', hidden });
      } else if (name === 'workbookPr') {
        calendar1904 = ['1', 'true'].includes(attributes.date1904 ?? '');
      }
    },
    close: () => undefined,
    text: () => undefined,
  });
  return { sheets, calendar1904 };
}
