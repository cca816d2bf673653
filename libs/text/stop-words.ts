import { stemOf } from './english.js';

const english = `a about above after again against all also am an and any are aren't as at be because been before being below between both but by
can cannot can't could couldn't did didn't do does doesn't doing don't down during each few for from further had hadn't has hasn't have haven't having
he her here hers herself him himself his how however i if i'd i'll i'm i've in into is isn't it it's its itself just let me more most mustn't my myself
no nor not of off on once only or other ought our ours ourselves out over own same shall shan't she should shouldn't so some such than that that's the
their theirs them themselves then there there's these they they're this those through to too under until up upon very was wasn't we were weren't what
what's when when's where which while who who's whom whose why will with won't would wouldn't you you're your yours yourself yourselves`;

const chinese = `的 了 是 在 和 与 及 或 也 都 就 还 又 而 且 但 被 把 将 从 向 到 对 于 以 为 之 其 这 那 此 该 个 们 我 你 他 她 它 吗 呢 吧 啊 呀 嘛 着 过 地 得 所
有 并 由 因 等 每 各 某 很 更 最 太 请 我们 你们 他们 她们 它们 这个 那个 这些 那些 以及 或者 并且 而且 但是 因为 所以 如果 虽然 对于 关于 由于 可以 没有
什么 哪些 哪个 哪里 哪儿 哪 谁 怎么 怎样 如何 为什么 为何 多少 几 何 是否 是不是 有没有 一个 一种 一些 其中 之一 进行`;

const split = (words: string): string[] => words.split(/\s+/);

/**
 * Terms that say nothing about what a text is about: English function words (as analysed: stemmed, without apostrophes) and
 * Chinese particles, pronouns and question words.
 */
export const stopTerms: ReadonlySet<string> = new Set([
  ...split(english).map((word) => stemOf(word.replace("'", ''))),
  ...split(english).map((word) => stemOf(word.replace(/'s$/, '').replace("'", ''))),
  ...split(chinese),
]);
