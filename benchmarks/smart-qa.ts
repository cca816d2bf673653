import { extractAnswer, type ExtractiveAnswer } from '#libs/answering';
import { bm25, cacmTopics, hipporagPassages, type Index, isDataThere, isTuned, plain, type Question, squad } from './smart-qa-data.js';

/** Passages retrieved for each question. */
const TOP_K = 8;

interface Tally {
  asked: number;
  retrieved: number;
  refused: number;
  held: number;
  sentences: number;
  characters: number;
  share: number;
  times: number[];
}

const empty = (): Tally => ({ asked: 0, retrieved: 0, refused: 0, held: 0, sentences: 0, characters: 0, share: 0, times: [] });

function ask(index: Index, question: Question | string, tally: Tally, own = false, without?: number): ExtractiveAnswer {
  const text = typeof question === 'string' ? question : question.text;
  const passages = index.search(text, TOP_K, without);
  const started = performance.now();
  const answer = extractAnswer({ question: text, passages, idf: index.idf });
  tally.times.push(performance.now() - started);
  tally.asked++;
  if (typeof question !== 'string' && own) {
    if (passages.some(({ id }) => id === question.paragraph)) tally.retrieved++;
    const quotes = answer.citations.map(({ quote }) => plain(quote));
    if (question.golds.some((gold) => quotes.some((quote) => quote.includes(plain(gold))))) tally.held++;
  }
  if (answer.refused) tally.refused++;
  tally.sentences += answer.citations.reduce((sum, { sentences }) => sum + sentences, 0);
  tally.characters += answer.citations.reduce((sum, { quote }) => sum + quote.length, 0);
  return answer;
}

function main(): void {
  const cmrc = squad('cmrc2018', 'cmrc2018/cmrc2018_trial.json');
  const drcd = squad('drcd', 'drcd/DRCD_dev.json');
  const xquad = squad('xquad', 'xquad/xquad.en.json');
  const indexes = new Map([cmrc, drcd, xquad].map((set) => [set.name, bm25(set.paragraphs)]));
  indexes.set('hipporag', bm25(hipporagPassages()));
  const percent = (part: number, whole: number): string => ((100 * part) / Math.max(1, whole)).toFixed(1);

  console.log('| questions | documents | half | n | gold retrieved % | **gold in quotes %** | refused % | sentences | characters | p50 ms | p95 ms |');
  console.log('|---|---|---|---|---|---|---|---|---|---|---|');
  const row = (questions: string, documents: string, half: string, tally: Tally): void => {
    const times = tally.times.sort((a, b) => a - b);
    const answered = Math.max(1, tally.asked - tally.refused);
    const cells = [
      questions, documents, half, tally.asked, tally.retrieved ? percent(tally.retrieved, tally.asked) : '', tally.retrieved ? percent(tally.held, tally.asked) : '',
      percent(tally.refused, tally.asked), (tally.sentences / answered).toFixed(2), (tally.characters / answered).toFixed(0),
      times[Math.floor(times.length / 2)]!.toFixed(2), times[Math.floor(times.length * 0.95)]!.toFixed(2),
    ];
    console.log(`| ${cells.join(' | ')} |`);
  };
  const halves = (questions: Question[], documents: string, name: string, without = false): void => {
    for (const tuned of [true, false]) {
      const tally = empty();
      for (const question of questions.filter((q) => isTuned(q) === tuned)) {
        ask(indexes.get(documents)!, question, tally, documents === name, without ? question.paragraph : undefined);
      }
      row(name, without ? `${documents} without the answer's paragraph` : documents, tuned ? 'tuned' : 'held out', tally);
    }
  };
  for (const set of [cmrc, drcd, xquad]) halves(set.questions, set.name, set.name);
  for (const [set, documents] of [[cmrc, 'drcd'], [drcd, 'cmrc2018'], [xquad, 'hipporag'], [cmrc, 'xquad'], [xquad, 'cmrc2018']] as const) halves(set.questions, documents, set.name);
  for (const documents of ['xquad', 'hipporag']) {
    const tally = empty();
    for (const topic of cacmTopics()) ask(indexes.get(documents)!, topic, tally);
    row('cacm', documents, 'unused', tally);
  }
  for (const set of [cmrc, drcd, xquad]) halves(set.questions, set.name, set.name, true);
}

if (isDataThere()) main();
