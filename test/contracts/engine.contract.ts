import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Passage } from '#libs/answering';
import type { ChatMessage, EngineAnswer, EngineContext, EngineEvent, EngineOptions } from '../../src/modules/engine/engine.types.js';
import type { LlmRequest, LlmStep } from '../support/llm-server.js';
import type { Engine } from '../../src/modules/engine/ports/engine.js';

export interface OpenedEngine {
  engine: Engine;
  close(): Promise<void>;
}

const texts = ['The lease of the warehouse in Hamburg ends on 31 March 2027. The rent is 4,200 euros a month.', 'Honeybees dance to show where the flowers are.'];
export const passages: Passage[] = texts.map((text, index) => ({ id: `chunk-${index + 1}`, text, title: 'Papers', headings: [], score: 1 / (index + 1), rank: index + 1 }));
export const question = 'When does the lease of the warehouse end?';
/** What an engine with a language model has its model write for the question. */
export const written = ['The lease of the warehouse ', 'ends on 31 March 2027 ', '[1].'];

const idf = (term: string) => (texts.join(' ').toLowerCase().includes(term) ? 2 : 6);
export const contextOf = (found: Passage[], query = question): EngineContext => ({ query, passages: found, rarity: () => Promise.resolve(idf) });

export async function collect(engine: Engine, options: EngineOptions, messages: ChatMessage[] = [{ role: 'user', content: question }]): Promise<{ deltas: string[]; answer: EngineAnswer; events: EngineEvent[] }> {
  const events: EngineEvent[] = [];
  for await (const event of engine.generateResponse(messages, options)) events.push(event);
  const last = events.at(-1);
  if (last?.type !== 'done') throw new Error(`the last event is ${last?.type}`);
  return { deltas: events.flatMap((event) => (event.type === 'delta' ? [event.text] : [])), answer: last.answer, events };
}

/** A question that has the scripted engine call a tool; a model's server is told to do the same by its first words. */
export const toolQuestion = 'What is the weather? [[script {"pieces":["I look."],"tool_calls":[{"name":"get_weather","arguments":"{\\"city\\":\\"Kiel\\"}"}],"usage":{"prompt_tokens":100,"completion_tokens":10}}]]';
/** What a model's server does with the questions of this suite. */
export function asAsked({ messages, tools }: LlmRequest): LlmStep {
  const last = messages.at(-1);
  if (last?.role === 'user' && last.content === toolQuestion && tools) return { kind: 'tools', calls: [{ id: 'call_a', name: 'get_weather', arguments: '{"city":"Kiel"}' }], text: 'I look.' };
  return { kind: 'answer', pieces: JSON.stringify(messages).includes('Hamburg') ? written : ['The documents do not answer the question.'] };
}

const callerTools = { definitions: [{ name: 'get_weather', description: 'The weather.', parameters: { type: 'object', properties: { city: { type: 'string' } } } }], choice: 'auto' as const };

/** What every adapter of Engine keeps. @param tools whether it can call tools of the caller */
export function describeEngine(name: string, open: () => Promise<OpenedEngine>, { tools = false } = {}): void {
  describe(name, () => {
    let opened: OpenedEngine;
    let engine: Engine;
    beforeAll(async () => {
      opened = await open();
      engine = opened.engine;
    });
    afterAll(() => opened.close());

    it('says who it is and that it is well', async () => {
      expect(engine.getEngineInfo()).toEqual({ name: expect.stringMatching(/^[a-z0-9_-]+$/), model: expect.any(String), capabilities: { streaming: expect.any(Boolean), tools, memory: expect.any(Boolean) } });
      expect(await engine.healthCheck()).toMatchObject({ healthy: true });
    });

    it('streams pieces that make the answer, and ends with it once', async () => {
      const { deltas, answer, events } = await collect(engine, { context: contextOf(passages), stream: true });
      expect(deltas.length).toBeGreaterThan(0);
      expect(deltas.join('')).toBe(answer.text);
      expect(events.filter(({ type }) => type === 'done')).toHaveLength(1);
      expect(answer.finishReason).toBe('stop');
    });

    it('gives the whole at once when nobody streams', async () => {
      const { deltas, answer } = await collect(engine, { context: contextOf(passages), stream: false });
      expect(deltas).toEqual([]);
      expect(answer.text).toContain('31 March 2027');
    });

    it('cites stretches of the passages it was given, each with a marker in the text', async () => {
      const { answer } = await collect(engine, { context: contextOf(passages) });
      expect(answer.refused).toBe(false);
      expect(answer.citations.length).toBeGreaterThan(0);
      for (const { index, passage, start, end, quote, score } of answer.citations) {
        expect(passages.find(({ id }) => id === passage)?.text.slice(start, end)).toBe(quote);
        expect(answer.text).toContain(`[${index}]`);
        expect(score).toBeGreaterThanOrEqual(0);
        expect(score).toBeLessThanOrEqual(1);
      }
    });

    it('judges itself between 0 and 1', async () => {
      const { answer } = await collect(engine, { context: contextOf(passages) });
      expect(Object.keys(answer.quality)).toEqual(expect.arrayContaining(['score', 'groundedness', 'relevance', 'coverage']));
      for (const value of Object.values(answer.quality)) {
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(1);
      }
    });

    it('refuses without passages, and cites nothing then', async () => {
      const { answer } = await collect(engine, { context: contextOf([]) });
      expect(answer).toMatchObject({ refused: true, citations: [] });
      expect(answer.text.length).toBeGreaterThan(0);
    });

    it('ends as cancelled, without an error, when the caller stopped before or meanwhile', async () => {
      const before = new AbortController();
      before.abort();
      expect((await collect(engine, { context: contextOf(passages), stream: true, signal: before.signal })).answer).toMatchObject({ finishReason: 'cancelled', text: '' });
      const meanwhile = new AbortController();
      const events: EngineEvent[] = [];
      for await (const event of engine.generateResponse([{ role: 'user', content: question }], { context: contextOf(passages), stream: true, signal: meanwhile.signal })) {
        events.push(event);
        if (event.type === 'delta') meanwhile.abort();
      }
      expect(events.at(-1)).toMatchObject({ type: 'done' });
      expect(events.filter(({ type }) => type === 'done')).toHaveLength(1);
    });

    it('ends where the caller wants it to', async () => {
      const whole = await collect(engine, { context: contextOf(passages), stream: true, sampling: { temperature: 0, stop: ['March'] } });
      expect(whole.answer.text).not.toContain('March');
      expect([whole.deltas.join(''), whole.answer.finishReason]).toEqual([whole.answer.text, 'stop']);
    });

    // An engine without a language model has no wishes; whether it may be offered tools at all, the door asks its info.
    if (tools) it('asks for tools of the caller and goes on with their results; it tells its usage', async () => {
      const asked: ChatMessage[] = [{ role: 'user', content: toolQuestion }];
      const { answer, events } = await collect(engine, { callerTools, stream: true, useTools: false }, asked);
      expect(answer).toMatchObject({ text: 'I look.', finishReason: 'tool_calls', toolCalls: [{ name: 'get_weather', arguments: '{"city":"Kiel"}' }], usage: { promptTokens: 100, completionTokens: 10 } });
      expect(events.flatMap((event) => (event.type === 'tool_call' ? [event.call] : []))).toEqual(answer.toolCalls);
      const [call] = answer.toolCalls ?? [];
      const after: ChatMessage[] = [...asked, { role: 'assistant', content: answer.text, toolCalls: answer.toolCalls }, { role: 'tool', content: 'rain', toolCallId: call?.id }];
      const { answer: next } = await collect(engine, { callerTools, stream: true, useTools: false }, after);
      expect(next.finishReason).toBe('stop');
      expect(next.toolCalls).toBeUndefined();
      const { answer: without } = await collect(engine, { callerTools: { ...callerTools, choice: 'none' }, useTools: false }, asked);
      expect(without.finishReason).toBe('stop');
    });

    it('keeps answers that are made at the same time apart', async () => {
      const [one, two] = await Promise.all([collect(engine, { context: contextOf(passages), stream: true }), collect(engine, { context: contextOf([]), stream: true })]);
      expect([one.answer.refused, two.answer.refused]).toEqual([false, true]);
      expect(one.answer.text).toContain('31 March 2027');
      expect(two.answer.citations).toEqual([]);
    });
  });
}
