import { describe, expect, it } from 'vitest';
import { addWords, analyze, analyzeQuery, termFrequencies } from './index.js';

const terms = (text: string): string[] => analyze(text).map((token) => token.term);

describe(analyze.name, () => {
  it('points every term at its place in the original text, whatever normalisation does to it', () => {
    const text = '😀 The ﬁne Cafe\u0301s №5 in 臺灣大學圖書館，ＡＢＣ ㎏ 𠮷野家 v1.2.3 한국어';
    const found = analyze(text).map(({ term, start, end }) => [term, text.slice(start, end)]);
    expect(found).toEqual(
      expect.arrayContaining([
        ['fine', 'ﬁne'],
        ['cafe', 'Cafe\u0301s'],
        ['no5', '№5'],
        ['台湾', '臺灣'],
        ['图书馆', '圖書館'],
        ['abc', 'ＡＢＣ'],
        ['kg', '㎏'],
        ['𠮷', '𠮷'],
        ['v1.2.3', 'v1.2.3'],
        ['한국', '한국'],
      ]),
    );
  });

  it('finds words in Chinese, long ones by their parts too, and traditional text by simplified terms', () => {
    expect(terms('中央銀行的貨幣政策')).toEqual(expect.arrayContaining(['中央银行', '中央', '银行', '货币政策', '货币', '政策']));
  });

  it('keeps identifiers whole and in parts', () => {
    expect(terms('ERR_4711')).toEqual(['err_4711', 'err', '4711']);
    expect(terms('user_id')).toEqual(['user_id', 'user', 'id']);
    expect(terms('v1.2.3')).toEqual(['v1.2.3', 'v1', '2', '3']);
    expect(terms('bob@example.com')).toEqual(['bob@example.com', 'bob', 'exampl', 'com']);
    expect(terms('C++ and C#')).toEqual(['c++', 'and', 'c#']);
  });

  it('reads numbers as numbers and hyphenated words as one word and several', () => {
    expect(terms('1,234.50 3.14 2019，300')).toEqual(['1234.50', '3.14', '2019', '300']);
    expect(terms('e-mail')).toEqual(['email', 'e', 'mail']);
    expect(terms("dogs' dog’s running")).toEqual(['dog', 'dog', 'run']);
  });

  it('counts positions in characters and words, so that phrases have the same distances everywhere', () => {
    const positions = new Map(analyze('使用 PostgreSQL 数据库管理').map(({ term, position }) => [term, position]));
    expect(positions.get('postgresql')).toBe(2);
    expect(positions.get('管理')! - positions.get('数据库')!).toBe(3);
  });

  it('has nothing to say about text without letters', () => {
    expect(analyze(' …，。!? 😀 \ud800')).toEqual([]);
  });

  it('takes time in proportion to the length', () => {
    for (const unit of ['字', 'x', 'a.', 'a-', '1,', '\u0301', '😀', 'ﬁ']) {
      const begin = process.cpuUsage();
      analyze(unit.repeat(100_000 / unit.length));
      const { user, system } = process.cpuUsage(begin);
      expect((user + system) / 1000, unit).toBeLessThan(2000);
    }
    // Processor time is judged, not the clock: a busy machine may take longer.
  }, 60_000);
});

describe(analyzeQuery.name, () => {
  it('leaves stop words out, unless the query has nothing else', () => {
    expect(analyzeQuery('什么是数据库').map(({ term }) => term)).toEqual(['数据库', '数据', '据库']);
    expect(analyzeQuery('what are the indexes').map(({ term }) => term)).toEqual(['index']);
    expect(analyzeQuery('to be or not to be').length).toBe(6);
  });
});

describe(addWords.name, () => {
  it('teaches the segmenter a word', () => {
    const word = '量霄智库';
    expect(terms(`欢迎使用${word}产品`)).not.toContain(word);
    addWords(['量霄智庫', 'not Chinese', '']);
    expect(terms(`欢迎使用${word}产品`)).toContain(word);
  });
});

describe(termFrequencies.name, () => {
  it('counts terms', () => {
    expect([...termFrequencies(analyze('index, indexes: 数据'))]).toEqual([['index', 2], ['数据', 1]]);
  });
});
