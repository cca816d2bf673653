import { markersOf } from '#libs/answering';
import type { Citation } from '../../rag/smart-qa.types.js';

/** Places told of one answer; a model that cites without end must not make its last event endless. */
const most = 1_000;

/** A citation for each number of each marker in the text, in its order. The text may be as the model wrote it (`[1, 2]`, `【1】`); numbers without a citation are passed over. */
export function placeCitations(text: string, citations: Citation[]): (Citation & { markerStart: number; markerEnd: number })[] {
  if (citations.length === 0) return [];
  const byIndex = new Map<number, Citation[]>();
  for (const citation of citations) byIndex.set(citation.index, [...(byIndex.get(citation.index) ?? []), citation]);
  const placed: (Citation & { markerStart: number; markerEnd: number })[] = [];
  for (const { start, end, numbers } of markersOf(text)) {
    if (placed.length >= most) break;
    for (const number of numbers) for (const citation of byIndex.get(number) ?? []) placed.push({ ...citation, markerStart: start, markerEnd: end });
  }
  return placed;
}
