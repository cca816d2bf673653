import { describe, expect, it } from 'vitest';
import { resolveFollowUp, type Message } from './index.js';

const turns = (...contents: string[]): Message[] => contents.map((content, at) => ({ role: at % 2 === 0 ? 'user' : 'assistant', content }));

describe(resolveFollowUp, () => {
  it.each([
    ['那它的人口呢?', ['北京的面积是多少?', '16410平方公里。'], '北京 那它的人口呢?'],
    ['什么时候?', ['鲁迅在哪里去世?', '上海'], '鲁迅 去世 什么时候?'],
    ['作者是谁?', ['《红楼梦》讲了什么?', '贾府的兴衰。'], '红楼梦 作者是谁?'],
    ['怎么申请?', ['公司的年假有几天?', '十五天。'], '公司 年假 几天 怎么申请?'],
    ['who wrote it?', ['When was Hamlet published?', '1603.'], 'Hamlet who wrote it?'],
    ['When was he born?', ['Who wrote Hamlet?', 'It was written by William Shakespeare [1].'], 'Hamlet William Shakespeare When was he born?'],
  ])('completes %s with the topic', (question, history, query) => {
    expect(resolveFollowUp(question, turns(...history))).toEqual({ query, usedContext: true });
  });

  it('puts a new year or name in the place of the old one', () => {
    const year = resolveFollowUp('and in 2019?', turns('How many people visited Paris in 2018?', '10 million.')).query;
    expect(year).toMatch(/Paris.*visited.*2019/);
    expect(year).not.toContain('2018');
    const name = resolveFollowUp('What about Shanghai?', turns('What is the population of Beijing?', '21 million.')).query;
    expect(name).toContain('population');
    expect(name).not.toContain('Beijing');
  });

  it('keeps the topic over several dependent turns and follows a changed subject', () => {
    expect(resolveFollowUp('and its deadline?', turns('What is the refund policy?', '30 days.', 'And who approves it?', 'Sales.')).query).toContain('refund policy');
    expect(resolveFollowUp('它的面积呢?', turns('北京在哪里?', '华北。', '那上海呢?', '华东。')).query).toBe('上海 它的面积呢?');
    const switched = turns('长城是什么时候修建的?', '秦朝。', '黄河有多长?', '5464公里。');
    expect(resolveFollowUp('它流经哪些省?', switched).query).toBe('黄河 它流经哪些省?');
  });

  it.each([
    '光合作用是什么？', '黄河有多长？', '鲁迅和他的弟弟是什么关系？', '谁发明了电话？', '土耳其的首都是哪里？', '其他国家有哪些政策？',
    'What is photosynthesis?', 'When did Lincoln give his speech?', 'Which company makes the engine that powers Falcon 9?', 'What happens to iron when it rusts?',
    'Is it possible to renew a passport online?', 'By the way, how does it work?',
  ])('leaves %s as it is', (question) => {
    expect(resolveFollowUp(question, turns('公司总部在哪里？', '上海。'))).toEqual({ query: question, usedContext: false });
  });

  it('has nothing to add without a history', () => {
    expect(resolveFollowUp('它在哪里？', [])).toEqual({ query: '它在哪里？', usedContext: false });
    expect(resolveFollowUp('why?', turns('???', 'Sorry?'))).toEqual({ query: 'why?', usedContext: false });
  });
});
