import { describe, expect, it } from 'vitest';
import { ModelStream, type ModelPiece } from './model-stream.js';

const frame = (chunk: object): string => `data: ${JSON.stringify(chunk)}\n\n`;
const delta = (part: object, finish: string | null = null): string => frame({ choices: [{ index: 0, delta: part, finish_reason: finish }] });
const call = (part: object): string => delta({ tool_calls: [part] });

/** @param size bytes of a packet; all in one when absent */
function read(text: string, size = Infinity): { stream: ModelStream; pieces: ModelPiece[] } {
  const stream = new ModelStream();
  const bytes = Buffer.from(text);
  const pieces: ModelPiece[] = [];
  for (let at = 0; at < bytes.length; at += size) pieces.push(...stream.feed(bytes.subarray(at, at + size)));
  return { stream, pieces };
}

describe(ModelStream.name, () => {
  const whole = `: keep-alive\n\n${delta({ role: 'assistant', content: '' })}${delta({ content: '缓存 ' })}${delta({ content: '命中率 😀' })}data:\n\n${delta({}, 'stop')}${frame({ choices: [], usage: { prompt_tokens: 5, completion_tokens: 2 } })}data: [DONE]\n\n`;

  it('tells all tokens of a packet as one piece', () => {
    const { stream, pieces } = read(whole);
    expect(pieces).toEqual([{ type: 'delta', text: '缓存 命中率 😀' }]);
    expect(stream).toMatchObject({ ended: true, begun: true, written: { finish: 'stop', usage: { promptTokens: 5, completionTokens: 2 } } });
  });

  it.each([1, 7, 64])('reads the same from packets of %i bytes', (size) => {
    const { stream, pieces } = read(whole, size);
    expect(pieces.map(({ text }) => text).join('')).toBe('缓存 命中率 😀');
    expect(stream.written.finish).toBe('stop');
  });

  it('tells thoughts before the answer that follows them, by either name', () => {
    expect(read(delta({ reasoning_content: 'Hm' }) + delta({ reasoning: 'm.' }) + delta({ content: 'Yes.' })).pieces).toEqual([{ type: 'reasoning', text: 'Hmm.' }, { type: 'delta', text: 'Yes.' }]);
  });

  it('puts calls of tools together by their index, also when a server repeats the name or has no index', () => {
    const interleaved = call({ index: 0, id: 'a', function: { name: 'add', arguments: '{"a"' } }) + call({ index: 1, id: 'b', function: { name: 'sub', arguments: '' } }) + call({ index: 0, function: { name: 'add', arguments: ':1}' } }) + call({ index: 1, function: { arguments: '{}' } });
    expect(read(interleaved).stream.written.toolCalls).toEqual([{ id: 'a', name: 'add', arguments: '{"a":1}' }, { id: 'b', name: 'sub', arguments: '{}' }]);
    const without = call({ id: 'a', function: { name: 'add', arguments: '{}' } }) + call({ id: 'b', function: { name: 'add', arguments: '{}' } });
    expect(read(without).stream.written.toolCalls.map(({ id }) => id)).toEqual(['a', 'b']);
  });

  it('fails on an error in the stream, on what is no JSON, and on what never ends', () => {
    expect(() => read(frame({ error: { message: 'overloaded' } }))).toThrow('overloaded');
    expect(() => read('data: <html>\n\n')).toThrow(SyntaxError);
    expect(() => read(`data: ${'x'.repeat(1_100_000)}`, 65_536)).toThrow('1000000');
    expect(() => read(delta({ content: 'x'.repeat(900_000) }).repeat(5))).toThrow('longer');
    expect(() => read(Array.from({ length: 129 }, (_, index) => call({ index, function: { name: 'f' } })).join(''))).toThrow('128');
  });

  it('hears nothing after the end', () => {
    expect(read(`data: [DONE]\n\n${delta({ content: 'more' })}`).pieces).toEqual([]);
  });

  it('takes the whole answer of a server that does not stream', () => {
    const stream = new ModelStream();
    const message = { role: 'assistant', content: 'Yes.', tool_calls: [{ id: 'a', type: 'function', function: { name: 'add', arguments: '{}' } }] };
    expect(stream.feedWhole(JSON.stringify({ choices: [{ index: 0, message, finish_reason: 'tool_calls' }], usage: { prompt_tokens: 5, completion_tokens: 2 } }))).toEqual([{ type: 'delta', text: 'Yes.' }]);
    expect(stream.written).toEqual({ finish: 'tool_calls', toolCalls: [{ id: 'a', name: 'add', arguments: '{}' }], usage: { promptTokens: 5, completionTokens: 2 } });
    expect(() => new ModelStream().feedWhole('{"error":{"message":"no such model"}}')).toThrow('no such model');
  });

  it('makes progress by what the model says, not by what keeps the connection alive', () => {
    const stream = new ModelStream();
    const grows = (text: string) => {
      const before = stream.progress;
      stream.feed(Buffer.from(text));
      return stream.progress > before;
    };
    const usage = (prompt_tokens: unknown) => frame({ choices: [], usage: { prompt_tokens, completion_tokens: 0 } });
    expect([': ping\n\n', delta({}), delta({ content: '' }), usage(12.5), usage(-1), usage(2 ** 40), usage(null)].map(grows)).toEqual(Array(7).fill(false));
    expect([delta({ content: 'a' }), delta({ reasoning: 'b' }), call({ index: 0, id: 'x', function: { name: 'f' } }), usage(7), delta({}, 'stop'), 'data: [DONE]\n\n'].map(grows)).toEqual(Array(6).fill(true));
    expect(stream.written).toMatchObject({ finish: 'stop', usage: { promptTokens: 7, completionTokens: 0 } });
  });
});
