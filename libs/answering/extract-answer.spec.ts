import { analyze } from '#libs/text';
import { describe, expect, it } from 'vitest';
import { type Passage, extractAnswer, type Idf } from './index.js';

const documents = [
  '员工手册第三章规定了假期。正式员工每年享有十五天带薪年假。试用期员工没有年假。年假须提前两周在系统中申请，由部门经理批准。',
  '公司食堂位于一号楼地下一层。午餐时间为十一点半至一点。食堂提供素食和清真餐。',
  'The warehouse in Rotterdam was opened in 1998. It stores spare parts for pumps and valves. Dr. Anna Visser has managed it since 2011.',
  'Expense reports are due on the fifth working day of each month. Receipts above 25 euros must be attached.',
];

/** Document frequencies of the analysed terms, as an index counts them. */
function idfOf(texts: readonly string[]): Idf {
  const counts = new Map<string, number>();
  for (const text of texts) for (const term of new Set(analyze(text).map((token) => token.term))) counts.set(term, (counts.get(term) ?? 0) + 1);
  return (term) => Math.log(1 + (texts.length - (counts.get(term) ?? 0) + 0.5) / ((counts.get(term) ?? 0) + 0.5));
}

const toPassages = (texts: readonly string[]): Passage[] => texts.map((text, at) => ({ id: at, text, score: 1 / (at + 1), rank: at + 1 }));
const ask = (question: string, texts: readonly string[] = documents, maxSentences?: number) =>
  extractAnswer({ question, passages: toPassages(texts), idf: idfOf(texts), maxSentences });

describe(extractAnswer, () => {
  it('quotes the sentence that answers a Chinese question, with its exact range and marker', () => {
    const { refused, answer, citations } = ask('正式员工每年有多少天年假？');
    expect(refused).toBe(false);
    expect(citations[0]).toMatchObject({ index: 1, passage: 0 });
    expect(citations[0]!.quote).toContain('正式员工每年享有十五天带薪年假。');
    expect(answer).toContain('[1]');
    expect(citations.reduce((sum, { sentences }) => sum + sentences, 0)).toBeLessThanOrEqual(3);
  });

  it('quotes the sentence that answers an English question, and the one before a sentence that starts with a pronoun', () => {
    const when = ask('When was the warehouse in Rotterdam opened?', documents, 1);
    expect(when.citations.map(({ quote }) => quote)).toEqual(['The warehouse in Rotterdam was opened in 1998.']);
    const what = ask('What does it store for pumps and valves in Rotterdam?', [documents[2]!]);
    expect(what.citations[0]!.quote.startsWith('The warehouse in Rotterdam was opened in 1998. It stores spare parts')).toBe(true);
  });

  it('joins sentences of several passages, each with its own marker', () => {
    const texts = ['泵站甲建于1990年，位于东港。', '泵站乙建于2004年，位于西港。'];
    const { answer, citations } = ask('泵站甲和泵站乙建于哪一年？', texts);
    expect(new Set(citations.map(({ passage }) => passage))).toEqual(new Set([0, 1]));
    expect(answer).toContain('1990');
    expect(answer).toMatch(/\[1\].*\[2\]$/);
  });

  it('answers a traditional question from simplified text', () => {
    const { refused, citations } = ask('正式員工每年享有幾天年假？');
    expect(refused).toBe(false);
    expect(citations[0]!.quote).toContain('十五天');
  });

  it('answers from a collection of a single short document', () => {
    expect(ask('测试文档说什么?', ['测试文档']).citations[0]?.quote).toBe('测试文档');
  });

  it('leaves the marks of headings out of the answer; quotes stay the exact slices of the passage', () => {
    const texts = ['# Opening hours of the Rotterdam warehouse\n\nThe warehouse opens at eight.\n\n## Holidays of the Rotterdam warehouse ##\n\nIt closes on Christmas Day. Issue #5 is open, and C# is spoken.', '### 仓库开放时间\n\n仓库八点开门。'];
    const questions = ['What are the opening hours of the Rotterdam warehouse?', 'When are the holidays of the Rotterdam warehouse?', 'Which issue is open, and is C# spoken?', '仓库的开放时间？'];
    for (const question of questions) {
      const { refused, answer, citations } = ask(question, texts);
      expect(refused, question).toBe(false);
      expect(answer).not.toMatch(/(^|\s)#+(\s|$)/);
      for (const { passage, start, end, quote } of citations) expect(quote).toBe(texts[Number(passage)]!.slice(start, end));
    }
    expect(ask('Which issue is open, and is C# spoken?', texts).answer).toContain('Issue #5 is open, and C# is spoken.');
  });

  it('takes no answer from comments, and from code only what nothing else says, also where a passage begins within it', () => {
    const question = 'What must the cache hit rate be?';
    const example = `curl -d '{"query":"${question}"}' http://127.0.0.1:3000/smart-qa/chat`;
    const prose = 'The cache hit rate must stay above seventy percent.';
    for (const code of [`\`\`\`sh\n${example}\n\`\`\``, `- ~~~\n${example}\n~~~`, `\`${example}\``, `<!-- ${question}\n\n${example} -->`]) expect(ask(question, [`${code}\n\n${prose}`]).answer, code).toBe(`${prose} [1]`);
    expect(ask(question, [`${example}\n\`\`\`\n\n${prose}\n\n\`\`\`json\n{"answer": "The cache hit rate must be high."}`]).answer).toBe(`${prose} [1]`);
    expect(ask('Which port does the cache listen on?', ['\`\`\`ini\ncache port = 6379\n\`\`\`']).answer).toBe('cache port = 6379 [1]');
    expect(ask(question, [`\`\`\`sh\n${example}\n${example} --help\n\`\`\``])).toMatchObject({ refused: true });
    expect(ask(question, [`<!-- ${prose} -->`])).toMatchObject({ refused: true });
  });

  it.each([
    ['When does the office open?', '# Questions\n\n## When does the office open?\n\nAt eight, every working day.\n\n## Who has a key?\n\nThe porter.', 'At eight, every working day. [1]'],
    ['年假可以转到下一年吗？', '问：年假可以转到下一年吗？\n答：最多五天，须在三月底前休完。\n问：病假需要证明吗？\n答：需要医院证明。', '答：最多五天，须在三月底前休完。 [1]'],
  ])('gives the answer of a list of questions, not the question: %s', (question, text, expected) => {
    expect(ask(question, [text], 1).answer).toBe(expected);
  });

  it('takes a row of a table with the names of its columns, where prose says less', () => {
    const table = '| pump | price | weight |\n|---|---|---|\n| Delta | 1,250 euros | 12 kg |\n| Sigma \\| S | 990 euros | **9 kg** |';
    expect(ask('What is the price of the pump Sigma?', [`# Pumps\n\n${table}`]).answer).toBe('pump: Sigma | S · price: 990 euros · weight: 9 kg [1]');
    const [less, more] = ['The price of a pump depends on its weight.', 'The price of the pump Sigma is nine hundred and ninety euros.'];
    expect(ask('What is the price of the pump Sigma?', [`${less}\n\n${table}`]).answer).toContain('pump: Sigma | S · price: 990 euros');
    expect(ask('What is the price of the pump Sigma?', [`${table}\n\n${more}`], 1).answer).toBe(`${more} [1]`);
  });

  it('joins what hard wrapping divided, and nothing else', () => {
    const wrapped = 'The warehouse in Rotterdam, which was opened in 1998, stores\nspare parts for pumps and valves.';
    expect(ask('What does the warehouse in Rotterdam store?', [`${wrapped}\nIts manager is Anna Visser.`], 1)).toMatchObject({ answer: `${wrapped.replace('\n', ' ')} [1]`, citations: [{ quote: wrapped }] });
    expect(ask('泵站甲位于哪里？', ['泵站甲建于1990年，\n位于东港。\n泵站乙已停用。'], 1).answer).toBe('泵站甲建于1990年，位于东港。 [1]');
    expect(ask('What is the name of the manager?', ['the name of the manager in the file of the staff: Anna\nthe town: Rotterdam'], 1).answer).toBe('the name of the manager in the file of the staff: Anna [1]');
  });

  it.each([
    ['断电后数据会丢失吗？', '- **回答可以核对。** 引用注明出处。\n- **数据不会丢失。** 已经确认的写入断电后都不会丢失；', '数据不会丢失。已经确认的写入断电后都不会丢失。 [1]'],
    ['Where are the facts of Orion kept?', '> - [x] **Facts:** [PostgreSQL](https://postgresql.org "The site") keeps *the facts* of __Orion__, see <https://example.com>.', 'Facts: PostgreSQL keeps the facts of Orion, see https://example.com. [1]'],
    ['Which options does glob_all take?', '`glob_all(**options)` takes the options `a*b*` and 2*3*4, `` ` `` too, in snake_case_names.', 'glob_all(**options) takes the options a*b* and 2*3*4, ` too, in snake_case_names. [1]'],
    ['Where are documents parsed?', '# Documents are parsed apart\n\n**Choice.** A child process does it. It has limits.', 'Documents are parsed apart: Choice. A child process does it. [1]'],
    ['检查哪些类型，哪些代码？', '检查包括下列内容\n- 类型检查\n- 代码检查', '检查包括下列内容；类型检查；代码检查 [1]'],
  ])('says it without the signs of Markdown; the quote keeps them: %s', (question, text, expected) => {
    const { answer, citations } = ask(question, [text]);
    expect(answer).toBe(expected);
    for (const { start, end, quote } of citations) expect(quote).toBe(text.slice(start, end));
  });

  it.each([
    ['第二次世界大战是什么时候结束的？', '现有文档中没有足够的依据来回答这个问题。'],
    ['Who painted the ceiling of the Sistine Chapel?', 'The documents do not hold enough evidence to answer this question.'],
  ])('refuses %s in its language', (question, refusal) => {
    const result = ask(question);
    expect(result).toMatchObject({ refused: true, reason: 'thin_evidence', answer: refusal, citations: [] });
    expect(result.quality.score).toBeLessThan(0.25);
  });

  it('refuses a question whose name no document holds, though its other words are there', () => {
    expect(ask('When was the warehouse in Valparaiso managed by Fernando Iturriaga?').refused).toBe(true);
  });

  it('refuses without passages, and for passages or questions without words', () => {
    expect(ask('年假有几天？', [])).toMatchObject({ refused: true, reason: 'no_passages' });
    expect(ask('年假有几天？', ['', ' \n '])).toMatchObject({ refused: true, reason: 'no_passages' });
    expect(ask('？？？').refused).toBe(true);
    expect(ask('').refused).toBe(true);
  });

  it('cites a sentence that two overlapping passages share once', () => {
    const shared = '年假须提前两周在系统中申请。';
    const { citations } = ask('年假须提前多久申请？', [`${shared}由部门经理批准。`, `试用期没有年假。${shared}`]);
    expect(citations.filter(({ quote }) => quote.includes(shared))).toHaveLength(1);
  });

  it('gives quotes that are exact slices, and the same answer twice, for any mixture of signs', () => {
    let seed = 7;
    const random = (below: number): number => (seed = (seed * 48271) % 2147483647) % below;
    const pieces = ['年假', '十五天', '。', '\n', ' ', 'pump', 'Dr. ', '1998', '！', '👍', '\r\n', '“', '”', 'é', '𠮷', '\u0000', '\ud800', '；', '.', '泵站'];
    for (let round = 0; round < 200; round++) {
      const text = Array.from({ length: 60 }, () => pieces[random(pieces.length)]!).join('');
      const result = ask('泵站年假十五天 pump 1998', [text]);
      for (const { start, end, quote } of result.citations) expect(text.slice(start, end)).toBe(quote);
      expect(ask('泵站年假十五天 pump 1998', [text])).toEqual(result);
      for (const part of Object.values(result.quality)) expect(part >= 0 && part <= 1).toBe(true);
    }
  });
});
