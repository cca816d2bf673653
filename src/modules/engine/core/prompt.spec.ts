import { describe, expect, it } from 'vitest';
import { countTokens } from '#libs/text';
import type { ChatMessage } from '../engine.types.js';
import { assemblePrompt, type PromptParts } from './prompt.js';

const text = (tokens: number): string => 'word '.repeat(tokens).trim();
const turns = (count: number, tokens: number): ChatMessage[] => Array.from({ length: count }, (_, turn) => ({ role: turn % 2 === 0 ? 'user' : 'assistant', content: `turn ${turn}: ${text(tokens)}` }));
const passages = (count: number, tokens: number) => Array.from({ length: count }, (_, place) => ({ id: place, text: `Passage ${place}. ${`${text(20)}. `.repeat(tokens / 20)}`.trim(), score: 1, rank: place + 1 }));
const contextOf = (found: ReturnType<typeof passages>) => ({ query: 'So?', passages: found, rarity: () => Promise.resolve(() => 1) });
const question: ChatMessage = { role: 'user', content: 'So?' };

async function assemble(parts: Partial<PromptParts>) {
  const summarized: ChatMessage[][] = [];
  const summarize = (older: ChatMessage[]) => {
    summarized.push(older);
    return 'They spoke of words.';
  };
  const prompt = await assemblePrompt({ messages: [question], memories: [], tools: [], cite: true, contextTokens: 4_096, summarize, ...parts });
  return { ...prompt, summarized, tokens: prompt.messages.reduce((sum, { content }) => sum + countTokens(content), 0) };
}

describe(assemblePrompt.name, () => {
  it('puts the personality before the caller’s instructions, and the rules, memories and the summary after them', async () => {
    const messages: ChatMessage[] = [{ role: 'system', content: 'CALLER' }, ...turns(40, 200), question];
    const { messages: [system] } = await assemble({ messages, personality: { systemPrompt: 'PERSONALITY', tone: 'calm' }, memories: ['Likes tea.'], context: contextOf(passages(1, 40)) });
    const places = ['PERSONALITY', 'Tone: calm', 'CALLER', 'Answer the question', 'Likes tea.', 'They spoke of words.'].map((part) => system?.content.indexOf(part) ?? -1);
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(places[0]).toBe(0);
  });

  it('leaves what fits as it is', async () => {
    const history = turns(6, 50);
    const { messages, passages: shown, summarized } = await assemble({ messages: [...history, question], context: contextOf(passages(4, 200)) });
    expect(messages.slice(1, -1)).toEqual(history);
    expect(shown).toHaveLength(4);
    expect(summarized).toEqual([]);
  });

  it.each([
    ['long turns', turns(40, 200), 2],
    ['long passages', turns(2, 50), 40],
    ['both', turns(40, 200), 40],
  ])('keeps to the budget with %s: the newest turns and the best passages stay', async (_name, history, found) => {
    const { messages, passages: shown, tokens } = await assemble({ messages: [...history, question], context: contextOf(passages(found, 200)) });
    expect(tokens).toBeLessThanOrEqual(4_096 - 1_024);
    expect(tokens).toBeGreaterThan(1_000);
    expect(messages.at(-2)).toEqual(history.at(-1));
    expect(shown[0]?.id).toBe(0);
    expect(messages.at(-1)?.content).toContain('Passage 0.');
  });

  it('gives passages a minimum, and never cuts instructions, question or what followed it', async () => {
    const messages: ChatMessage[] = [{ role: 'system', content: text(5_000) }, ...turns(4, 200), question, { role: 'assistant', content: '', toolCalls: [{ id: 'a', name: 'f', arguments: '{}' }] }, { role: 'tool', content: text(3_000), toolCallId: 'a' }];
    const { messages: sent, passages: shown } = await assemble({ messages, context: contextOf(passages(10, 200)) });
    expect(sent.map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'tool']);
    expect(sent.at(-1)?.content).toBe(text(3_000));
    expect(sent[0]?.content).toContain(text(5_000));
    expect(shown).toHaveLength(2);
  });

  it('keeps a call of a tool and its result together, or neither', async () => {
    const called: ChatMessage[] = [{ role: 'user', content: 'Time?' }, { role: 'assistant', content: '', toolCalls: [{ id: 'a', name: 'clock', arguments: '{}' }] }, { role: 'tool', content: text(1_500), toolCallId: 'a' }, { role: 'assistant', content: 'Noon.' }];
    for (const contextTokens of [2_048, 4_096, 8_192]) {
      const { messages } = await assemble({ messages: [...called, ...turns(2, 300), question], contextTokens });
      expect(messages.some(({ toolCalls }) => toolCalls)).toBe(messages.some(({ role }) => role === 'tool'));
    }
  });

  it('adds nothing where nothing was found or asked for', async () => {
    expect((await assemble({})).messages).toEqual([question]);
  });

  it('takes as many memories as have room', async () => {
    const { memories } = await assemble({ memories: Array.from({ length: 20 }, () => text(100)) });
    expect(memories).toBe(6);
  });
});
