import type { Citation } from '../../rag/smart-qa.types.js';

/** A citation for each place where the text says `[n]`, in the order of the text. */
export function placeCitations(text: string, citations: Citation[]): (Citation & { markerStart: number; markerEnd: number })[] {
  const byIndex = new Map<number, Citation[]>();
  for (const citation of citations) byIndex.set(citation.index, [...(byIndex.get(citation.index) ?? []), citation]);
  return [...text.matchAll(/\[(\d{1,4})\]/g)].flatMap(({ 0: marker, 1: number, index }) =>
    (byIndex.get(Number(number)) ?? []).map((citation) => ({ ...citation, markerStart: index, markerEnd: index + marker.length })),
  );
}
