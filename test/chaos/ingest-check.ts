import { readdir, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { Api, Json } from '../support/api.js';
import { eventually } from '../support/api.js';
import { storedFiles } from '../support/stored-files.js';
import type { Acknowledged } from './ingest-load.js';

const pageSize = 200;
const queriesPerBatch = 50;

/** After each restart: all that was acknowledged is there, and no document is half there. @returns what is wrong */
export async function checkAfterRestart(api: Api, acknowledged: readonly Acknowledged[]): Promise<string[]> {
  const documents = new Map((await listDocuments(api)).map((document) => [document.doc_id, document]));
  const faults: string[] = [];
  for (const { item, documentId } of acknowledged) {
    const found = documents.get(documentId);
    if (!found) faults.push(`item ${item.number} (${item.kind}): its acknowledged document ${documentId} is gone`);
    else if (found.status === 'failed') faults.push(`item ${item.number} (${item.kind}) failed: ${JSON.stringify(found.error)}`);
    else if (item.kind !== 'upload' && found.status !== 'ready') faults.push(`item ${item.number} (${item.kind}): acknowledged as ready, is ${found.status}`);
  }
  for (const { doc_id, status, chunk_count } of documents.values()) {
    if (status === 'ready' && chunk_count === 0) faults.push(`document ${doc_id} is ready without chunks`);
    if (status !== 'ready' && chunk_count !== 0) faults.push(`document ${doc_id} is ${status} and shows ${chunk_count} chunks`);
  }
  const ready = acknowledged.filter(({ item, documentId }) => item.kind !== 'upload' || documents.get(documentId)?.status === 'ready');
  faults.push(...(await checkSearchable(api, sample(ready, queriesPerBatch))));
  return faults;
}

/**
 * When nothing is sent any more: queued ones finish, table and index agree, every content is what was sent, everything is
 * found by its word, and only by one document.
 * @param settleMs how long documents that a dead process held may stay `processing`: its lease is 60 s, the sweep for such ones 15 s;
 *   0 leaves those that are still held out of the comparison
 */
export async function checkAtEnd(api: Api, all: readonly Acknowledged[], settleMs: number): Promise<string[]> {
  const { held, stats } = await standstill(api, settleMs);
  const faults = await checkAfterRestart(api, all);
  if (settleMs > 0) faults.push(...[...held].map((id) => `document ${id} is still not ready after ${settleMs} ms`));
  const acknowledged = all.filter(({ documentId }) => !held.has(documentId));
  const same = (name: string, one: number, two: number) => one !== two && faults.push(`${name}: ${one} and ${two}`);
  same('documents that are ready and those acknowledged', stats.documents_by_status.ready, acknowledged.length);
  same('documents that are ready and those in the index', stats.documents_by_status.ready, stats.index.documents);
  same('chunks in the table and in the index', stats.chunks, stats.index.chunks);
  same('chunks and vectors', stats.chunks, stats.vectors);
  faults.push(...(await checkSearchable(api, acknowledged)));
  for (const { item, documentId } of acknowledged) {
    const { body } = await api.get(`/rag/documents/${documentId}/content`);
    if (body.content !== item.text) faults.push(`item ${item.number}: its content is not what was sent`);
    const chunks = (await api.get(`/rag/documents/${documentId}/chunks`, { page_size: pageSize })).body;
    const document = (await api.get(`/rag/documents/${documentId}`)).body;
    if (chunks.items.length !== document.chunk_count) faults.push(`item ${item.number}: ${chunks.items.length} chunks, ${document.chunk_count} counted`);
    for (const { start, end, text } of chunks.items) if (item.text.slice(start, end) !== text) faults.push(`item ${item.number}: a chunk is not its slice`);
  }
  return faults;
}

/** The documents that are not ready, and the counts at a moment when none of them changed. */
async function standstill(api: Api, settleMs: number): Promise<{ held: Set<string>; stats: Json }> {
  if (settleMs > 0) await eventually(() => unfinished(api), (documents) => documents.length === 0, settleMs).catch(() => undefined);
  return eventually(
    async () => {
      const before = await unfinished(api);
      await new Promise((resolve) => setTimeout(resolve, 2_000));
      const { body: stats } = await api.get('/rag/stats');
      const after = await unfinished(api);
      const still = after.every(({ status }) => status === 'processing') && JSON.stringify(before) === JSON.stringify(after);
      return { still, stats, held: new Set(after.map(({ doc_id }) => doc_id)) };
    },
    ({ still }) => still,
  );
}

async function unfinished(api: Api): Promise<Json[]> {
  return (await listDocuments(api)).filter(({ status }) => status !== 'ready');
}

/** Makes what lies in the folders of files old enough for the sweep that each start does. */
export async function ageFiles(dataDirectory: string): Promise<void> {
  const past = new Date(Date.now() - 3 * 3_600_000);
  for (const path of await filesIn(dataDirectory)) await utimes(path, past, past);
}

/** After that start: no temporary file, and a stored file for each upload, no more. */
export async function checkFiles(api: Api, dataDirectory: string): Promise<string[]> {
  const uploaded = new Set((await listDocuments(api)).filter((document) => document.filename !== null).map((document) => document.doc_id));
  const leftOver = async () => (await filesIn(dataDirectory)).filter((path) => !uploaded.has(path.split('/').at(-1) ?? ''));
  const left = await eventually(leftOver, (paths) => paths.length === 0).catch(leftOver);
  const stored = (await filesIn(dataDirectory)).length - left.length;
  return [...left.map((path) => `left over: ${path}`), ...(stored === uploaded.size ? [] : [`${stored} stored files for ${uploaded.size} uploaded documents`])];
}

async function filesIn(dataDirectory: string): Promise<string[]> {
  const temporary = join(dataDirectory, 'tmp');
  const entries = await readdir(temporary, { recursive: true, withFileTypes: true }).catch(() => []);
  const unfinished = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  return [...unfinished, ...storedFiles(dataDirectory)];
}

async function listDocuments(api: Api): Promise<Json[]> {
  const documents: Json[] = [];
  for (let page = 1; ; page += 1) {
    const { items, total } = (await api.get('/rag/documents', { page, page_size: pageSize })).body;
    documents.push(...items);
    if (documents.length >= total || items.length === 0) return documents;
  }
}

async function checkSearchable(api: Api, wanted: readonly Acknowledged[]): Promise<string[]> {
  const faults: string[] = [];
  for (let from = 0; from < wanted.length; from += queriesPerBatch) {
    const some = wanted.slice(from, from + queriesPerBatch);
    const { body } = await api.post('/rag/search/batch', { queries: some.map(({ item }) => ({ query: item.term, mode: 'keyword', top_k: 5 })) });
    some.forEach(({ item, documentId }, index) => {
      const found = [...new Set(body.results[index].items.map((hit: Json) => hit.doc_id))];
      if (found.length !== 1 || found[0] !== documentId) faults.push(`item ${item.number} (${item.kind}): its word finds [${found.join(', ')}], not ${documentId}`);
    });
  }
  return faults;
}

function sample<T>(items: readonly T[], count: number): T[] {
  const step = Math.max(1, items.length / count);
  return Array.from({ length: Math.min(count, items.length) }, (_, index) => items[Math.floor(index * step)] as T);
}
