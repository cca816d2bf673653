import { OnApplicationShutdown, Inject, Injectable, Logger } from '@nestjs/common';
import { blocksOfText, fitSettings, type ChunkingSettings } from '#libs/chunking';
import { ContainedJobError, ContainedPool } from '#libs/contained-process';
import { analyserVersion, hasChineseHeading, ingestionEntry, prepareChunks, type IngestEvent, type IngestJob, type IngestResult, type PreparedChunks, type PreparedDocument } from '#libs/ingestion';
import { ENV } from '../../platform/config/config.module.js';
import type { Env } from '../../platform/config/env.js';
import { DictionaryService } from '../search/dictionary.service.js';
import { EmbeddingService } from '../search/embedding.service.js';
import type { Attempt } from './adapters/document.queue.js';
import { DocumentWriter } from './adapters/document.writer.js';
import { embeddedText } from './core/embedded-text.js';

const megabyte = 1024 * 1024;
/** Above this many characters a text is analysed in a child process: 5 ms of CPU is the event loop's limit. */
const inlineCharacters = 2_000;
/** Texts that children analyse at a time: most of it is waiting for an embedding endpoint, where there is one. */
const textsAtOnce = 2;
const mostTextsWaiting = 50;
/** Shorter than clients and proxies wait. */
const longestTextWaitMs = 20_000;

export interface Ingestion {
  attempt: Attempt;
  /** Somebody waits for the answer: then it does not stand behind documents that nobody waits for. */
  waitedFor: boolean;
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
  private readonly queued: ContainedPool<IngestJob, IngestEvent, IngestResult>;
  private readonly waitedFor: ContainedPool<IngestJob, IngestEvent, IngestResult>;

  constructor(
    private readonly writer: DocumentWriter,
    private readonly embedding: EmbeddingService,
    private readonly dictionary: DictionaryService,
    @Inject(ENV) env: Env,
  ) {
    const limits = { entry: ingestionEntry, memoryLimitBytes: env.INGEST_MEMORY_MB * megabyte, timeoutMs: env.INGEST_TIMEOUT_SECONDS * 1000 };
    this.queued = new ContainedPool({ ...limits, size: env.INGEST_CONCURRENCY });
    this.waitedFor = new ContainedPool({ ...limits, size: textsAtOnce, maxQueued: mostTextsWaiting, maxWaitMs: longestTextWaitMs });
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.queued.close(), this.waitedFor.close()]);
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
    for (const batch of prepareChunks({ content: source.text, blocks, title, chunking: fitSettings(chunking), embed: true })) {
      await this.write(attempt, batch);
      chunkCount += batch.chunks.length;
    }
    return chunkCount;
  }

  /** In a contained child process. @returns the number of chunks @throws ContainedJobError, LeaseLostError */
  async ingest({ attempt, waitedFor, source, title, chunking, signal, onProgress }: Ingestion): Promise<number> {
    const job: IngestJob = { source, title, chunking: fitSettings(chunking), embed: this.embedding.local, dictionary: this.dictionary.path };
    const content: string[] = [];
    const { chunkCount } = await (waitedFor ? this.waitedFor : this.queued).run(job, {
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
    if (isRefusedData(error)) {
      this.logger.warn({ err: error }, 'The database refused a part of a document');
      return { code: 'unstorable', message: 'A part of this document cannot be stored. Try to save it again from the program that made it.' };
    }
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
    const vectors = this.embedding.local ? chunks.map((chunk) => chunk.vector) : await this.embedding.embedPassages(chunks.map((chunk) => embeddedText(chunk, false)), signal);
    const served = await this.writer.writeChunks(attempt, chunks, vectors, this.embedding.space);
    if (served === this.embedding.space) return;
    // Documents are being embedded anew: until that is done, searches compare in the former embedding.
    const former = await this.embedding.embedFormerly(served, chunks.map((chunk) => embeddedText(chunk, false)));
    if (former) await this.writer.addVectors(attempt, chunks, former, served);
  }
}

function mimeOf(format: 'plain' | 'markdown'): string {
  return format === 'markdown' ? 'text/markdown' : 'text/plain';
}

/** SQLSTATE classes 22 (data exception) and 54 (program limit exceeded): the same values would be refused again. */
function isRefusedData(error: unknown): boolean {
  const { code, driverError } = error as { code?: unknown; driverError?: { code?: unknown } };
  return /^(22|54)[0-9A-Z]{3}$/.test(String(driverError?.code ?? code));
}
