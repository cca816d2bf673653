import compatibility from 'opencc-js/dict/CJK_Compatibility_Ideographs';
import hongKongVariants from 'opencc-js/dict/HKVariantsRev';
import taiwanVariants from 'opencc-js/dict/TWVariantsRev';
import traditional from 'opencc-js/dict/TSCharacters';

/**
 * Traditional → simplified by single characters, out of OpenCC's character tables.
 *
 * Whole-phrase conversion (乾隆 keeps its 乾, 乾燥 becomes 干燥) is left out on purpose: index and query go through the
 * same table, so what it would tell apart meets anyway, every character keeps its place, and the phrase tries (11 MB) stay unloaded.
 */
const table = new Map<string, string>();

type Pair = readonly [from: string, to: string];

/** First target of each character of a dictionary. */
function pairsOf(dictionary: string): Pair[] {
  return dictionary.split('|').flatMap((entry) => {
    const [from, to] = entry.split(' ');
    return from && to ? [[from, to] as const] : [];
  });
}

function add([from, to]: Pair): void {
  if (from !== to && from.length === to.length) table.set(from, to);
}

function load(): void {
  const pairs = pairsOf(traditional);
  // 么 and 著 stand for other characters in Taiwan, but are what simplified text writes (什么, 著名).
  const simplified = new Set([...pairs.map(([, to]) => to), '著']);
  pairs.forEach(add);
  for (const variants of [compatibility, hongKongVariants, taiwanVariants]) {
    for (const [from, to] of pairsOf(variants)) {
      if (!table.has(from) && !simplified.has(from)) add([from, table.get(to) ?? to]);
    }
  }
}

/** The simplified form of one character (code point); the character itself where there is none of the same length. */
export function toSimplified(character: string): string {
  if (table.size === 0) load();
  return table.get(character) ?? character;
}
