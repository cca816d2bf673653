import { describe, expect, it } from 'vitest';
import { splitSentences } from './index.js';

const sentences = (text: string): string[] => splitSentences(text).map(({ start, end }) => text.slice(start, end));

describe(splitSentences.name, () => {
  it('ends Chinese sentences after their stops and closing quotes', () => {
    expect(sentences('他说：“你好。”然后走了！真的吗？！是的……好；（完。）再见')).toEqual([
      '他说：“你好。”', '然后走了！', '真的吗？！', '是的……', '好；', '（完。）', '再见',
    ]);
  });

  it('does not end at decimals, abbreviations, initials, domains and numbered items', () => {
    const text = 'Dr. J. Smith of the U.S. Army paid $3.14 (approx. half) at example.com, e.g. for v1.2.3 vs. v2.';
    expect(sentences(`${text} It works. 1. First item. Is it? Yes!`)).toEqual([text, 'It works.', '1. First item.', 'Is it?', 'Yes!']);
  });

  it('keeps a quoted question inside its sentence', () => {
    expect(sentences('"Really?" she asked. "Yes." He left.')).toEqual(['"Really?" she asked.', '"Yes."', 'He left.']);
  });

  it('keeps an emphasised lead and what follows it together', () => {
    expect(sentences('- **数据不会丢失。** 写入已确认。完。\n**甲。乙。**丙。这是**重点**。**下一句**在此。*一？*二。')).toEqual(['- **数据不会丢失。** 写入已确认。', '完。', '**甲。', '乙。**丙。', '这是**重点**。', '**下一句**在此。', '*一？*二。']);
    expect(sentences('**Safe.** Nothing is lost. **Fast!** So it is.')).toEqual(['**Safe.** Nothing is lost.', '**Fast!** So it is.']);
  });

  it('takes time in proportion to the length, however often emphasis seems to close', () => {
    expect(sentences('甲。**'.repeat(300_000)).length).toBeGreaterThan(100_000);
  });

  it('takes line breaks as ends and leaves white space out', () => {
    expect(sentences('  标题\r\n\n 第一行\n\tsecond line  \n   ')).toEqual(['标题', '第一行', 'second line']);
  });

  it('loses no visible character', () => {
    const text = '...。。 a.b.c? ！？ "x." \u0001\n第1.2节. Hello.World 好.好';
    expect(sentences(text).join('').replace(/\s/g, '')).toBe(text.replace(/\s/g, ''));
  });
});
