import { analyze, stopTerms } from '#libs/text';

/**
 * Everyday English words that occur in texts about anything: "what articles exist which describe a method" is about none of them. A collection's
 * own statistics would tell better, but a vector must not change when other documents come.
 */
const everyday = `
able accept access accord account achieve across act action actual add addition address advantage affect age ago agree aim allow almost
alone along already although always among amount analysis announce another answer anyone anything appear application apply approach
appropriate area argue around arrive article ask aspect associate assume attempt attention author available average avoid away back bad
base basic basis become begin behavior believe belong benefit best better beyond big body book bring build business buy call capable care
carry case cause center central century certain chance change character check choice choose city claim class clear close collect come
common community company compare complete complex concept concern condition conduct consider consist construct contain continue
contribute control correct cost count country couple course cover create current cut data date day deal decide decision deep define
definition degree demonstrate depend derive describe description design desire despite detail determine develop development device
difference different difficult direct direction discover discuss discussion display distance divide do done double draw drive due early
easy effect effective effort either element eliminate else employ enable encounter end enough ensure enter entire environment equal error
especially essential establish estimate even event ever every everyone evidence exact examine example except exist expect experience
explain express extend extent face fact factor fail fall false familiar family famous far fast feature feel field figure fill final find
fine finish first fit fix focus follow force form former forward found four free frequent full function fundamental future gain general
generate get give given go goal good government great group grow guide half hand handle happen hard hear help high hold home hope hour
house however human idea identify illustrate image impact implement important improve include increase indeed indicate individual
influence inform information initial instance instead interest interested introduce investigate involve issue item join keep key kind
know knowledge known lack language large last late later latter lead learn least leave less let level lie life light like likely limit
line link list literature little live local locate long look lose lot low main maintain major make man manner many mark match matter may
mean measure member mention method might minimum mind minute modern moment month morning move much multiple must name national natural
near necessary need never nevertheless new news next night normal note notice nothing number object observe obtain obvious occur offer
often old one open operate operation opportunity order organization original others otherwise outside overall paper part particular
particularly pass past people per percent perform performance perhaps period permit person place plan play point position possible power
practice precise prefer prepare present preserve prevent previous primary principle probably problem procedure process produce product
program project proper property propose prove provide public publish purpose put quality question quick quite raise range rank rate
rather reach read ready real realize reason recent recently record reduce refer reference regard relate relation relationship relative
release relevant remain report represent request require requirement research respect respond result retain return review right role rule
run say scheme science second section see seem select send sense separate series serve service set several shape share short show side
sign significant similar simple simply since single site situation size small society solution solve someone something sometimes soon
sort source space special specific specify stage stand standard start state statement step still stop story strong structure student
study style subject subsequent success such sufficient suggest suitable support suppose sure surface survey system table take talk task
team technique technology tell term test text thank theory thing think third thought three throughout thus time title today together tool
top topic total toward town track treat true try turn two type typical understand unit unless upon use useful user usual usually value
variety various vary version via view want war water way week well whether whole whose wide within without word work world would write
wrong year yes yet young
zero january february march april june july august september october november december monday tuesday wednesday thursday friday saturday
sunday born american united states north south east west
`;

const everydayTerms: ReadonlySet<string> = new Set(analyze(everyday).map((token) => token.term));

const everydayWeight = 0.4;
const han = /^\p{Script=Han}/u;

/**
 * How much a term tells about its text, 0 to 1, without knowing any collection: nothing for function words, little for everyday words
 * and single ideographs, more the longer the term is.
 */
export function priorOf(term: string): number {
  if (stopTerms.has(term)) return 0;
  if (everydayTerms.has(term)) return everydayWeight;
  if (!han.test(term)) return Math.min(1, 0.5 + 0.06 * term.length);
  if (term.length === 1) return 0.4;
  return term.length === 2 ? 0.8 : 1;
}
