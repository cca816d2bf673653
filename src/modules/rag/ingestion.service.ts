import { OnApplicationShutdown, Inject, Injectable, Logger } from '@nestjs/common';
import { blocksOfText, defaultChunking, type ChunkingSettings } from '#libs/chunking';
import { ContainedJobError, ContainedPool } from '#libs/contained-process';
import { analyserVersion, hasChineseHeading, ingestionEntry, prepareChunks, type IngestEvent, type IngestJob, type IngestResult, type PreparedChunks, type PreparedDocument } from '#libs/ingestion';
import { ENV } from '../../platform/config/config.module.js';
import type { Env } from '../../platform/config/env.js';
import { DictionaryService } from '../search/dictionary.service.js';
import { EmbeddingService } from '../search/embedding.service.js';
import type { Attempt } from './adapters/document.queue.js';
import { DocumentWriter } from './adapters/document.writer.js';

const megabyte = 1024 * 1024;
/** Above this many characters a text is analysed in a child process: 5 ms of CPU is the event loop's limit. */
const inlineCharacters = 2_000;
const mostWaiting = 1_000;

export interface Ingestion {
  attempt: Attempt;
  source: IngestJob['source'];
  title: string | undefined;
  chunking: Partial<ChunkingSettings>;
  signal?: AbortSignal;
  onProgress?: (stage: string, share: number) => void;
}

/** From a source to written chunks. Publishing them is the caller's step. */
@Injectable()
export class IngestionService implements OnApplicationShutdown {
  private readonly logger = new Logger(IngestionService.name);
  private readonly files: ContainedPool<IngestJob, IngestEvent, IngestResult>;
  /** Somebody waits for the answer: a text does not stand in line behind files. */
  private readonly texts: ContainedPool<IngestJob, IngestEvent, IngestResult>;

  constructor(
    private readonly writer: DocumentWriter,
    private readonly embedding: EmbeddingService,
    private readonly dictionary: DictionaryService,
    @Inject(ENV) env: Env,
  ) {
    const limits = { entry: ingestionEntry, memoryLimitBytes: env.INGEST_MEMORY_MB * megabyte, timeoutMs: env.INGEST_TIMEOUT_SECONDS * 1000, maxQueued: mostWaiting };
    this.files = new ContainedPool({ ...limits, size: env.INGEST_CONCURRENCY });
    this.texts = new ContainedPool({ ...limits, size: 1 });
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.files.close(), this.texts.close()]);
  }

  /** Small enough to be done within one transaction and one turn of the event loop. What spells Chinese headings is too large for this process. */
  isSmall({ text, title }: { text: string; title?: string }): boolean {
    return text.length <= inlineCharacters && this.embedding.local && !hasChineseHeading(title, text, blocksOfText(text, 'markdown'));
  }

  /** In this process. @returns the number of chunks @throws LeaseLostError */
  async ingestSmall({ attempt, source, title, chunking }: Ingestion): Promise<number> {
    if (source.kind !== 'text') throw new TypeError('only texts are small');
    const blocks = blocksOfText(source.text, source.format);
    const document: PreparedDocument = { type: 'document', title, mime: mimeOf(source.format), pages: undefined, blockCount: blocks.length, warnings: [], metadata: {}, analyser: analyserVersion() };
    await this.writer.writeDocument(attempt, document, source.text);
    let chunkCount = 0;
    for (const batch of prepareChunks({ content: source.text, blocks, title, chunking: { ...defaultChunking, ...chunking }, embed: true })) {
      await this.write(attempt, batch);
      chunkCount += batch.chunks.length;
    }
    return chunkCount;
  }

  /** In a contained child process. @returns the number of chunks @throws ContainedJobError, LeaseLostError */
  async ingest({ attempt, source, title, chunking, signal, onProgress }: Ingestion): Promise<number> {
    const job: IngestJob = { source, title, chunking: { ...defaultChunking, ...chunking }, embed: this.embedding.local, dictionary: this.dictionary.path };
    const content: string[] = [];
    const { chunkCount } = await this[source.kind === 'file' ? 'files' : 'texts'].run(job, {
      signal,
      onEvent: async (event) => {
        if (event.type === 'content') {
          content.push(event.text);
        } else if (event.type === 'document') {
          await this.writer.writeDocument(attempt, event, content.splice(0).join(''));
          onProgress?.('indexing', 0);
        } else {
          await this.write(attempt, event, signal);
          onProgress?.('indexing', event.done);
        }
      },
    });
    return chunkCount;
  }

  /** What a person may be told of a failure; `undefined` when it is no fault of the document. */
  explain(error: unknown): { code: string; message: string } | undefined {
    if (!(error instanceof ContainedJobError)) return undefined;
    if (error.output) this.logger.warn({ reason: error.reason, output: error.output.slice(-2000) }, 'A parsing process wrote to its error output');
    if (error.reason === 'failed') return { code: error.code, message: error.message };
    const known: Partial<Record<string, string>> = {
      timeout: 'Reading this document took longer than INGEST_TIMEOUT_SECONDS allows. Split it, or raise the limit.',
      memory: 'Reading this document needed more memory than INGEST_MEMORY_MB allows. It may be built to do that; if not, split it or raise the limit.',
      crashed: 'The parser crashed on this document. It is probably damaged; try to save it again from the program that made it.',
    };
    const message = known[error.reason];
    return message ? { code: error.reason, message } : undefined;
  }

  private async write(attempt: Attempt, { chunks }: PreparedChunks, signal?: AbortSignal): Promise<void> {
    const vectors = this.embedding.local ? chunks.map((chunk) => chunk.vector) : await this.embedding.embed(chunks.map(({ headings, text }) => [...headings, text].join('\n')), signal);
    await this.writer.writeChunks(attempt, chunks, vectors, this.embedding.space);
  }
}

function mimeOf(format: 'plain' | 'markdown'): string {
  return format === 'markdown' ? 'text/markdown' : 'text/plain';
}
