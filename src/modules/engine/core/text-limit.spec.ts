import { describe, expect, it } from 'vitest';
import { TextLimit } from './text-limit.js';

function pass(pieces: string[], limits: { stop?: string[]; maxTokens?: number }) {
  const limit = new TextLimit({ stop: [], ...limits });
  const said = pieces.map((piece) => limit.take(piece));
  return { text: said.join('') + limit.end(), said, reached: limit.reached };
}

describe(TextLimit.name, () => {
  it('lets a text without limits through piece by piece', () => {
    expect(pass(['One ', 'two.'], {})).toEqual({ text: 'One two.', said: ['One ', 'two.'], reached: undefined });
  });

  it('ends before a stop string, also one that comes in two pieces', () => {
    expect(pass(['Yes. EN', 'D and more', ' still'], { stop: ['END'] })).toMatchObject({ text: 'Yes. ', reached: 'stop' });
    expect(pass(['a\n\nb'], { stop: ['###', '\n\n'] })).toMatchObject({ text: 'a', reached: 'stop' });
  });

  it('gives back what only looked like a stop string', () => {
    expect(pass(['Yes. EN', 'JOY it'], { stop: ['END'] })).toMatchObject({ text: 'Yes. ENJOY it', reached: undefined });
    expect(pass(['The EN'], { stop: ['END'] })).toMatchObject({ text: 'The EN', reached: undefined });
  });

  it('ends after the tokens', () => {
    expect(pass(['one two ', 'three four'], { maxTokens: 3 })).toMatchObject({ text: 'one two three ', reached: 'length' });
    expect(pass(['one two'], { maxTokens: 2 })).toMatchObject({ text: 'one two', reached: undefined });
  });
});
