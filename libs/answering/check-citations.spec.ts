import { describe, expect, it } from 'vitest';
import { assessQuality, checkCitations, type Passage } from './index.js';

const passages: Passage[] = [
  { id: 'a', text: '长江全长6300公里。它是亚洲最长的河流。长江发源于青藏高原。', score: 2, rank: 1 },
  { id: 'b', text: 'The bridge was opened in 1937. It carries six lanes of traffic. Joseph Strauss was the chief engineer.', score: 1, rank: 2 },
];

describe(checkCitations, () => {
  it('gives each marker the sentence that supports it, as an exact slice', () => {
    const { text, citations, unsupported } = checkCitations('长江发源于青藏高原[1]。The bridge opened in 1937 [2].', passages);
    expect(text).toBe('长江发源于青藏高原[1]。The bridge opened in 1937 [2].');
    expect(citations.map(({ index, passage, quote }) => [index, passage, quote])).toEqual([
      [1, 'a', '长江发源于青藏高原。'],
      [2, 'b', 'The bridge was opened in 1937.'],
    ]);
    for (const { passage, start, end, quote } of citations) expect(passages.find(({ id }) => id === passage)!.text.slice(start, end)).toBe(quote);
    expect(unsupported).toEqual([]);
  });

  it('removes markers that point nowhere and reads every common form', () => {
    expect(checkCitations('Six lanes [7]. Opened in 1937 [2, 9]. Strauss【2】led it. In [2019] a[0].', passages).text).toBe(
      'Six lanes. Opened in 1937 [2]. Strauss[2]led it. In [2019] a.',
    );
    expect(checkCitations('Six lanes of traffic [1-2].', passages).text).toBe('Six lanes of traffic [1][2].');
  });

  it('counts a marker after the full stop to the sentence before it', () => {
    const { citations } = checkCitations('长江全长6300公里。[1]The chief engineer was Joseph Strauss. [2]', passages);
    expect(citations.map(({ quote }) => quote)).toEqual(['长江全长6300公里。', 'Joseph Strauss was the chief engineer.']);
  });

  it('reports what no passage supports, a wrong number, and a marker on the wrong passage', () => {
    const invented = 'The tower was painted green by volunteers.';
    expect(checkCitations(`Joseph Strauss was the chief engineer [2]. ${invented}`, passages).unsupported).toEqual([invented]);
    expect(checkCitations('长江全长9300公里[1]。', passages).unsupported).toEqual(['长江全长9300公里。']);
    expect(checkCitations('The bridge was opened in 1937 [1].', passages).unsupported).toEqual(['The bridge was opened in 1937.']);
  });

  it('lets small talk and an empty answer pass', () => {
    expect(checkCitations('Sure! 好的。', passages)).toMatchObject({ citations: [], unsupported: [] });
    expect(checkCitations('', [])).toEqual({ text: '', citations: [], unsupported: [] });
  });
});

describe(assessQuality, () => {
  const assess = (answer: string, cited: string[]) =>
    assessQuality({ question: 'When was the bridge opened?', answer, passages, citations: cited.map((passage) => ({ passage })), idf: () => 1 });

  it('rates a supported answer over an invented one, and an answer without citations as groundless', () => {
    const good = assess('The bridge was opened in 1937 [2].', ['b']);
    const wrong = assess('The bridge was opened in 1952 [2].', ['b']);
    const elsewhere = assess('The bridge was opened in 1937 [1].', ['a']);
    expect(good).toMatchObject({ groundedness: 1, coverage: 1, relevance: 1 });
    expect(wrong.groundedness).toBeLessThan(0.5);
    expect(wrong.score).toBeLessThan(good.score);
    expect(elsewhere.coverage).toBe(0);
    expect(assess('The bridge was opened in 1937.', [])).toMatchObject({ groundedness: 0, score: 0 });
  });

  it('rates an answer beside the question as less relevant', () => {
    expect(assess('It carries six lanes of traffic [2].', ['b']).relevance).toBeLessThan(0.5);
  });
});
