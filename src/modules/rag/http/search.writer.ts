import type { SearchItem, WrittenSearch } from '../rag.types.js';
import { toSearchItem } from './search.response.js';

// Search results are written once and remembered as bytes; what differs from answer to answer is put around them.

/** The form in which results are remembered. */
export function writeItems(items: SearchItem[]): Buffer {
  return Buffer.from(JSON.stringify(items.map(toSearchItem)));
}

/** A body of the shape `searchResponse`. */
export function writeSearch({ items, tookMs, mode }: WrittenSearch): Buffer {
  return Buffer.concat([Buffer.from('{"items":'), items, Buffer.from(`,"took_ms":${tookMs},"mode":"${mode}"}`)]);
}

/** A body of the shape `batchSearchResponse`. */
export function writeBatch(results: readonly Buffer[]): Buffer {
  const separated = results.flatMap((result, index) => (index === 0 ? [result] : [Buffer.from(','), result]));
  return Buffer.concat([Buffer.from('{"results":['), ...separated, Buffer.from(']}')]);
}
