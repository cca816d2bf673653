import { SignJWT } from 'jose';
import { APIError, AuthenticationError, type OpenAI } from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Api, eventually, type Json } from '../support/api.js';
import { startLlmServer, type LlmServer } from '../support/llm-server.js';
import { addDocuments, ask, clientOf, failure, lease, question, source, stream } from '../support/openai-client.js';
import { startServer, type TestServer } from '../support/server.js';

const secret = 'shared-with-open-webui';

/** One server extracts its answers, one has a language model whose answers the tests write. */
let extracting: TestServer;
let writing: TestServer;
let llm: LlmServer;
let api: Api;
let client: OpenAI;
let writer: OpenAI;
let leaseDocument: string;
beforeAll(async () => {
  llm = await startLlmServer();
  const env = { OPEN_WEBUI_JWT_SECRET: secret };
  [extracting, writing] = await Promise.all([startServer({ env }), startServer({ env: { ...env, LLM_BASE_URL: llm.url, LLM_MODEL: 'scripted', LLM_TIMEOUT_SECONDS: '5', STREAM_RESUME_SECONDS: '0' } })]);
  [leaseDocument] = await Promise.all([addDocuments(extracting), addDocuments(writing)]);
  api = new Api(extracting.url, extracting.ownerKey);
  [client, writer] = [clientOf(extracting), clientOf(writing)];
});
afterAll(async () => {
  await Promise.all([extracting.stop(), writing.stop()]);
  await llm.stop();
});

describe('a streamed chat completion', () => {
  it('begins with the role, ends with the reason, and carries annotations and the usage', async () => {
    const { chunks, text } = await stream(client, { stream_options: { include_usage: true } });
    expect(text).toContain('31 March 2027');
    expect(chunks[0]?.choices[0]).toEqual({ index: 0, delta: { role: 'assistant', content: '' }, logprobs: null, finish_reason: null });
    const [annotated, last, usage] = chunks.slice(-3);
    const annotations = (annotated?.choices[0]?.delta as Json).annotations;
    expect(annotations.map(({ url_citation }: Json) => text.slice(url_citation.start_index, url_citation.end_index))).toEqual(text.match(/\[\d+\]/g));
    expect(last?.choices[0]).toMatchObject({ delta: {}, finish_reason: 'stop' });
    expect(usage).toMatchObject({ choices: [], usage: { total_tokens: expect.any(Number) } });
    expect(chunks.slice(0, -1).every((chunk) => chunk.usage === null && chunk.choices.length === 1)).toBe(true);
    expect(new Set(chunks.map(({ id, object, created, model }) => `${id} ${object} ${created} ${model}`)).size).toBe(1);
  });

  it('is data frames with ids and nothing else, [DONE] last, unbuffered; without usage unless asked for', async () => {
    const response = await api.open('POST', '/v1/chat/completions', { body: { model: 'ai-stack', messages: ask(question), stream: true } });
    expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
    expect(response.headers.get('x-accel-buffering')).toBe('no');
    const frames = (await response.text()).split('\n\n');
    expect(frames.pop()).toBe('');
    expect(frames.pop()).toMatch(/^id: [\w-]+\.\d+\ndata: \[DONE\]$/);
    for (const frame of frames) {
      const chunk = JSON.parse(/^id: [\w-]+\.\d+\ndata: (\{.*\})$/.exec(frame)?.[1] ?? '');
      expect(chunk.choices[0].delta).toBeTypeOf('object');
      expect('usage' in chunk || 'event' in chunk).toBe(false);
    }
  });

  it('says the same as the whole one, also when it is ended early', async () => {
    for (const more of [{}, { stop: ['March'] }, { max_completion_tokens: 6 }]) {
      const { chunks, text } = await stream(client, more);
      const whole = await client.chat.completions.create({ model: 'ai-stack', messages: ask(question), ...more });
      expect([text, chunks.at(-1)?.choices[0]?.finish_reason]).toEqual([whole.choices[0]?.message.content, whole.choices[0]?.finish_reason]);
    }
  });

  it('comes piece by piece from a language model, with its own count of tokens', async () => {
    const pieces = ['It ends ', 'on 31 March ', '2027 ', '[1].'];
    const arrived: string[] = [];
    // The model goes on only when the piece before has come through.
    llm.script({ kind: 'answer', pieces, before: (piece) => eventually(() => Promise.resolve(arrived.length), (count) => count === piece) });
    let usage;
    for await (const chunk of await writer.chat.completions.create({ model: 'ai-stack', messages: ask(question), stream: true, stream_options: { include_usage: true } })) {
      if (chunk.choices[0]?.delta.content) arrived.push(chunk.choices[0].delta.content);
      usage = chunk.usage ?? usage;
    }
    expect(arrived).toEqual(pieces);
    expect(usage).toEqual({ prompt_tokens: 100, completion_tokens: 4, total_tokens: 104 });
    expect(llm.requests.at(-1)?.messages.at(-1)?.content).toContain(lease.slice(0, 40));
  });

  it('places its annotations in the words that were told, however the model writes its markers', async () => {
    llm.script({ kind: 'answer', pieces: ['The rent is 4,200 euros [7]. ', 'The lease ends on 31 March 2027 【', '1】. ', 'Both stand there [1, 2].'] });
    const { chunks, text } = await stream(writer);
    const annotations: Json[] = chunks.flatMap(({ choices }) => (choices[0]?.delta as Json | undefined)?.annotations ?? []);
    const marked = annotations.map(({ url_citation: { title, start_index, end_index } }) => [title, text.slice(start_index, end_index)]);
    expect(text).toContain('[7]');
    expect(marked).toEqual(expect.arrayContaining([['Lease', '【1】'], ['Lease', '[1, 2]']]));
    expect(marked.filter(([, marker]) => !['【1】', '[1, 2]'].includes(String(marker)))).toEqual([]);
  });

  it('stops the model when the client goes away, or when a stop string came', async () => {
    const endless = { kind: 'answer' as const, pieces: Array.from({ length: 1_000 }, () => 'on and on '), pauseMs: 50 };
    const before = llm.abandoned.count;
    llm.script(endless, endless);
    const running = await writer.chat.completions.create({ model: 'ai-stack', messages: ask(question), stream: true });
    let seen = 0;
    for await (const _chunk of running) if (++seen === 4) running.controller.abort();
    await eventually(() => Promise.resolve(llm.abandoned.count), (count) => count === before + 1);
    const { text, chunks } = await stream(writer, { stop: 'and on on' });
    expect([text, chunks.at(-1)?.choices[0]?.finish_reason]).toEqual(['on ', 'stop']);
    await eventually(() => Promise.resolve(llm.abandoned.count), (count) => count === before + 2);
  });

  it('that breaks off ends with an error, never as if it were whole', async () => {
    llm.script({ kind: 'cut', pieces: ['The lease ', 'ends on '] });
    const texts: string[] = [];
    const error = await failure(
      (async () => {
        for await (const chunk of await writer.chat.completions.create({ model: 'ai-stack', messages: ask(question), stream: true })) texts.push(chunk.choices[0]?.delta.content ?? '');
      })(),
    );
    expect(texts.join('')).toBe('The lease ends on ');
    expect(error).toBeInstanceOf(APIError);
    expect([error.code, error.type]).toEqual(['engine.interrupted', 'server_error']);
  });
});

describe('Open WebUI', () => {
  const titlePrompt = `### Task:\nName the chat.\n### Output:\nJSON: { "title": "…" }\n### Chat History:\n<chat_history>\nUSER: ${question}\nASSISTANT: In 2027.\n</chat_history>`;
  const token = (claims: object = {}, key = secret, lifetime = '300s') =>
    new SignJWT({ email: 'a@example.com', name: 'A', role: 'user', ...claims }).setProtectedHeader({ alg: 'HS256' }).setSubject('user-1').setIssuer('open-webui').setIssuedAt().setExpirationTime(lifetime).sign(new TextEncoder().encode(key));

  it('has its own jobs done by the model without documents, or by rules without a model', async () => {
    llm.script({ kind: 'answer', pieces: ['{"title": "Lease"}'] }, { kind: 'answer', pieces: ['{"tags": []}'] });
    const titled = await writer.chat.completions.create({ model: 'ai-stack', messages: ask(titlePrompt) });
    expect(titled.choices[0]?.message.content).toBe('{"title": "Lease"}');
    expect(llm.requests.at(-1)?.messages).toEqual([{ role: 'user', content: titlePrompt }]);
    await writer.chat.completions.create({ model: 'ai-stack', messages: ask(question) }, { headers: { 'X-OpenWebUI-Task': 'tags_generation' } });
    expect(llm.requests.at(-1)?.messages).toEqual([{ role: 'user', content: question }]);

    const byRule = await stream(client, { messages: ask(titlePrompt) });
    expect(JSON.parse(byRule.text)).toEqual({ title: question });
    const tags = await client.chat.completions.create({ model: 'ai-stack', messages: ask(question) }, { headers: { 'X-OpenWebUI-Task': 'tags_generation' } });
    expect(tags.choices[0]?.message.content).toBe('{"tags":[]}');
    expect((await api.get('/conversations')).body.total).toBe(0);
  });

  it('is known by its signature alone, and then gets its frames', async () => {
    const signed = await stream(client, {}, { 'X-OpenWebUI-User-Jwt': await token() });
    const events: Json[] = signed.chunks.flatMap((chunk) => ('event' in chunk ? [{ choices: chunk.choices, ...(chunk.event as Json) }] : []));
    expect(events.map(({ type, choices }) => [type, choices])).toEqual([['source', []], ['status', []]]);
    expect(events[0].data).toMatchObject({ source: { id: leaseDocument, name: 'Lease', url: source }, document: [expect.stringContaining('31 March 2027')], metadata: [{ name: 'Lease', page: null }], distances: [expect.any(Number)] });
    expect(events[1].data.done).toBe(true);
    const forged = await stream(client, {}, { 'X-OpenWebUI-User-Id': 'user-1', 'X-OpenWebUI-User-Role': 'admin', 'User-Agent': 'Open WebUI' });
    expect(forged.chunks.some((chunk) => 'event' in chunk)).toBe(false);
  });

  it('with a token that is expired, of another issuer or signed by somebody else is refused', async () => {
    const unsigned = `${btoa('{"alg":"none"}')}.${btoa(JSON.stringify({ sub: 'user-1', iss: 'open-webui', exp: 4_000_000_000 }))}.`.replaceAll('=', '');
    for (const bad of [await token({}, 'another-secret-of-16'), await token({}, secret, '-60s'), await new SignJWT({}).setProtectedHeader({ alg: 'HS256' }).setSubject('u').setIssuer('somebody').setExpirationTime('300s').sign(new TextEncoder().encode(secret)), unsigned, 'nonsense']) {
      const error = await failure(client.chat.completions.create({ model: 'ai-stack', messages: ask(question) }, { headers: { 'X-OpenWebUI-User-Jwt': bad } }));
      expect(error).toBeInstanceOf(AuthenticationError);
      expect(error.code).toBe('openai.invalid_user_token');
    }
  });
});
