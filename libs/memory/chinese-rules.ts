import { attributeOf, type Rule } from './rules.js';

const degree = '(?:也|还|就|都|又|真的|真|很|非常|特别|最|比较|一直|平时|平常|更|挺|超级|超|十分|尤其|其实|从小|一向|经常|现在|已经|再|相当)*';
const people = '妻子|老婆|太太|丈夫|老公|女朋友|男朋友|女友|男友|儿子|女儿|孩子|妈妈|母亲|爸爸|父亲|爷爷|奶奶|哥哥|姐姐|弟弟|妹妹|室友|同事|老板|老师|好朋友|朋友|宠物|猫|狗';
const when = '(?:今天|昨天|前天|最近|上周|上个月|周末|这几天|刚刚|刚|早上|晚上|下午|上午)*';
/** Owned things that are a remark and no fact. */
const remarks = /^(?:意思|问题|看法|想法|观点|建议|感觉|理解|目的|心情|疑问|要求|需求|天哪|妈呀)$/;

const one = (attribute: string) => () => attribute;

/** Statements about the speaker, most telling first: the first that fits decides. Each is tried on a clause. */
export const chineseRules: readonly Rule[] = [
  { kind: 'identity', pattern: /(?:我叫|我名叫|我的名字(?:是|叫)|我姓|(?:请|可以|你可以|大家都?)叫我)(?![了过他她它你着])[\p{L}\p{N}·]{1,20}/u, attribute: one('name') },
  { kind: 'identity', pattern: /我(?:今年|已经|快|现在)*\s?(?:\d{1,3}|[一二三四五六七八九十]{1,3})岁/u, attribute: one('age') },
  { kind: 'identity', pattern: /我的?生日(?:就?是|在)/u, attribute: one('birthday') },
  { kind: 'identity', pattern: /我(?:们家|家)?(?:现在|目前|已经|最近|刚)*(?:住在|定居|搬到|搬去|搬家到)(?!一起)./u, attribute: one('home') },
  { kind: 'identity', pattern: /(?:我(?:是|来自|出生[在于]).{1,12}人$|我来自.|我出生[在于].|我的?(?:老家|家乡)(?:是|在))/u, attribute: one('origin') },
  { kind: 'identity', pattern: /我(?:现在|目前)?在.{1,30}(?:工作|上班|任职|实习)/u, attribute: one('job') },
  { kind: 'identity', pattern: /(?:我(?:现在|目前)?(?:是|从事|就职于|担任)(?:一?[名位个]|做).{1,30}|我的(?:工作|职业|职位)是)/u, attribute: one('job') },
  { kind: 'identity', pattern: /我的?专业是|我(?:学的|就读于|在.{1,20}(?:读书|上学|上大学|读研|读博))/u, attribute: one('study') },
  { kind: 'identity', pattern: /我(?:已经)?(?:结婚|离婚|单身|退休|怀孕)了?/u },
  { kind: 'preference', pattern: /我最(?:喜欢|爱)(?:吃|喝|看|听|玩|去)?的(.{1,12}?)(?:就?是|叫)./u, attribute: (match) => attributeOf('favourite', match[1] ?? '') },
  { kind: 'preference', pattern: new RegExp(`我对(.{1,20}?)${degree}(?:过敏|感兴趣|不感兴趣|有兴趣|没兴趣)`, 'u'), attribute: (match) => attributeOf('like', match[1] ?? '') },
  { kind: 'preference', pattern: new RegExp(`我${degree}(?:不太|不怎么|不再|不|没那么)?(?:喜欢|喜爱|热爱|偏爱|钟爱|酷爱|偏好|讨厌|害怕|爱(?![人情心])|习惯)(?:吃|喝|看|听|玩)?(?![你您吗么这那它他她])(.{1,60})`, 'u'), attribute: (match) => attributeOf('like', match[1] ?? '') },
  { kind: 'preference', pattern: /我(?:从来?|一直)?(?:不能|不)(?:吃|喝|碰)(.{1,20})/u, attribute: (match) => attributeOf('like', match[1] ?? '') },
  { kind: 'preference', pattern: /我(?:是素食|吃素|的(?:爱好|兴趣|业余爱好)(?:就?是|有|包括))/u },
  { kind: 'relation', pattern: new RegExp(`我(?:的)?(${people})(?:的名字)?(?:叫|名叫|是|在|今年|住|喜欢)(?!什么|谁|不是)`, 'u'), attribute: (match) => attributeOf('relation', match[0] ?? '') },
  { kind: 'relation', pattern: new RegExp(`我(?:们)?(?:家)?(?:有|养了?|生了)(?:一|两|二|三|几|\\d)?(?:个|只|条|位|匹)(?:${people}|.{0,6}(?:猫|狗|鸟|鱼|兔))`, 'u') },
  { kind: 'identity', pattern: /我的([\p{Script=Han}A-Za-z]{1,12}?)(?:号码?)?(?:就?是|叫)(?!什么|谁|不|否)./u, attribute: (match) => (remarks.test(match[1] ?? '') ? undefined : attributeOf('my', match[1] ?? '')) },
  { kind: 'plan', pattern: new RegExp(`我${degree}${when}(?:打算|计划|准备|决定|报名了?|正在(?:学|准备|写|看|读)|在学)(?!怎么|什么).{2,}`, 'u') },
  { kind: 'event', pattern: new RegExp(`(?:我${degree}${when}|${when.slice(0, -1)}+我(?:和.{1,8})?)(?:去了|去看了?|看了|看完|读了|读完|学会了?|学了|参加了|买了|做了|完成了|遇到了|考了|考上|通过了|拿到了|得了|换了|收到了)(?!什么|吗).{2,}`, 'u') },
];

/** A clause that only asks for something to be remembered; the group is what. */
export const chineseExplicit = /^(?:请|麻烦)?(?:你)?(?:帮我|替我)?(?:一定要)?(?:记住|记下|记一下|记着|记得|别忘了|不要忘记)(?:一下)?(?:[：:，,\s]+|这(?:一点|个|件事)[：:，,\s]*)?(.{2,})$/u;

/** Clauses that ask, request or suppose something. */
export const chineseAsking =
  /[？?]|[吗呢]$|(?:你|您)(?:觉得|认为|知道|能|可以|有没有|有什么|会|推荐|还?记得)|什么|怎么|怎样|如何|为什么|哪[个些里儿]|是不是|能不能|可不可以|有没有|多少|^(?:如果|假如|要是|假设|万一)|我(?:想|要)(?:请?问|知道|了解|让你|请你|听听)|帮我|请你|推荐一/u;

/** Clauses that carry nothing. */
export const chineseChitChat = /^(?:你好|您好|嗨|哈喽|早上好|晚上好|晚安|再见|谢谢|多谢|好的?|嗯+|哦+|是的|对的?|不客气|没关系|哈+|很?高兴认识你|辛苦了|明白了|知道了|原来如此|我(?:明白|知道|懂|觉得|会|同意|也是|试试).{0,6})[啊呀呢吧了！!。~～啦]*$/u;
