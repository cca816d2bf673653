import { describe, expect, it } from 'vitest';
import { analyze, analyzeQuery, parseDictionary, termFrequencies, useDictionary } from './index.js';

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

describe(useDictionary.name, () => {
  it('teaches the segmenter a word, and leaves other text as it was', () => {
    const word = '量霄智库';
    const other = '研究生命的起源，北京大学生前来应聘，数据库管理系统的缓存命中率';
    const before = terms(other);
    expect(terms(`欢迎使用${word}产品`)).not.toContain(word);
    useDictionary(parseDictionary('\ufeff量霄智庫\r\n\r\nnot-Chinese 10 n\n'));
    expect(terms(`欢迎使用${word}产品`)).toContain(word);
    expect(terms(other)).toEqual(before);
  });
});

describe(parseDictionary.name, () => {
  it('reads words with and without frequency and part of speech', () => {
    const { words, ignored } = parseDictionary('云计算 12 nz\n资料库 v\nK8s\n云计算');
    expect(words).toEqual([{ word: '云计算', frequency: 5_000, tag: 'n' }, { word: '资料库', frequency: 5_000, tag: 'v' }]);
    expect(ignored).toBe(1);
  });

  it('names the same words alike in any order', () => {
    const digest = (text: string) => parseDictionary(text).digest;
    expect(digest('云计算\n资料库')).toBe(digest('资料库 v\n云计算 n'));
    expect(digest('云计算 7\n资料库')).not.toBe(digest('云计算\n资料库'));
  });

  it.each([['云 计算 词 语', 'line 1'], ['词\n云计算 0', 'line 2'], ['云'.repeat(41), 'line 1'], ['云计算 2000000', 'frequency']])('says what is wrong: %s', (text, said) => {
    expect(() => parseDictionary(text)).toThrow(said);
  });
});

describe(termFrequencies.name, () => {
  it('counts terms', () => {
    expect([...termFrequencies(analyze('index, indexes: 数据'))]).toEqual([['index', 2], ['数据', 1]]);
  });
});
