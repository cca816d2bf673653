import { SignJWT } from 'jose';
import { BadRequestError, NotFoundError, type OpenAI } from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Api, eventually, type Json } from '../support/api.js';
import { startLlmServer, type LlmServer } from '../support/llm-server.js';
import { addDocuments, ask, clientOf, failure, lease, question, stream } from '../support/openai-client.js';
import { startServer, type TestServer } from '../support/server.js';

const secret = 'shared-with-open-webui';
let server: TestServer;
let llm: LlmServer;
let client: OpenAI;
beforeAll(async () => {
  llm = await startLlmServer();
  server = await startServer({ env: { LLM_BASE_URL: llm.url, LLM_MODEL: 'scripted', LLM_TIMEOUT_SECONDS: '5', MEMORY_EXTRACTION: 'rules', OPEN_WEBUI_JWT_SECRET: secret } });
  await addDocuments(server);
  client = clientOf(server);
});
afterAll(async () => {
  await server.stop();
  await llm.stop();
});

const parameters = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'], additionalProperties: false };
const weather: OpenAI.ChatCompletionFunctionTool = { type: 'function', function: { name: 'get_weather', description: 'The weather of a city.', parameters, strict: true } };
const call = (id: string, city: string) => ({ id, name: 'get_weather', arguments: JSON.stringify({ city }) });
const asked = { model: 'ai-stack', messages: ask(question), tools: [weather] };
const sent = () => llm.requests.at(-1);

describe('tools of the client', () => {
  it('are called in the whole answer, and their results come back with the question’s passages', async () => {
    llm.script({ kind: 'tools', calls: [call('a', 'Hamburg'), call('b', 'Bremen')], text: 'I look.' }, { kind: 'answer', pieces: ['It ends on 31 March 2027 ', '[1], in the rain.'] });
    const first = await client.chat.completions.create({ ...asked, parallel_tool_calls: true });
    const [choice] = first.choices;
    expect(choice).toMatchObject({ finish_reason: 'tool_calls', message: { content: 'I look.', tool_calls: [{ id: 'a', type: 'function', function: { name: 'get_weather', arguments: '{"city":"Hamburg"}' } }, { id: 'b' }] } });
    expect(first.usage).toEqual({ prompt_tokens: 100, completion_tokens: 10, total_tokens: 110 });
    expect(sent()?.tools?.[0]).toEqual(weather);
    expect(sent()?.parallel_tool_calls).toBe(true);
    if (!choice) throw new Error('no choice');
    const results = ['a', 'b'].map((id): OpenAI.ChatCompletionToolMessageParam => ({ role: 'tool', tool_call_id: id, content: 'rain' }));
    const second = await client.chat.completions.create({ ...asked, messages: [...asked.messages, choice.message, ...results] });
    expect(second.choices[0]).toMatchObject({ finish_reason: 'stop', message: { content: 'It ends on 31 March 2027 [1], in the rain.', annotations: [{ url_citation: { title: 'Lease' } }] } });
    expect(sent()?.messages.map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'tool', 'tool']);
    expect(sent()?.messages[1]?.content).toContain(lease.slice(0, 40));
    expect(sent()?.messages[2]?.tool_calls?.map(({ id }) => id)).toEqual(['a', 'b']);
  });

  it('are called in a stream: each delta has its index, and the SDK puts them together', async () => {
    const step = { kind: 'tools' as const, calls: [call('a', 'Hamburg'), call('b', 'Bremen')] };
    llm.script(step, step);
    const { chunks } = await stream(client, { tools: [weather] });
    expect(chunks.flatMap(({ choices }) => choices[0]?.delta.tool_calls ?? []).map(({ index, id }) => [index, id])).toEqual([[0, 'a'], [1, 'b']]);
    expect(chunks.at(-1)?.choices[0]?.finish_reason).toBe('tool_calls');
    const message = await client.chat.completions.stream(asked).finalMessage();
    expect(message.tool_calls?.map((made) => made.type === 'function' && made.function.arguments)).toEqual(['{"city":"Hamburg"}', '{"city":"Bremen"}']);
  });

  it('are run by the SDK’s own loop, to the end', async () => {
    llm.script({ kind: 'tools', calls: [call('a', 'Hamburg')] }, { kind: 'tools', calls: [call('b', 'Bremen')] }, { kind: 'answer', pieces: ['Rain in both.'] });
    const cities: string[] = [];
    const run = (input: string): string => {
      cities.push((JSON.parse(input) as { city: string }).city);
      return 'rain';
    };
    const runner = client.chat.completions.runTools({ model: 'ai-stack', messages: ask(question), tools: [{ type: 'function', function: { name: 'get_weather', description: 'The weather.', parameters, function: run } }], stream: true });
    expect(await runner.finalContent()).toBe('Rain in both.');
    expect(cities).toEqual(['Hamburg', 'Bremen']);
    expect(sent()?.messages.filter(({ role }) => role === 'tool')).toHaveLength(2);
  });

  it('are chosen as tool_choice says', async () => {
    await client.chat.completions.create({ ...asked, tool_choice: 'none' });
    expect(sent()?.tools?.some((tool) => tool.function.name === 'get_weather')).not.toBe(true);
    const step = { kind: 'tools' as const, calls: [call('a', 'Hamburg')] };
    llm.script(step, step);
    await client.chat.completions.create({ ...asked, tool_choice: 'required' });
    expect([sent()?.tool_choice, sent()?.tools?.length]).toEqual(['required', 1]);
    const named = { type: 'function' as const, function: { name: 'get_weather' } };
    await client.chat.completions.create({ ...asked, tool_choice: named });
    expect(sent()?.tool_choice).toEqual(named);
  });

  it('that nobody can use are refused, by name', async () => {
    const large = (name: string, size: number) => ({ type: 'function', function: { name, parameters: { x: 'y'.repeat(size) } } });
    const bad: [Json, string][] = [
      [{ tools: [{ type: 'function', function: { name: 'a b' } }] }, 'tools.0.function.name'],
      [{ tools: [weather, weather] }, 'tools'],
      [{ tools: [large('a', 60_000)] }, 'tools.0.function.parameters'],
      [{ tools: [large('a', 30_000), large('b', 30_000)] }, 'tools'],
      [{ response_format: { type: 'json_schema', json_schema: { name: 'x', schema: { x: 'y'.repeat(60_000) } } } }, 'response_format.json_schema'],
      [{ tools: [weather], tool_choice: { type: 'function', function: { name: 'other' } } }, 'tool_choice'],
      [{ tool_choice: 'required' }, 'tool_choice'],
      [{ model: 'engine:extractive', tools: [weather] }, 'tools'],
      [{ model: 'engine:extractive', response_format: { type: 'json_object' } }, 'response_format'],
    ];
    for (const [part, param] of bad) {
      for (const streamed of [false, true]) {
        const error = await failure(client.chat.completions.create({ model: 'ai-stack', messages: ask(question), ...part, stream: streamed }));
        expect(error, param).toBeInstanceOf(BadRequestError);
        expect(error.param).toBe(param);
      }
    }
    llm.script({ kind: 'failure', status: 400, message: 'scripted does not support tools' });
    expect(await failure(client.chat.completions.create(asked))).toMatchObject({ status: 400, code: 'engine.rejected' });
  });
});

describe('what the client wants of the model', () => {
  it('is passed on', async () => {
    const params = { temperature: 0.1, top_p: 0.5, presence_penalty: 0.2, frequency_penalty: -0.2, seed: 11, max_tokens: 50, stop: ['END'] };
    await client.chat.completions.create({ model: 'ai-stack', messages: ask(question), ...params });
    expect(sent()).toMatchObject({ ...params, model: 'scripted' });
  });

  it('may be JSON by a schema, which comes unchanged and without citations', async () => {
    const format = { type: 'json_schema' as const, json_schema: { name: 'lease', strict: true, schema: { type: 'object', properties: { pages: { type: 'array', items: { type: 'number' } } }, required: ['pages'], additionalProperties: false } } };
    llm.script({ kind: 'answer', pieces: ['{"pages":', '[7]}'] }, { kind: 'answer', pieces: ['{"pages":', '[7]}'] });
    const parsed = await client.chat.completions.parse({ model: 'ai-stack', messages: ask(question), response_format: format });
    expect(parsed.choices[0]?.message).toMatchObject({ content: '{"pages":[7]}', annotations: [] });
    expect(sent()?.response_format).toEqual(format);
    expect((await stream(client, { response_format: format })).text).toBe('{"pages":[7]}');
  });

  it('does not mean thoughts: they are told apart', async () => {
    llm.script({ kind: 'answer', reasoning: 'Where is it?', pieces: ['There.'] });
    const { chunks, text } = await stream(client);
    expect(chunks.map(({ choices }) => (choices[0]?.delta as Json).reasoning_content ?? '').join('')).toBe('Where is it?');
    expect(text).toBe('There.');
  });
});

describe('memories of whom the client serves', () => {
  const secretOf = (text: string) => ({ model: 'ai-stack', messages: ask(text) });
  const shown = () => JSON.stringify(sent()?.messages);
  const token = (sub: string) => new SignJWT({}).setProtectedHeader({ alg: 'HS256' }).setSubject(sub).setIssuer('open-webui').setExpirationTime('300s').sign(new TextEncoder().encode(secret));

  it('are those of the named user alone: by the field `user`, or as Open WebUI signed it; nobody’s without a name', async () => {
    const api = new Api(server.url, server.ownerKey);
    const learnt = (count: number) => eventually(async () => (await api.get('/v1/memories', { user_id: 'ann' })).body.total, (total) => total === count);
    await client.chat.completions.create({ ...secretOf('I am allergic to peanuts. When does the lease end?'), user: 'ann' });
    await learnt(1);
    const about = secretOf('Which foods am I allergic to?');
    /** Memories that were not found in 300 ms are gone without: then the question is asked again. */
    const untilShown = (asking: () => Promise<unknown>) => eventually(async () => (await asking(), shown()), (text) => text.includes('peanuts'));
    await untilShown(() => client.chat.completions.create({ ...about, user: 'ann' }));
    const signed = await token('ann');
    await untilShown(() => client.chat.completions.create({ ...about, user: 'bob' }, { headers: { 'X-OpenWebUI-User-Jwt': signed } }));
    for (const user of ['bob', undefined]) {
      await client.chat.completions.create({ ...about, user });
      expect(shown()).not.toContain('peanuts');
    }
    await client.chat.completions.create({ ...about, user: 'ann' }, { headers: { 'X-OpenWebUI-Task': 'title_generation' } });
    expect(sent()?.messages).toEqual(about.messages);
    expect(sent()?.tools).toBeUndefined();
  });
});

describe('an engine as a model', () => {
  it('answers, whatever the current one is', async () => {
    const before = llm.requests.length;
    const { choices, model } = await client.chat.completions.create({ model: 'engine:extractive', messages: ask(question) });
    expect([choices[0]?.message.content?.includes('31 March 2027'), model, llm.requests.length]).toEqual([true, 'engine:extractive', before]);
    await client.chat.completions.create({ model: 'engine:chat', messages: ask(question) });
    expect(llm.requests.length).toBe(before + 1);
    expect(await failure(client.chat.completions.create({ model: 'engine:steam', messages: ask(question) }))).toBeInstanceOf(NotFoundError);
  });
});
