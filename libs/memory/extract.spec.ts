import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { extractFacts } from './index.js';

const texts = (...said: string[]): string[] => extractFacts(said.map((content) => ({ role: 'user', content }))).map(({ text }) => text);
const attribute = (said: string): string | undefined => extractFacts([{ role: 'user', content: said }])[0]?.attribute;

describe('extractFacts', () => {
  it.each([
    ['你好，我叫张曼婷，很高兴认识你。', '我叫张曼婷'],
    ['我很喜欢绘画、弹钢琴和品茶，你觉得有什么好的书可以推荐给我吗？', '我很喜欢绘画、弹钢琴和品茶'],
    ['我在上海的一家银行工作。', '我在上海的一家银行工作'],
    ['请记住：我每周三下午不开会。', '我每周三下午不开会'],
    ['我的生日是5月4日。', '我的生日是5月4日'],
    ['我对花生过敏。', '我对花生过敏'],
    ['Hello, my name is Emily. Nice to meet you.', 'my name is Emily'],
    ['I prefer aisle seats. Can you book one?', 'I prefer aisle seats'],
    ['Please remember that invoices go to Ms. Lee.', 'invoices go to Ms. Lee'],
    ['I live in Berlin, can you suggest a bakery?', 'I live in Berlin'],
    ['I am allergic to peanuts.', 'I am allergic to peanuts'],
  ])('keeps the fact of "%s"', (said, fact) => expect(texts(said)).toEqual([fact]));

  it.each([
    '你好！', '谢谢你的推荐，我会去看一看。', '我叫什么名字？', '你还记得我喜欢什么吗？', '如果我住在北京，房租是多少？', '帮我写一首诗。', '好的，我明白了。', '我的密码是 hunter2。', '我想知道天气怎么样。',
    'Thanks!', 'What is my name?', 'Do you remember what I like?', 'If I lived in Paris, what would rent be?', 'Write me a poem about spring.', 'Okay, I see.', 'I want you to like this.', 'My password is hunter2.', '> I live in Rome', '```\nmy name is code\n```', 'The report is due on Friday.',
  ])('keeps nothing of "%s"', (said) => expect(texts(said)).toEqual([]));

  it('does not take the assistant\'s words back from the user, nor the assistant\'s own', () => {
    const reply = { role: 'assistant', content: 'So you enjoy hiking in the Black Forest every weekend.' };
    expect(extractFacts([reply])).toEqual([]);
    expect(extractFacts([reply, { role: 'user', content: 'Yes, I enjoy hiking in the Black Forest every weekend.' }])).toEqual([]);
    expect(extractFacts([{ role: 'user', content: 'I enjoy hiking in the Black Forest every weekend.' }])).toHaveLength(1);
  });

  it('calls the same attribute the same, whatever its value', () => {
    expect(attribute('我叫李雷')).toBe('name');
    expect(attribute('My name is Ann')).toBe('name');
    expect(attribute('I like green tea.')).toBe(attribute("I don't like green tea anymore."));
    expect(attribute('我喜欢喝绿茶')).toBe(attribute('我不喜欢绿茶'));
    expect(attribute('My favourite colour is blue')).toBe(attribute('My favourite colour is red'));
    expect(attribute('I moved to Rome')).toBe(attribute('I live in Berlin'));
  });

  it('takes time in proportion to a hostile text', () => {
    const started = performance.now();
    texts('我'.repeat(4_000), 'i really '.repeat(400), 'my a b c d '.repeat(360), '我很非常特别真的'.repeat(400), 'i like '.repeat(500));
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});

const folder = join(process.env.AI_STACK_DATA ?? '../shared/data', 'memorybank');
type Bank = Record<string, { name: string; history: Record<string, { query: string; response: string }[]> }>;

// Conversations of invented people with a companion; what they tell is known, line by line.
describe.skipIf(!existsSync(folder))('extractFacts on the conversations of MemoryBank', () => {
  it.each(['cn', 'en'])('%s: keeps the names of the people, a part of the turns, and no question', (language) => {
    const bank = JSON.parse(readFileSync(join(folder, `memory_bank_${language}.json`), 'utf8')) as Bank;
    let [turns, kept, names] = [0, 0, 0];
    const asked: string[] = [];
    for (const { history } of Object.values(bank)) {
      const facts = Object.values(history).flat().map(({ query, response }) => extractFacts([{ role: 'user', content: query }, { role: 'assistant', content: response }]));
      turns += facts.length;
      kept += facts.filter(({ length }) => length > 0).length;
      names += facts.flat().some((fact) => fact.attribute === 'name') ? 1 : 0;
      asked.push(...facts.flat().map(({ text }) => text).filter((text) => /[?？]/.test(text)));
    }
    expect(asked).toEqual([]);
    expect(names / Object.keys(bank).length).toBeGreaterThan(0.7);
    expect(kept / turns).toBeGreaterThan(0.15);
    expect(kept / turns).toBeLessThan(0.5);
  });
});
