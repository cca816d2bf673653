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

function read(dictionary: string, through: Map<string, string> | undefined): void {
  for (const pair of dictionary.split('|')) {
    const [from, to] = pair.split(' ');
    if (!from || !to) continue;
    const target = through?.get(to) ?? to;
    if (from !== target && from.length === target.length && !table.has(from)) table.set(from, target);
  }
}

function load(): void {
  read(traditional, undefined);
  for (const variants of [compatibility, hongKongVariants, taiwanVariants]) read(variants, table);
}

/** The simplified form of one character (code point); the character itself where there is none of the same length. */
export function toSimplified(character: string): string {
  if (table.size === 0) load();
  return table.get(character) ?? character;
}
