import { readFileSync } from 'node:fs';
import { blocksOfText, type Block } from '#libs/chunking';
import { parseFile } from '#libs/document-parsing';
import { parseDictionary, useDictionary } from '#libs/text';
import { analyserVersion } from './analyser.js';
import type { IngestEvent, IngestJob, IngestResult, PreparedDocument } from './ingestion.types.js';
import { prepareChunks } from './prepare-chunks.js';
import { hasChineseHeading, loadSpelling } from './spelling.js';

/** UTF-16 code units of one message. */
const contentPiece = 256 * 1024;

/** One document from its source to its last chunk. What is emitted is taken before the next piece is made. */
export async function prepareDocument(job: IngestJob, emit: (event: IngestEvent) => Promise<void>): Promise<IngestResult> {
  learn(job.dictionary);
  const { content, blocks, ...document } = await read(job);
  const title = job.title ?? document.title;
  for (let from = 0; from < content.length; from += contentPiece) await emit({ type: 'content', text: content.slice(from, from + contentPiece) });
  await emit({ type: 'document', ...document, blockCount: blocks.length, analyser: analyserVersion() });
  const spell = hasChineseHeading(title, content, blocks) ? await loadSpelling() : undefined;
  let chunkCount = 0;
  for (const batch of prepareChunks({ content, blocks, title, chunking: job.chunking, embed: job.embed, spell })) {
    chunkCount += batch.chunks.length;
    await emit(batch);
  }
  return { chunkCount };
}

let learnt: string | undefined;

function learn(dictionary: string | undefined): void {
  if (dictionary === learnt || dictionary === undefined) return;
  useDictionary(parseDictionary(readFileSync(dictionary, 'utf8')));
  learnt = dictionary;
}

async function read({ source, title }: IngestJob): Promise<Omit<PreparedDocument, 'type' | 'blockCount' | 'analyser'> & { content: string; blocks: Block[] }> {
  if (source.kind === 'text') {
    const mime = source.format === 'markdown' ? 'text/markdown' : 'text/plain';
    return { title, mime, content: source.text, pages: undefined, blocks: blocksOfText(source.text, source.format), warnings: [], metadata: {} };
  }
  const parsed = await parseFile(source.path, { filename: source.filename, mime: source.mime });
  return { ...parsed, title: title ?? parsed.title, pages: parsed.pages };
}
