import { attributeOf, type Rule } from './rules.js';

const adverbs = "(?:(?:really|also|still|just|now|currently|always|usually|often|absolutely|especially|particularly|truly|very much|most|already|generally|mainly|mostly|only|do|actually|recently|finally) )*";
const people = 'wife|husband|partner|spouse|girlfriend|boyfriend|fianc[eé]e?|son|daughter|kid|child|mother|mom|mum|father|dad|brother|sister|grandmother|grandfather|roommate|colleague|boss|teacher|best friend|friend|dog|cat|pet';
/** Owned things that are a remark and no fact. */
const remarks = /^(?:question|guess|point|opinion|problem|concern|mistake|bad|apologies|understanding|idea|thoughts?|goal here|request|issue)$/i;

const one = (attribute: string) => () => attribute;
const preference = `(?:like|love|enjoy|prefer|adore|hate|dislike|fear|am (?:really |very |quite )?(?:fond of|into|interested in|allergic to|afraid of|passionate about))`;

/** Statements about the speaker, most telling first: the first that fits decides. Each is tried on a sentence. */
export const englishRules: readonly Rule[] = [
  { kind: 'identity', pattern: /\b(?:my name(?: is|'s)|i am called|people call me|(?:please |you can )?call me)\s+(?!when|if|back|later)[\p{L}'-]+/iu, attribute: one('name') },
  { kind: 'identity', pattern: /\bi(?: am|'m) (?:\d{1,3}|\w+(?:-\w+)?) years? old\b/iu, attribute: one('age') },
  { kind: 'identity', pattern: /\b(?:my birthday (?:is|falls)|i was born on)\b/iu, attribute: one('birthday') },
  { kind: 'identity', pattern: new RegExp(`\\bi ${adverbs}(?:live|reside) (?:in|at|near|on)\\b|\\bi(?:'ve| have)? ${adverbs}(?:moved|relocated) to\\b`, 'iu'), attribute: one('home') },
  { kind: 'identity', pattern: new RegExp(`\\bi (?:am|come) ${adverbs}(?:originally )?from\\b|\\bi'm (?:originally )?from\\b|\\bi (?:grew up|was born) in\\b|\\bmy home ?town is\\b`, 'iu'), attribute: one('origin') },
  { kind: 'identity', pattern: new RegExp(`\\bi ${adverbs}work (?:as|at|for|in)\\b|\\bi(?: am|'m) ${adverbs}(?:working|employed) (?:as|at|for|by)\\b|\\bmy (?:job|profession|occupation) is\\b`, 'iu'), attribute: one('job') },
  { kind: 'identity', pattern: /\bi(?: am|'m) an? (?:[\w-]+ ){0,4}(?:engineer|teacher|doctor|nurse|student|developer|programmer|designer|lawyer|manager|accountant|artist|writer|researcher|scientist|consultant|analyst|chef|driver|musician|architect|professor|entrepreneur|freelancer|journalist|pilot|photographer)\b/iu, attribute: one('job') },
  { kind: 'identity', pattern: new RegExp(`\\bi(?: am|'m) ${adverbs}(?:studying|majoring in)\\b|\\bi ${adverbs}(?:study|major in|graduated from)\\b|\\bmy major is\\b`, 'iu'), attribute: one('study') },
  { kind: 'identity', pattern: /\bi(?: am|'m| got) (?:a )?(?:married|divorced|single|retired|pregnant|engaged|vegetarian|vegan|diabetic|left-handed|colou?r-?blind)\b/iu },
  { kind: 'preference', pattern: /\bmy favou?rite ([\w -]{1,40}?) (?:is|are|was)\b/iu, attribute: (match) => attributeOf('favourite', match[1] ?? '') },
  { kind: 'preference', pattern: new RegExp(`\\bi(?:'m| am)? ${adverbs}(?:(?:don't|do not|no longer|never|can't|cannot|used to) ${adverbs})?(?:${preference}|stand|(?:fond of|into|interested in|allergic to|afraid of|passionate about)) (?!to (?:know|ask|see if)|(?:it|you|your|that|this|these|those|them|him|her)\\b)(.{2,80})`, 'iu'), attribute: (match) => attributeOf('like', likedThing(match[1] ?? '')) },
  { kind: 'preference', pattern: /\bi (?:don't|do not|never|can't|cannot) (?:eat|drink) (.{2,40})/iu, attribute: (match) => attributeOf('like', likedThing(match[1] ?? '')) },
  { kind: 'relation', pattern: new RegExp(`\\bmy (${people})(?:'s name)? (?:is|are|was|works?|lives?|likes?|loves?|has)\\b`, 'iu'), attribute: (match) => attributeOf('relation', match[0] ?? '') },
  { kind: 'relation', pattern: new RegExp(`\\b(?:i|we) (?:have|own|adopted|got) (?:an? |one |two |three |four |\\d )(?:[\\w-]+ ){0,3}(?:${people})s?\\b`, 'iu') },
  { kind: 'identity', pattern: /\b[Mm]y ([\w-]+(?: [\w-]+){0,3}?) (?:is|are) (?:(?:an?|the|called|named) |[\d"“'(+]|[\w.+-]+@|\p{Lu})/u, attribute: (match) => (remarks.test(match[1] ?? '') ? undefined : attributeOf('my', match[1] ?? '')) },
  { kind: 'plan', pattern: new RegExp(`\\bi(?:'m| am) ${adverbs}(?:planning|going|learning|preparing|training|reading|writing) (?!to (?:ask|need))(?:to |for |how |about |an? |the )?[\\w"“]|\\bi ${adverbs}(?:plan|intend|decided|signed up) (?:to|for)\\b`, 'iu') },
  { kind: 'event', pattern: new RegExp(`\\bi ${adverbs}(?:went to|visited|watched|attended|bought|finished|learned|started|read|saw|met|passed|failed|won|got|received|took part in|participated in|moved|quit)\\b (?!it\\b|that\\b|your?\\b).{4,}`, 'iu') },
];

/** What is liked, without the reason and the rest of the sentence. */
function likedThing(object: string): string {
  return (object.split(/[,.;!]| because | since | but | although | when | anymore| any more/i)[0] ?? '').replace(/^(?:to|the|an?|eating|drinking|watching|listening to|playing|reading) /i, '').replace(/ (?:very much|a lot)$/i, '');
}

/** A sentence that only asks for something to be remembered; the group is what. */
export const englishExplicit = /^(?:please |can you |could you )?(?:remember|don't forget|do not forget|keep in mind|note|make a note|take note)(?: that|:|,)\s+(.{5,})$/iu;

/** Sentences that ask, request or suppose something. */
export const englishAsking =
  /\?|^(?:what|who|whom|when|where|why|which|how|do|does|did|can|could|would|will|should|is|are|am|may|shall|have you|has|tell me|give me|show me|explain|suggest|recommend|write|help|if|suppose|imagine)\b|\bi(?:'d| would) like to (?:know|ask)|\bi want(?:ed)? (?:you to|to (?:know|ask))|\bi(?:'m| am) (?:wondering|asking|curious)|\bi wonder\b|\bdo you (?:know|remember)\b/iu;

/** Sentences that carry nothing. */
export const englishChitChat = /^(?:hi|hello|hey|good (?:morning|evening|night|afternoon)|bye|goodbye|thanks?|thank you|ok(?:ay)?|yes|no|sure|great|nice|cool|i see|i (?:agree|understand|know|will|think so|hope so)|got it|you're welcome|nice to meet you|sounds good|my pleasure|my bad|my apologies)\b[^,;]{0,40}$/iu;
