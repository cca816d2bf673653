import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LanguageModel } from '../../src/platform/language-model/language-model.js';
import type { ModelRequest } from '../../src/platform/language-model/language-model.types.js';
import { startLlmServer, type LlmServer, type LlmStep } from '../support/llm-server.js';

let llm: LlmServer;
beforeAll(async () => {
  llm = await startLlmServer();
});
afterAll(() => llm.stop());

const open = () => new LanguageModel({ baseUrl: llm.url, apiKey: undefined, model: 'scripted', timeoutSeconds: 60 });
const tools = [{ name: 'add', description: 'Adds.', parameters: { type: 'object', properties: {} } }];
const yes: LlmStep = { kind: 'answer', pieces: ['Yes.'] };
const refusal = (message: string): LlmStep => ({ kind: 'failure', status: 400, message });

async function write(model: LanguageModel, request: Partial<ModelRequest> = {}): Promise<string> {
  let text = '';
  for await (const event of model.write({ messages: [{ role: 'user', content: 'Is it so?' }], ...request })) if (event.type === 'delta') text += event.text;
  return text;
}

/** The requests that `work` makes. */
async function sentBy(work: () => Promise<unknown>) {
  const before = llm.requests.length;
  await work();
  return llm.requests.slice(before);
}

describe('what a refusal teaches', () => {
  it('is believed when the request is taken without it: tools are left out for a while', async () => {
    const model = open();
    llm.script(refusal('scripted does not support tools'), yes);
    expect((await sentBy(() => write(model, { tools }))).map((request) => request.tools?.length)).toEqual([1, undefined]);
    expect((await sentBy(() => write(model, { tools }))).map((request) => request.tools?.length)).toEqual([undefined]);
  });

  it('is written otherwise for newer models', async () => {
    const model = open();
    llm.script(refusal("Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead."), yes);
    await write(model, { sampling: { maxTokens: 9 } });
    const [next] = await sentBy(() => write(model, { sampling: { maxTokens: 9 } }));
    expect([next?.max_tokens, next?.max_completion_tokens]).toEqual([undefined, 9]);
  });

  it.each([
    ['its length', "This model's maximum context length is 8192 tokens. However, your messages resulted in 9000 tokens (8500 in the messages, 500 in the functions).", 1],
    ['its messages', "messages with role 'tool' must be a response to a preceding message with 'tool_calls'", 2],
  ])('is nothing when the request was refused for %s, whatever is said of tools: the next one has them again', async (_name, message, calls) => {
    const model = open();
    llm.script(refusal(message), refusal(message));
    expect(await sentBy(() => expect(write(model, { tools })).rejects.toMatchObject({ code: 'engine.rejected' }))).toHaveLength(calls);
    llm.script();
    expect((await sentBy(() => write(model, { tools }))).map((request) => request.tools?.length)).toEqual([1]);
  });
});

describe('a server that asks to wait', () => {
  it('is waited for within the time-out, and not longer', async () => {
    llm.script({ kind: 'failure', status: 429, headers: { 'retry-after': '1' } }, yes);
    expect(await write(open())).toBe('Yes.');
    const startedAt = performance.now();
    llm.script({ kind: 'failure', status: 429, headers: { 'retry-after': '3600' } });
    await expect(write(open())).rejects.toMatchObject({ code: 'engine.unavailable' });
    expect(performance.now() - startedAt).toBeLessThan(30_000);
  });
});
