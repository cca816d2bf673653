import type { FileSummary } from '#libs/index-parts';
import { KeywordSegmentWriter } from './keyword-segment-writer.js';
import type { KeywordTailData } from './keyword-tail.js';
import { compareUnits } from './term-hash.js';

/**
 * Writes a finished tail as a segment. `remap[ordinal]` is the chunk's ordinal in the segment, -1
 * leaves it out; kept ordinals must stay in order. For worker threads.
 */
export function writeKeywordTail(
  tail: KeywordTailData,
  remap: Int32Array,
  chunks: number,
  directory: string,
): FileSummary[] {
  const writer = new KeywordSegmentWriter(directory);
  const unitsOf = (id: number) => tail.units.subarray(tail.unitStarts[id], tail.unitStarts[id + 1]);
  const ids = Uint32Array.from(tail.hashes.keys()).sort(
    (a, b) => (tail.hashes[a] as number) - (tail.hashes[b] as number) || compareUnits(unitsOf(a), unitsOf(b)),
  );
  const ordinals = new Uint16Array(chunks);
  const frequencies = new Uint8Array(chunks);
  for (const id of ids) {
    // The list runs from the newest chunk to the oldest: fill from the back.
    let first = chunks;
    for (let p = tail.newestPosting[id] as number; p >= 0; p = tail.olderPosting[p] as number) {
      const ordinal = remap[tail.postingOrdinals[p] as number] as number;
      if (ordinal < 0) continue;
      first--;
      ordinals[first] = ordinal;
      frequencies[first] = tail.postingFrequencies[p] as number;
    }
    if (first === chunks) continue;
    writer.add({
      hash: tail.hashes[id] as number,
      units: unitsOf(id),
      ordinals: ordinals.subarray(first),
      frequencies: frequencies.subarray(first),
    });
  }
  const lengths = new Uint32Array(chunks);
  remap.forEach((to, from) => {
    if (to >= 0) lengths[to] = tail.lengths[from] as number;
  });
  return writer.finish(lengths);
}
