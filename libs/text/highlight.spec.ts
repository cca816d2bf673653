import { describe, expect, it } from 'vitest';
import { analyzeQuery, highlight } from './index.js';

const termsOf = (query: string): Set<string> => new Set(analyzeQuery(query).map(({ term }) => term));
const marked = (text: string, query: string, options = {}): string[] =>
  highlight(text, termsOf(query), options).map((fragment) => {
    let result = '';
    let at = 0;
    for (const [start, end] of fragment.ranges) {
      result += `${fragment.text.slice(at, start)}[${fragment.text.slice(start, end)}]`;
      at = end;
    }
    return result + fragment.text.slice(at);
  });

describe(highlight.name, () => {
  it('marks Chinese and stemmed English in the original text', () => {
    expect(marked('臺灣的資料庫系統 uses Indexes.', '资料库 indexing')).toEqual(['臺灣的[資料庫]系統 uses [Indexes].']);
  });

  it('shows the best places of a long text, whole words, within the limit', () => {
    const filler = '这一段与问题毫无关系。'.repeat(40);
    const text = `${filler}数据库的索引让查询更快。${filler}索引。${filler}`;
    const fragments = marked(text, '数据库索引', { maxLength: 60, fragments: 2 });
    expect(fragments[0]).toMatch(/^\[数据库\]的\[索引\]/);
    expect(fragments[1]).toMatch(/^\[索引\]。/);
    for (const { text: shown } of highlight(text, termsOf('数据库索引'), { maxLength: 60 })) expect(shown.length).toBeLessThanOrEqual(60);
  });

  it('finds words that their stem does not begin', () => {
    expect(marked('The dying tree; skies, a sky-blue e-mail.', 'die sky email')).toEqual(['The [dying] tree; [skies], a [sky]-blue [e-mail].']);
  });

  it('finds parts of words with signs inside, and nothing inside a word', () => {
    expect(marked('set the_user to 1,000 (abuser), not resetting C# or asset', 'user 1000 c# set')).toEqual(['[set] the_[user] to [1,000] (abuser), not resetting [C#] or asset']);
    expect(marked('版本v1.2.3发布于2024年。', '2024')).toEqual(['版本v1.2.3发布于[2024]年。']);
  });

  it('shows the beginning when nothing matches', () => {
    expect(highlight('one two three four', termsOf('五'), { maxLength: 10 })).toEqual([{ text: 'one two', ranges: [] }]);
    expect(highlight(' ', termsOf('x'))).toEqual([]);
  });
});
