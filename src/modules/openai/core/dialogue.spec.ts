import { describe, expect, it } from 'vitest';
import type { RequestMessage } from '../openai.types.js';
import { readDialogue } from './dialogue.js';

const turns = (count: number): RequestMessage[] => Array.from({ length: count }, (_, index) => ({ role: index % 2 === 0 ? 'user' : 'assistant', content: `turn ${index}` }));

describe(readDialogue.name, () => {
  it('asks the last user message; instructions come first, what tools said without being called is left out', () => {
    const messages: RequestMessage[] = [
      { role: 'user', content: 'First?' },
      { role: 'assistant', content: null },
      { role: 'tool', content: '42' },
      { role: 'developer', content: 'Be brief.' },
      { role: 'assistant', content: 'Forty-two.' },
      { role: 'user', content: [{ type: 'text', text: 'And' }, { type: 'text', text: 'then?' }] },
      { role: 'assistant', content: 'Well,' },
    ];
    expect(readDialogue(messages, false)).toEqual({
      question: 'And\nthen?',
      history: [{ role: 'system', content: 'Be brief.' }, { role: 'user', content: 'First?' }, { role: 'assistant', content: 'Forty-two.' }],
      followed: [],
    });
  });

  it('takes calls of tools with their results, before the question and after it; a call without a result is left out', () => {
    const call = (id: string) => ({ id, function: { name: 'clock', arguments: '{}' } });
    const { history, followed } = readDialogue(
      [
        { role: 'user', content: 'Time?' },
        { role: 'assistant', content: null, tool_calls: [call('a'), call('lost')] },
        { role: 'tool', content: 'noon', tool_call_id: 'a' },
        { role: 'assistant', content: 'Noon.' },
        { role: 'user', content: 'And now?' },
        { role: 'assistant', content: 'I look.', tool_calls: [call('b')] },
        { role: 'tool', content: 'one', tool_call_id: 'b' },
      ],
      false,
    );
    expect(history.map(({ role, toolCalls, toolCallId }) => [role, toolCalls?.map(({ id }) => id), toolCallId])).toEqual([['user', undefined, undefined], ['assistant', ['a'], undefined], ['tool', undefined, 'a'], ['assistant', undefined, undefined]]);
    expect(followed).toEqual([{ role: 'assistant', content: 'I look.', toolCalls: [{ id: 'b', name: 'clock', arguments: '{}' }] }, { role: 'tool', content: 'one', toolCallId: 'b' }]);
  });

  it('looks back forty turns or some more, beginning at the same one for a while', () => {
    const first = (count: number) => readDialogue([...turns(count), { role: 'user', content: 'So?' }], false).history[0]?.content;
    expect([40, 59, 60, 78, 80].map(first)).toEqual(['turn 0', 'turn 0', 'turn 20', 'turn 20', 'turn 40']);
  });

  it('refuses a question that is too long, unless it is the prompt of a job, and more text than fits a model', () => {
    const long: RequestMessage[] = [{ role: 'user', content: 'x'.repeat(9_000) }];
    expect(() => readDialogue(long, false)).toThrow('8000');
    expect(readDialogue(long, true).question).toHaveLength(9_000);
    expect(() => readDialogue([{ role: 'system', content: 'x'.repeat(130_000) }, { role: 'user', content: 'So?' }], false)).toThrow('120000');
  });
});
