import { describe, expect, it } from 'vitest';
import type { RequestMessage } from '../openai.types.js';
import { readDialogue } from './dialogue.js';

const turns = (count: number): RequestMessage[] => Array.from({ length: count }, (_, index) => ({ role: index % 2 === 0 ? 'user' : 'assistant', content: `turn ${index}` }));

describe(readDialogue.name, () => {
  it('asks the last user message; instructions come first, what tools said is left out', () => {
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
    });
  });

  it('looks back twenty turns', () => {
    const { history } = readDialogue([...turns(50), { role: 'user', content: 'So?' }], false);
    expect(history).toHaveLength(20);
    expect(history[0]?.content).toBe('turn 30');
  });

  it('refuses a question that is too long, unless it is the prompt of a job, and more text than fits a model', () => {
    const long: RequestMessage[] = [{ role: 'user', content: 'x'.repeat(9_000) }];
    expect(() => readDialogue(long, false)).toThrow('8000');
    expect(readDialogue(long, true).question).toHaveLength(9_000);
    expect(() => readDialogue([{ role: 'system', content: 'x'.repeat(130_000) }, { role: 'user', content: 'So?' }], false)).toThrow('120000');
  });
});
