import { describe, expect, it } from 'vitest';
import { decide, hashOf, termsOf } from './index.js';

const known = (id: string, text: string, attribute: string | null = null) => ({ id, text, hash: hashOf(text), terms: termsOf(text), attribute });
const fact = (text: string, attribute?: string) => ({ hash: hashOf(text), terms: termsOf(text), attribute });

describe('decide', () => {
  const memories = [known('name', '我叫张三', 'name'), known('tea', 'I like green tea', 'like:green tea'), known('trip', 'The team flies to Lisbon on 4 May at nine')];

  it('knows the same text, whatever its case, width and punctuation', () => {
    expect(decide(fact('i like GREEN tea!'), memories)).toEqual({ event: 'NONE', id: 'tea' });
    expect(decide(fact('我叫张三。'), memories)).toEqual({ event: 'NONE', id: 'name' });
  });
  it('lets another value of the same attribute take the place of the old one', () => {
    expect(decide(fact('我叫李四', 'name'), memories)).toEqual({ event: 'UPDATE', id: 'name' });
    expect(decide(fact("I don't like green tea", 'like:green tea'), memories)).toEqual({ event: 'UPDATE', id: 'tea' });
  });
  it('updates on a near-duplicate, adds what is new, and leaves less than what is known', () => {
    expect(decide(fact('The team flies to Lisbon on 4 May at ten'), memories)).toEqual({ event: 'UPDATE', id: 'trip' });
    expect(decide(fact('The team meets in Lisbon every spring'), memories)).toEqual({ event: 'ADD' });
    expect(decide(fact('The team flies to Lisbon on 4 May'), memories)).toEqual({ event: 'NONE', id: 'trip' });
  });
});
