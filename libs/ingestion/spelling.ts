import type { Block } from '#libs/chunking';

const chinese = /\p{Script=Han}{2}/u;

/** Whether the title or a heading has a Chinese word: then loadSpelling() has something to add. */
export function hasChineseHeading(title: string | undefined, content: string, blocks: readonly Block[]): boolean {
  if (title !== undefined && chinese.test(title)) return true;
  return blocks.some(({ kind, start, end }) => kind === 'heading' && chinese.test(content.slice(start, end)));
}

/** For `prepareChunks`: titles and headings → their pinyin. Takes 25 MB: not for the process that serves requests. */
export async function loadSpelling(): Promise<(text: string) => string[]> {
  const { pinyinTerms } = await import('./pinyin.js');
  // Neighbouring chunks mostly stand under the same headings.
  let last = { text: '', terms: [] as string[] };
  return (text) => {
    if (last.text !== text) last = { text, terms: pinyinTerms(text) };
    return last.terms;
  };
}
