/**
 * Smart QA without a language model: do the quotes hold the gold answer, is what the documents do not answer refused, what does it cost?
 * Constants were fitted on the tuned halves only. Run by hand or by `npm run bench`: `node dist/benchmarks/smart-qa.js`.
 */
import { extractAnswer, resolveFollowUp } from '#libs/answering';
import { bm25, cacmTopics, dataFolder, hipporagPassages, type Index, isDataThere, isTuned, plain, type Question, squad } from './smart-qa-data.js';

/** Passages retrieved for each question. */
const TOP_K = 8;

interface Tally {
  asked: number;
  retrieved: number;
  held: number;
  refused: number;
  sentences: number;
  characters: number;
  /** Milliseconds of CPU of each answer. */
  times: number[];
  /** Quality score of each answer given, and whether its quotes hold the gold answer. */
  scores: { score: number; right: boolean }[];
}

const cpuMilliseconds = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

function ask(index: Index, questions: readonly Question[], isOwn: boolean, withoutParagraph = false): Tally {
  const tally: Tally = { asked: questions.length, retrieved: 0, held: 0, refused: 0, sentences: 0, characters: 0, times: [], scores: [] };
  for (const { text, golds, paragraph } of questions) {
    const passages = index.search(text, TOP_K, withoutParagraph ? paragraph : undefined);
    const started = cpuMilliseconds();
    const { refused, citations, quality } = extractAnswer({ question: text, passages, idf: index.idf });
    tally.times.push(cpuMilliseconds() - started);
    if (refused) tally.refused++;
    if (isOwn && passages.some(({ id }) => id === paragraph)) tally.retrieved++;
    const quotes = citations.map(({ quote }) => plain(quote));
    const right = isOwn && golds.some((gold) => quotes.some((quote) => quote.includes(plain(gold))));
    if (right) tally.held++;
    if (!refused) tally.scores.push({ score: quality.score, right });
    for (const { sentences, quote } of citations) {
      tally.sentences += sentences;
      tally.characters += quote.length;
    }
  }
  return tally;
}

const percent = (part: number, whole: number): string => ((100 * part) / Math.max(1, whole)).toFixed(1);

/** Probability that a right answer scores above a wrong one. */
function separation(scores: Tally['scores']): string {
  const right = scores.filter((one) => one.right);
  const wrong = scores.filter((one) => !one.right);
  let above = 0;
  for (const { score } of right) for (const other of wrong) above += score > other.score ? 1 : score === other.score ? 0.5 : 0;
  return (above / (right.length * wrong.length)).toFixed(2);
}

function printRow(questions: string, documents: string, half: string, tally: Tally, isOwn: boolean): void {
  const times = [...tally.times].sort((a, b) => a - b);
  const answered = tally.asked - tally.refused;
  const cells = [
    questions, documents, half, tally.asked,
    isOwn ? percent(tally.retrieved, tally.asked) : '–',
    isOwn ? percent(tally.held, tally.asked) : '–',
    percent(tally.refused, tally.asked),
    answered > 0 ? (tally.sentences / answered).toFixed(2) : '–',
    answered > 0 ? (tally.characters / answered).toFixed(0) : '–',
    isOwn ? separation(tally.scores) : '–',
    times[Math.floor(times.length / 2)]!.toFixed(2),
    times[Math.floor(times.length * 0.95)]!.toFixed(2),
  ];
  console.log(`| ${cells.join(' | ')} |`);
}

function halves(questions: readonly Question[], name: string, documents: string, index: Index, withoutParagraph = false): void {
  for (const tuned of [true, false]) {
    const isOwn = name === documents && !withoutParagraph;
    const tally = ask(index, questions.filter((question) => isTuned(question) === tuned), isOwn, withoutParagraph);
    printRow(name, withoutParagraph ? `${documents} − its paragraph` : documents, tuned ? 'tuned' : 'held out', tally, isOwn);
  }
}

/** Share of the questions that stay unchanged after an unrelated turn; some of them do lean on their paragraph ("When was he elected?"). */
function unchanged(questions: readonly Question[]): string {
  const kept = questions.filter(({ text }, at) => {
    const before = questions[(at + (questions.length >> 1)) % questions.length]!;
    return !resolveFollowUp(text, [{ role: 'user', content: before.text }, { role: 'assistant', content: before.golds[0]! }]).usedContext;
  });
  return percent(kept.length, questions.length);
}

function main(): void {
  const sets = [
    squad('cmrc2018', 'cmrc2018/cmrc2018_trial.json'),
    squad('drcd', 'drcd/DRCD_dev.json'),
    squad('xquad', 'xquad/xquad.en.json'),
  ];
  const indexes = new Map(sets.map((set) => [set.name, bm25(set.paragraphs)]));
  indexes.set('hipporag', bm25(hipporagPassages()));
  const [cmrc, drcd, xquad] = sets.map(({ name, questions }) => ({ name, questions }));

  console.log('| questions | documents loaded | half | n | gold retrieved % | gold in quotes % | refused % | sentences | characters | quality AUC | CPU p50 ms | p95 ms |');
  console.log('|---|---|---|---|---|---|---|---|---|---|---|---|');
  for (const { name, questions } of sets) halves(questions, name, name, indexes.get(name)!);
  for (const [asked, documents] of [[cmrc, 'drcd'], [drcd, 'cmrc2018'], [xquad, 'hipporag'], [cmrc, 'xquad'], [xquad, 'cmrc2018']] as const) {
    halves(asked!.questions, asked!.name, documents, indexes.get(documents)!);
  }
  const topics = cacmTopics().map((text) => ({ text, golds: [], paragraph: -1, group: 1 }));
  for (const documents of ['xquad', 'hipporag']) printRow('cacm', documents, 'held out', ask(indexes.get(documents)!, topics, false), false);
  for (const { name, questions } of sets) halves(questions, name, name, indexes.get(name)!, true);
  console.log(`\nquestions left unchanged after an unrelated turn, %: ${sets.map(({ name, questions }) => `${name} ${unchanged(questions)}`).join(', ')}`);
}

if (isDataThere()) main();
else console.log(`smart-qa: skipped, no data at ${dataFolder} (set AI_STACK_DATA)`);
