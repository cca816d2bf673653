import { Logger } from '@nestjs/common';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { LlmFactExtractor } from '../../src/modules/memory/adapters/llm.fact-extractor.js';
import { RulesFactExtractor } from '../../src/modules/memory/adapters/rules.fact-extractor.js';
import { LanguageModel } from '../../src/platform/language-model/language-model.js';
import { sendFailure, sendJson, startWireServer, type WireServer } from '../support/wire-server.js';
import { describeFactExtractor, said } from './fact-extractor.contract.js';

type Answer = { facts: unknown } | { content: string } | { status: number; message?: string } | { silent: true };

interface Request {
  messages: { role: string; content: string }[];
  response_format?: { type: string };
  stream?: boolean;
  temperature?: number;
  max_tokens?: number;
}

/** A model that proposes what a test says. */
async function startModel(answerTo: (request: Request) => Answer): Promise<WireServer & { requests: Request[] }> {
  const requests: Request[] = [];
  const server = await startWireServer((_path, body, _request, response) => {
    const request = body as Request;
    requests.push(request);
    const answer = answerTo(request);
    if ('silent' in answer) return;
    if ('status' in answer) return sendFailure(response, answer.status, answer.message);
    const content = 'content' in answer ? answer.content : JSON.stringify({ facts: answer.facts });
    sendJson(response, 200, { id: 'x', object: 'chat.completion', created: 1, model: 'scripted', choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content } }] });
  });
  return { ...server, requests };
}

/** The worst that a model can do: it takes everything it is shown for a fact, and tells its instructions too. */
function greedy({ messages }: Request): Answer {
  const shown = JSON.parse(messages.at(-1)?.content ?? '[]') as string[];
  return { facts: [...shown.flatMap((text) => text.split(/(?<=[.?!。？！])\s*/)).map((text) => text.replace(/^(?:Hello|你好)[,，]\s*/, '')), ...(messages[0]?.content.split('. ') ?? []), 'I like being asked.', 'My name is Max'] };
}

const open = ({ url }: WireServer, timeoutSeconds = 60) => new LlmFactExtractor(new LanguageModel({ baseUrl: url, apiKey: 'key', model: 'scripted', timeoutSeconds }));

describeFactExtractor(RulesFactExtractor.name, () => Promise.resolve({ extractor: new RulesFactExtractor(), close: () => Promise.resolve() }));

describeFactExtractor(`${LlmFactExtractor.name} with a model that takes everything for a fact`, async () => {
  const server = await startModel(greedy);
  return { extractor: open(server), close: () => server.stop() };
});

describe(LlmFactExtractor.name, () => {
  let server: Awaited<ReturnType<typeof startModel>>;
  let answer: Answer;
  beforeAll(async () => {
    Logger.overrideLogger(false);
    server = await startModel(() => answer);
  });
  afterAll(async () => {
    await server.stop();
    Logger.overrideLogger(['log', 'error', 'warn']);
  });
  beforeEach(() => void server.requests.splice(0));

  it('finds what no rule was written for, in words that are mostly the user\'s', async () => {
    answer = { facts: ['Our standup moved to nine on Mondays', 'The team is happy', 'Our standup moved to eleven on Mondays with Bob', 'Our standup moved to 10 on Mondays'] };
    const facts = await open(server).extract(said('By the way: our standup moved to nine, on Mondays that is.'));
    expect(facts).toEqual([{ text: 'Our standup moved to nine on Mondays', kind: 'explicit' }]);
    expect(server.requests[0]).toMatchObject({ response_format: { type: 'json_schema' }, temperature: 0 });
  });

  it('shows the model what the user said and nothing else, and does not ask where there can be no fact', async () => {
    answer = { facts: [] };
    const extractor = open(server);
    await extractor.extract([{ role: 'system', content: 'secret rules' }, ...said('I moved house. https://example.org/private', 'x'.repeat(4_001)), { role: 'assistant', content: 'Congratulations!' }]);
    await extractor.extract(said('What is the capital of Portugal?', 'Thanks!'));
    expect(server.requests).toHaveLength(1);
    expect(server.requests[0]?.messages.at(-1)).toEqual({ role: 'user', content: JSON.stringify(['I moved house.']) });
  });

  it('refuses what only the assistant said, and keeps ten facts at most, none of them long', async () => {
    answer = { facts: ['I should try the Black Forest hiking trail', `I like ${'tea '.repeat(100)}`, ...Array.from({ length: 20 }, (_, number) => `I like tea number one${'!'.repeat(number % 2)} ${'and two '.repeat(number)}`)] };
    const facts = await open(server).extract([...said('I like tea number one, two and three. I could go hiking, you say.'), { role: 'assistant', content: 'You should try the Black Forest hiking trail.' }]);
    expect(facts).toHaveLength(8);
    expect(facts.every(({ text }) => /^I like tea number one/.test(text))).toBe(true);
  });

  it.each([
    ['fails', { status: 500 }],
    ['answers no JSON', { content: 'The user likes tea.' }],
    ['answers another shape', { facts: [{ fact: 'I like tea' }] }],
    ['is silent', { silent: true }],
  ] as [string, Answer][])('leaves it to the rules when the model %s', async (_how, how) => {
    answer = how;
    expect((await open(server, 0.2).extract(said('I like tea.'))).map(({ text }) => text)).toEqual(['I like tea']);
  });

  it('understands models that wrap their JSON, and servers that know no schemas', async () => {
    answer = { content: '<think>{hm}</think>Sure:\n```json\n{"facts": ["I like tea"]}\n```' };
    expect(await open(server).extract(said('I like tea.'))).toHaveLength(1);
    const old = await startModel(({ response_format }) => (response_format ? { status: 400 } : { facts: ['I like tea'] }));
    const extractor = open(old);
    for (let times = 0; times < 2; times++) expect((await extractor.extract(said('I like tea.')))[0]?.text).toBe('I like tea');
    expect(old.requests).toHaveLength(3);
    await old.stop();
  });

  it('works with models that want other parameters, and asks them right the next time', async () => {
    const newer = await startModel(({ temperature, max_tokens }) => {
      if (max_tokens !== undefined) return { status: 400, message: "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead." };
      if (temperature !== undefined) return { status: 400, message: "Unsupported value: 'temperature' does not support 0 with this model. Only the default (1) value is supported." };
      return { facts: ['Our standup moved to nine on Mondays'] };
    });
    const extractor = open(newer);
    const turn = said('By the way: our standup moved to nine, on Mondays that is.');
    for (const calls of [3, 4]) {
      expect((await extractor.extract(turn)).map(({ text }) => text)).toEqual(['Our standup moved to nine on Mondays']);
      expect(newer.requests).toHaveLength(calls);
    }
    expect(newer.requests.at(-1)).toMatchObject({ max_completion_tokens: 4_000, response_format: { type: 'json_schema' } });
    await newer.stop();
  });

  it('finds nothing when somebody stops it: the rules do not stand in for a model that was not asked to the end', async () => {
    answer = { silent: true };
    const stopped = new AbortController();
    const extracting = open(server).extract(said('I like tea.'), { signal: stopped.signal });
    setTimeout(() => stopped.abort(), 50);
    await expect(extracting).rejects.toThrow();
  });
});
