import { DocumentBuilder } from '../document-builder.js';
import type { ParsedDocument, ParseInput } from '../document.types.js';
import { ParseError } from '../parse-error.js';
import { attribute, readXml } from '../reading/markup-reader.js';
import { ZipArchive } from '../reading/zip-archive.js';
import { ChartReader } from './chart.js';
import { readProperties, relationshipsOf } from './package.js';
import { SlideReader } from './slide.js';

const mime = 'application/vnd.openxmlformats-officedocument.presentationml.presentation';
const main = 'ppt/presentation.xml';

/** PowerPoint: a page a slide, with its title as heading, texts, tables, figures of charts, and the speaker's notes. */
export async function parsePptx(input: ParseInput): Promise<ParsedDocument> {
  const zip = new ZipArchive(input.bytes, input.limits);
  const builder = new DocumentBuilder(input.limits);
  await readProperties(zip, 'docProps/core.xml', builder);
  const slides = await slidesOf(zip);
  if (slides.length > input.limits.maxPages) {
    throw new ParseError('too_large', `The presentation has ${slides.length} slides; at most ${input.limits.maxPages} are read.`);
  }
  for (const [index, slide] of slides.entries()) {
    builder.page = index + 1;
    if (zip.has(slide)) await readSlide(zip, slide, builder);
    else builder.warn('page_unreadable', `Slide ${index + 1} is missing from the file.`);
  }
  builder.page = undefined;
  builder.pages = slides.length;
  return builder.build(mime);
}

async function readSlide(zip: ZipArchive, part: string, builder: DocumentBuilder): Promise<void> {
  const slide = new SlideReader();
  await readXml(zip.text(part), slide);
  slide.write(builder);
  const relationships = [...(await relationshipsOf(zip, part)).values()].filter(({ target }) => zip.has(target));
  for (const { type, target } of relationships) {
    if (type === 'chart') {
      const chart = new ChartReader();
      await readXml(zip.text(target), chart);
      chart.write(builder);
    } else if (type === 'diagramData') {
      const diagram = new SlideReader();
      await readXml(zip.text(target), diagram);
      diagram.writeParagraphs(builder);
    }
  }
  const notes = relationships.find(({ type }) => type === 'notesSlide');
  if (!notes) return;
  const reader = new SlideReader();
  await readXml(zip.text(notes.target), reader);
  reader.writeNotes(builder);
}

async function slidesOf(zip: ZipArchive): Promise<string[]> {
  const relationships = await relationshipsOf(zip, main);
  const slides: string[] = [];
  await readXml(zip.text(main), {
    open(name, attributes) {
      if (name !== 'sldId') return;
      const id = Object.entries(attributes).find(([key]) => key.endsWith(':id'))?.[1] ?? attribute(attributes, 'id');
      const target = relationships.get(id ?? '')?.target;
      if (target) slides.push(target);
    },
    close: () => undefined,
    text: () => undefined,
  });
  return slides;
}
