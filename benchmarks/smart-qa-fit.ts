/**
 * Derives the constants of `libs/answering/model.ts` from the tuned halves of the question sets; prints them to be pasted there.
 * Run by hand: `node dist/benchmarks/smart-qa-fit.js`.
 *
 * Both models are the smallest that do the work: a conditional logit over the sentences of a question (which of them holds the gold
 * answer?) and a logistic regression over questions (is there an answer at all?), fitted by full-batch Adam with a small L2 penalty.
 */
import { gatherEvidence, readPassages } from '../libs/answering/extract-answer.js';
import { confidenceFeatures } from '../libs/answering/confidence.js';
import { sentenceFeatures } from '../libs/answering/sentence-ranking.js';
import { bm25, hipporagPassages, type Index, isDataThere, isTuned, plain, type Question, type QuestionSet, squad } from './smart-qa-data.js';

const TOP_K = 8;
/** Questions taken from each set, so that a large one does not drown the others. */
const SAMPLE = 600;

interface Group {
  features: number[][];
  /** Indexes of the sentences that hold the gold answer or a part of it. */
  right: number[];
}

/** Questions of one sort: they weigh together, however many they are. */
interface Cases {
  name: string;
  answerable: boolean;
  rows: number[][];
}

const sampled = (questions: Question[]): Question[] => {
  const tuned = questions.filter(isTuned);
  const step = Math.max(1, tuned.length / SAMPLE);
  return tuned.filter((_, at) => Math.floor(at / step) !== Math.floor((at - 1) / step));
};

function adam(size: number, gradient: (weights: number[], out: number[]) => number, steps: number, rate: number): number[] {
  const weights = new Array<number>(size).fill(0);
  const first = new Array<number>(size).fill(0);
  const second = new Array<number>(size).fill(0);
  for (let step = 1; step <= steps; step++) {
    const out = new Array<number>(size).fill(0);
    const loss = gradient(weights, out);
    for (let i = 0; i < size; i++) {
      const slope = out[i]! + 2e-4 * weights[i]!;
      first[i] = 0.9 * first[i]! + 0.1 * slope;
      second[i] = 0.999 * second[i]! + 0.001 * slope * slope;
      weights[i]! -= (rate * (first[i]! / (1 - 0.9 ** step))) / (Math.sqrt(second[i]! / (1 - 0.999 ** step)) + 1e-8);
    }
    if (step % 500 === 0) console.log(`  step ${step} loss ${loss.toFixed(4)}`);
  }
  return weights;
}

const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, value, at) => sum + value * b[at]!, 0);

function sentenceGroup(index: Index, question: Question): Group | undefined {
  const { passages, question: analyzed } = gatherEvidence(readPassages({ question: question.text, passages: index.search(question.text, TOP_K), idf: index.idf }));
  const best = Math.max(...passages.map(({ coverage }) => coverage));
  const group: Group = { features: [], right: [] };
  for (const evidence of passages) {
    const gold = evidence.passage.id === question.paragraph ? question.golds[0]! : undefined;
    const from = gold === undefined ? -1 : evidence.passage.text.indexOf(gold);
    evidence.sentences.forEach(({ start, end }, at) => {
      const text = plain(evidence.passage.text.slice(start, end));
      const holds = gold !== undefined && (text.includes(plain(gold)) || (from >= 0 && start < from + gold.length && end > from));
      if (holds) group.right.push(group.features.length);
      group.features.push(sentenceFeatures(evidence, at, analyzed, best));
    });
  }
  return group.right.length > 0 ? group : undefined;
}

/** How often the best 1, 2, 3 sentences hold the answer: with all features, then without each of them. */
function printRecall(groups: readonly Group[], weights: readonly number[]): void {
  for (const without of [undefined, ...weights.keys()]) {
    const used = weights.map((weight, place) => (place === without ? 0 : weight));
    const recall = [0, 0, 0];
    for (const { features, right } of groups) {
      const scores = features.map((row) => dot(row, used));
      const best = scores.reduce((max, score, at) => (right.includes(at) ? Math.max(max, score) : max), -Infinity);
      const before = scores.filter((score) => score > best).length;
      for (let place = before; place < recall.length; place++) recall[place]!++;
    }
    const shares = recall.map((count) => ((100 * count) / groups.length).toFixed(1)).join(' / ');
    console.log(`${without === undefined ? 'all features' : `without ${without}`}: answer in the best 1 / 2 / 3 sentences ${shares} %`);
  }
}

function fitSentences(sets: { set: QuestionSet; index: Index }[]): void {
  const groups = sets.flatMap(({ set, index }) => sampled(set.questions).flatMap((question) => sentenceGroup(index, question) ?? []));
  const size = groups[0]!.features[0]!.length;
  console.log(`sentences: ${groups.length} questions`);
  const weights = adam(size, (current, out) => {
    let loss = 0;
    for (const { features, right } of groups) {
      const scores = features.map((row) => dot(row, current));
      const highest = Math.max(...scores);
      const exps = scores.map((score) => Math.exp(score - highest));
      const total = exps.reduce((sum, value) => sum + value, 0);
      const mass = right.reduce((sum, at) => sum + exps[at]!, 0);
      loss -= Math.log(mass / total) / groups.length;
      features.forEach((row, at) => {
        const slope = (exps[at]! / total - (right.includes(at) ? exps[at]! / mass : 0)) / groups.length;
        row.forEach((value, i) => (out[i]! += slope * value));
      });
    }
    return loss;
  }, 600, 0.1);
  printRecall(groups, weights);
  console.log(`SENTENCE_WEIGHTS = [${weights.map((weight) => weight.toFixed(2)).join(', ')}]`);
}

function casesOf(name: string, answerable: boolean, asked: { index: Index; text: string; without?: number }[]): Cases {
  const rows = asked.flatMap(({ index, text, without }) => {
    const { passages, question, candidates } = gatherEvidence(readPassages({ question: text, passages: index.search(text, TOP_K, without), idf: index.idf }));
    return candidates[0] ? [[...confidenceFeatures(question, passages, candidates[0]), 1]] : [];
  });
  return { name, answerable, rows };
}

/** Collections of only `size` paragraphs, with that of the question or without: idf says less in small ones. */
function smallCollections(set: QuestionSet, size: number): Cases[] {
  const questions = sampled(set.questions);
  const own: { index: Index; text: string }[] = [];
  const other: { index: Index; text: string }[] = [];
  for (let from = 0; from + 2 * size <= set.paragraphs.length; from += 2 * size) {
    const index = bm25(set.paragraphs.slice(from, from + size));
    for (const { text, paragraph } of questions) {
      if (paragraph >= from && paragraph < from + size) own.push({ index, text });
      if (paragraph >= from + size && paragraph < from + 2 * size) other.push({ index, text });
    }
  }
  return [casesOf(`${set.name} on ${size} own`, true, own), casesOf(`${set.name} on ${size} others`, false, other)];
}

function allCases(sets: { set: QuestionSet; index: Index }[]): Cases[] {
  const hipporag = bm25(hipporagPassages());
  const cases = sets.flatMap(({ set, index }) => {
    const questions = sampled(set.questions);
    return [
      casesOf(`${set.name}`, true, questions.map(({ text }) => ({ index, text }))),
      casesOf(`${set.name} without the paragraph`, false, questions.map(({ text, paragraph }) => ({ index, text, without: paragraph }))),
      ...[3, 20].flatMap((size) => smallCollections(set, size)),
    ];
  });
  for (const [from, to] of [[0, 1], [1, 0]] as const) {
    const asked = sampled(sets[from]!.set.questions).map(({ text }) => ({ index: sets[to]!.index, text }));
    cases.push(casesOf(`${sets[from]!.set.name} on ${sets[to]!.set.name}`, false, asked));
  }
  cases.push(casesOf('xquad on hipporag', false, sampled(sets[2]!.set.questions).map(({ text }) => ({ index: hipporag, text }))));
  return cases;
}

function fitConfidence(sets: { set: QuestionSet; index: Index }[]): void {
  const cases = allCases(sets);
  const sums = [true, false].map((side) => cases.filter(({ answerable }) => answerable === side).length);
  const weights = adam(cases[0]!.rows[0]!.length, (current, out) => {
    let loss = 0;
    for (const { answerable, rows } of cases) {
      const share = 0.5 / (rows.length * sums[answerable ? 0 : 1]!);
      for (const row of rows) {
        const probability = 1 / (1 + Math.exp(-dot(row, current)));
        loss -= share * Math.log(answerable ? probability : 1 - probability);
        const slope = share * (probability - (answerable ? 1 : 0));
        row.forEach((value, i) => (out[i]! += slope * value));
      }
    }
    return loss;
  }, 1500, 0.05);
  const refusedShare = (rows: number[][], threshold: number): string => {
    const refused = rows.filter((row) => 1 / (1 + Math.exp(-dot(row, weights))) < threshold).length;
    return ((100 * refused) / rows.length).toFixed(1);
  };
  for (const { name, answerable, rows } of cases) {
    console.log(`${answerable ? '+' : '-'} ${name} (${rows.length}): refused % at 0.3/0.4/0.5/0.6: ${[0.3, 0.4, 0.5, 0.6].map((at) => refusedShare(rows, at)).join(' ')}`);
  }
  console.log(`CONFIDENCE_WEIGHTS = [${weights.slice(0, -1).map((weight) => weight.toFixed(2)).join(', ')}]; CONFIDENCE_BIAS = ${weights.at(-1)!.toFixed(2)}`);
}

function main(): void {
  const sets = [
    squad('cmrc2018', 'cmrc2018/cmrc2018_trial.json'),
    squad('drcd', 'drcd/DRCD_dev.json'),
    squad('xquad', 'xquad/xquad.en.json'),
  ].map((set) => ({ set, index: bm25(set.paragraphs) }));
  if (process.argv[2] !== 'confidence') fitSentences(sets);
  else fitConfidence(sets);
}

if (isDataThere()) main();
