import { describe, expect, it } from 'vitest';
import { assessQuality, checkCitations, type Passage } from './index.js';

const passages: Passage[] = [
  { id: 'a', text: '长江全长6300公里。它是亚洲最长的河流。长江发源于青藏高原。', score: 2, rank: 1 },
  { id: 'b', text: 'The bridge was opened in 1937. It carries six lanes of traffic. Joseph Strauss was the chief engineer.', score: 1, rank: 2 },
];

describe(checkCitations, () => {
  it('gives each marker the sentence that supports it, as an exact slice', async () => {
    const { text, citations, unsupported } = await checkCitations('长江发源于青藏高原[1]。The bridge opened in 1937 [2].', passages);
    expect(text).toBe('长江发源于青藏高原[1]。The bridge opened in 1937 [2].');
    expect(citations.map(({ index, passage, quote }) => [index, passage, quote])).toEqual([
      [1, 'a', '长江发源于青藏高原。'],
      [2, 'b', 'The bridge was opened in 1937.'],
    ]);
    for (const { passage, start, end, quote } of citations) expect(passages.find(({ id }) => id === passage)!.text.slice(start, end)).toBe(quote);
    expect(unsupported).toEqual([]);
  });

  it('removes markers that point nowhere and reads every common form', async () => {
    expect((await checkCitations('Six lanes [7]. Opened in 1937 [2, 9]. Strauss【2】led it. In [2019] a[0].', passages)).text).toBe(
      'Six lanes. Opened in 1937 [2]. Strauss[2]led it. In [2019] a.',
    );
    expect((await checkCitations('Six lanes of traffic [1-2].', passages)).text).toBe('Six lanes of traffic [1][2].');
  });

  it('counts a marker after the full stop to the sentence before it', async () => {
    const { citations } = await checkCitations('长江全长6300公里。[1]The chief engineer was Joseph Strauss. [2]', passages);
    expect(citations.map(({ quote }) => quote)).toEqual(['长江全长6300公里。', 'Joseph Strauss was the chief engineer.']);
  });

  it('reports what no passage supports, a wrong number, and a marker on the wrong passage', async () => {
    const invented = 'The tower was painted green by volunteers.';
    expect((await checkCitations(`Joseph Strauss was the chief engineer [2]. ${invented}`, passages)).unsupported).toEqual([invented]);
    expect((await checkCitations('长江全长9300公里[1]。', passages)).unsupported).toEqual(['长江全长9300公里。']);
    expect((await checkCitations('The bridge was opened in 1937 [1].', passages)).unsupported).toEqual(['The bridge was opened in 1937.']);
  });

  it('takes time in proportion to a long answer, and lets other work go on', async () => {
    const time = async (sentences: number) => {
      const begin = process.cpuUsage();
      let turns = 0;
      const other = setInterval(() => turns++, 1);
      const { citations } = await checkCitations('It carries six lanes of traffic. [2] '.repeat(sentences), passages);
      clearInterval(other);
      expect(citations).toHaveLength(1);
      const { user, system } = process.cpuUsage(begin);
      return { ms: (user + system) / 1_000, turns };
    };
    /** The best of some, in processor time: others use the machine too. */
    const best = async (sentences: number) => Math.min(...[await time(sentences), await time(sentences), await time(sentences)].map(({ ms }) => ms));
    await time(200);
    expect((await time(2_400)).turns).toBeGreaterThan(3);
    expect(await best(2_400)).toBeLessThan(16 * Math.max(await best(600), 5));
  });

  it('reads no further than 100,000 characters', async () => {
    const filling = 'It carries six lanes of traffic. '.repeat(3_100);
    const { text, citations } = await checkCitations(`${filling}It was opened in 1937 [2]. [9]`, passages);
    expect([citations, text.endsWith('[2]. [9]')]).toEqual([[], true]);
  });

  it('lets small talk and an empty answer pass', async () => {
    expect(await checkCitations('Sure! 好的。', passages)).toMatchObject({ citations: [], unsupported: [] });
    expect(await checkCitations('', [])).toEqual({ text: '', citations: [], unsupported: [] });
  });
});

describe(assessQuality, () => {
  const assess = (answer: string, cited: string[]) =>
    assessQuality({ question: 'When was the bridge opened?', answer, passages, citations: cited.map((passage) => ({ passage })), rarity: () => Promise.resolve(() => 1) });

  it('rates a supported answer over an invented one, and an answer without citations as groundless', async () => {
    const good = await assess('The bridge was opened in 1937 [2].', ['b']);
    const wrong = await assess('The bridge was opened in 1952 [2].', ['b']);
    const elsewhere = await assess('The bridge was opened in 1937 [1].', ['a']);
    expect(good).toMatchObject({ groundedness: 1, coverage: 1, relevance: 1 });
    expect(wrong.groundedness).toBeLessThan(0.5);
    expect(wrong.score).toBeLessThan(good.score);
    expect(elsewhere.coverage).toBe(0);
    expect(await assess('The bridge was opened in 1937.', [])).toMatchObject({ groundedness: 0, score: 0 });
  });

  it('rates an answer beside the question as less relevant', async () => {
    expect((await assess('It carries six lanes of traffic [2].', ['b'])).relevance).toBeLessThan(0.5);
  });
});
