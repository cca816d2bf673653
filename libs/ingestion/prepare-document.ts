import { blocksOfText, type Block } from '#libs/chunking';
import { parseFile } from '#libs/document-parsing';
import type { IngestEvent, IngestJob, IngestResult, PreparedDocument } from './ingestion.types.js';
import { prepareChunks } from './prepare-chunks.js';

/** UTF-16 code units of one message. */
const contentPiece = 256 * 1024;

/** One document from its source to its last chunk. What is emitted is taken before the next piece is made. */
export async function prepareDocument(job: IngestJob, emit: (event: IngestEvent) => Promise<void>): Promise<IngestResult> {
  const { content, blocks, ...document } = await read(job);
  for (let from = 0; from < content.length; from += contentPiece) await emit({ type: 'content', text: content.slice(from, from + contentPiece) });
  await emit({ type: 'document', ...document, blockCount: blocks.length });
  let chunkCount = 0;
  for (const batch of prepareChunks({ content, blocks, title: job.title ?? document.title, chunking: job.chunking, embed: job.embed })) {
    chunkCount += batch.chunks.length;
    await emit(batch);
  }
  return { chunkCount };
}

async function read({ source, title }: IngestJob): Promise<Omit<PreparedDocument, 'type' | 'blockCount'> & { content: string; blocks: Block[] }> {
  if (source.kind === 'text') {
    const mime = source.format === 'markdown' ? 'text/markdown' : 'text/plain';
    return { title, mime, content: source.text, pages: undefined, blocks: blocksOfText(source.text, source.format), warnings: [], metadata: {} };
  }
  const parsed = await parseFile(source.path, { filename: source.filename, mime: source.mime });
  return { ...parsed, title: title ?? parsed.title, pages: parsed.pages };
}
