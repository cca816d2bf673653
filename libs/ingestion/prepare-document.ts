import { blocksOfText } from '#libs/chunking';
import { parseFile } from '#libs/document-parsing';
import type { IngestEvent, IngestJob, IngestResult, PreparedDocument } from './ingestion.types.js';
import { prepareChunks } from './prepare-chunks.js';

/** One document from its source to its last chunk. What is emitted is taken before the next piece is made. */
export async function prepareDocument(job: IngestJob, emit: (event: IngestEvent) => Promise<void>): Promise<IngestResult> {
  const document = await read(job);
  await emit(document);
  let chunkCount = 0;
  for (const batch of prepareChunks({ content: document.content, blocks: document.blocks, title: job.title ?? document.title, chunking: job.chunking, embed: job.embed })) {
    chunkCount += batch.chunks.length;
    await emit(batch);
  }
  return { chunkCount };
}

async function read({ source, title }: IngestJob): Promise<PreparedDocument> {
  if (source.kind === 'text') {
    const mime = source.format === 'markdown' ? 'text/markdown' : 'text/plain';
    return { type: 'document', title, mime, content: source.text, pages: undefined, blocks: blocksOfText(source.text, source.format), warnings: [], metadata: {} };
  }
  const parsed = await parseFile(source.path, { filename: source.filename, mime: source.mime });
  return { type: 'document', ...parsed, title: title ?? parsed.title, pages: parsed.pages };
}
