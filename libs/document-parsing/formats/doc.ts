import WordExtractor from 'word-extractor';
import { DocumentBuilder } from '../document-builder.js';
import type { ParsedDocument, ParseInput } from '../document.types.js';
import { ParseError } from '../parse-error.js';

/** Word of 1997 to 2003: the text in paragraphs. The kept library knows no styles, so headings are not told apart. */
export async function parseDoc(input: ParseInput): Promise<ParsedDocument> {
  const builder = new DocumentBuilder(input.limits);
  const document = await new WordExtractor().extract(input.bytes).catch((error: unknown) => {
    const detail = error instanceof Error ? error.message : String(error);
    throw new ParseError('corrupt', `"${input.filename}" cannot be read as an old Word document. Save it as .docx and upload that. (${detail.slice(0, 200)})`);
  });
  for (const paragraph of `${document.getBody()}\n${document.getFootnotes()}\n${document.getEndnotes()}`.split('\n')) builder.paragraph(paragraph);
  return builder.build('application/msword');
}
