/**
 * Ingestion through the API beside its stages alone, and how long the event loop of the server is late meanwhile.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { blocksOfText, chunk, defaultChunking } from '#libs/chunking';
import { parseFile } from '#libs/document-parsing';
import { LexicalEmbedding } from '#libs/embedding';
import { IndexReplica } from '#libs/index-replica';
import { analyze, termFrequencies } from '#libs/text';
import { toTsvector } from '../libs/ingestion/tsvector.js';
import { Corpus, openCorpus } from './support/corpus.js';
import { isQuick } from './support/options.js';
import { paginate, textPdf } from './support/pdf.js';
import { makeDataFolder, removeDataFolder, startServer, type BenchServer } from './support/server.js';
import { figure, percentile, printTable } from './support/table.js';

const megabyte = 1024 * 1024;
const pdfBytes = (isQuick ? 1 : 10) * megabyte;
const smallTexts = isQuick ? 50 : 500;
const smallAtOnce = 8;
const stagedDocuments = isQuick ? 3 : 30;
const tokensOfDocument = 2_500;

interface Uploaded {
  items: { doc_id: string; status: string }[];
}

/** Milliseconds of processor time of this process, which says the same on a busy machine. */
async function cpu(work: () => unknown): Promise<number> {
  const start = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

/** One text of about 400 tokens at a time from each of some clients. */
async function measureSmall(server: BenchServer, corpus: Corpus): Promise<(string | number)[][]> {
  const times: number[] = [];
  let next = 0;
  const send = async (): Promise<void> => {
    while (next < smallTexts) {
      const { title, text } = corpus.document(1_000_000 + next++, 150);
      const begin = performance.now();
      await server.post('/rag/ingest', { title, text: text.slice(0, 1_500) });
      times.push(performance.now() - begin);
    }
  };
  await server.eventLoopDelay();
  const [begin, cpuBefore] = [performance.now(), server.cpuMs()];
  await Promise.all(Array.from({ length: smallAtOnce }, send));
  const seconds = (performance.now() - begin) / 1000;
  const { max, turn } = await server.eventLoopDelay();
  return [
    [`small texts, ${smallAtOnce} clients: documents/s`, figure(smallTexts / seconds)],
    ['p50 / p95 until searchable, ms', `${figure(percentile(times, 0.5))} / ${figure(percentile(times, 0.95))}`],
    ['CPU of the API process a document, ms', figure((server.cpuMs() - cpuBefore) / smallTexts)],
    ['longest turn of the event loop, CPU ms / late at most, ms', `${figure(turn)} / ${figure(max)}`],
  ];
}

async function measurePdf(server: BenchServer, path: string): Promise<(string | number)[][]> {
  const form = new FormData();
  form.append('files', new Blob([readFileSync(path)], { type: 'application/pdf' }), 'large.pdf');
  await server.eventLoopDelay();
  const [begin, cpuBefore] = [performance.now(), server.cpuMs()];
  const response = await fetch(`${server.url}/rag/documents`, { method: 'POST', headers: { authorization: `Bearer ${server.ownerKey}` }, body: form });
  const { items } = (await response.json()) as Uploaded;
  const id = items[0]?.doc_id ?? '';
  let peak = 0;
  let document = { status: 'queued', chunk_count: 0, pages: 0 };
  while (!['ready', 'failed'].includes(document.status)) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    peak = Math.max(peak, server.memory().own);
    document = await server.get(`/rag/documents/${id}`);
  }
  const seconds = (performance.now() - begin) / 1000;
  const { max, p99, turn } = await server.eventLoopDelay();
  return [
    [`PDF of ${figure(pdfBytes / megabyte)} MB text (${document.pages} pages, ${document.chunk_count} chunks): ${document.status} after, s`, figure(seconds)],
    ['chunks/s', figure(document.chunk_count / seconds)],
    ['CPU of the API process a chunk, ms (parsing is in a child process)', figure((server.cpuMs() - cpuBefore) / document.chunk_count)],
    ['**longest turn of the event loop, CPU ms** (floor: ≤ 50)', figure(turn)],
    ['event loop late at most / p99, ms (with what other processes took)', `${figure(max)} / ${figure(p99)}`],
    ['own memory of the API process meanwhile at most, MB', figure(peak)],
  ];
}

/** Each stage over the same documents, in this process. */
async function measureStages(corpus: Corpus, folder: string, pdf: string): Promise<void> {
  const rows: (string | number)[][] = [];
  const embedding = new LexicalEmbedding();
  const documents = Array.from({ length: stagedDocuments }, (_, index) => corpus.document(index, tokensOfDocument));
  // Dictionaries are loaded once a process.
  embedding.embed(documents.slice(0, 2).map(({ text }) => text));
  const parsing = await cpu(() => parseFile(pdf, { filename: 'large.pdf' }));
  const chunks: { title: string; text: string }[] = [];
  const chunking = await cpu(() => {
    for (const { title, text } of documents) {
      for (const { start, end } of chunk(text, blocksOfText(text, 'markdown'), defaultChunking)) chunks.push({ title, text: `${title}\n${text.slice(start, end)}` });
    }
  });
  const analysed: ReturnType<typeof analyze>[] = [];
  const vectors: Float32Array[] = [];
  const analysing = await cpu(() => chunks.forEach(({ text }) => analysed.push(analyze(text))));
  const embedded = await cpu(() => chunks.forEach(({ text }, index) => vectors.push(embedding.embedTokens(analysed[index] ?? [], text))));
  const tokens = await cpu(() => analysed.forEach((terms) => toTsvector(terms.map(({ term }) => term))));
  const replica = await IndexReplica.open({ directory: join(folder, 'alone'), dimensions: embedding.dimensions, vectorSpace: 'alone', autoCompact: false });
  const entries = chunks.map((_, index) => ({ key: index + 1, terms: termFrequencies(analysed[index] ?? []), vector: vectors[index] ?? null }));
  const indexing = await cpu(() => replica.apply(1, { put: { document: 1, collection: 1, chunks: entries } }));
  await replica.close();
  const perChunk = (ms: number): string => figure(ms / chunks.length);
  rows.push(['PDF to text and blocks, a MB', figure((parsing * megabyte) / pdfBytes)]);
  rows.push(['chunks with ranges, a chunk', perChunk(chunking)], ['words and terms, a chunk', perChunk(analysing)], ['lexical vector, a chunk', perChunk(embedded)]);
  rows.push(['tsvector text, a chunk', perChunk(tokens)], ['into the index replica, a chunk', perChunk(indexing)]);
  rows.push(['**all stages without the PDF, a chunk**', perChunk(chunking + analysing + embedded + tokens + indexing)]);
  printTable(['stage alone, same documents, no database', 'CPU ms'], rows);
}

async function main(): Promise<void> {
  const corpus = openCorpus();
  if (!corpus) return;
  const folder = makeDataFolder();
  try {
    const pdf = join(folder, 'large.pdf');
    let text = '';
    for (let number = 1; text.length < pdfBytes; number += 2) text += `${corpus.document(number, 20_000).text}\n`;
    writeFileSync(pdf, textPdf(paginate(text.slice(0, pdfBytes * 0.93))));
    const server = await startServer(folder, { watch: 'turns' });
    try {
      // The first document loads dictionaries, in the server and in its child process.
      await server.post('/rag/ingest', corpus.document(2_000_000, 100));
      await server.post('/rag/ingest', corpus.document(2_000_001, tokensOfDocument));
      printTable(['through the API', ''], [...(await measureSmall(server, corpus)), ...(await measurePdf(server, pdf))]);
    } finally {
      await server.stop();
    }
    await measureStages(corpus, folder, pdf);
  } finally {
    removeDataFolder(folder);
  }
}

await main();
