/** Share of `terms` that stand in `others`, 0 to 1. */
export function containment(terms: readonly string[], others: ReadonlySet<string>): number {
  const distinct = new Set(terms);
  let common = 0;
  for (const term of distinct) if (others.has(term)) common++;
  return distinct.size === 0 ? 0 : common / distinct.size;
}

/** Common terms over all terms of both (Jaccard), 0 to 1. */
export function similarity(one: readonly string[], two: readonly string[]): number {
  const [a, b] = [new Set(one), new Set(two)];
  let common = 0;
  for (const term of a) if (b.has(term)) common++;
  const all = a.size + b.size - common;
  return all === 0 ? 0 : common / all;
}
