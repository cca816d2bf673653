/** The commonest characters of written Chinese; about half of any running text consists of them. */
const simplified = new Set(
  '的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心本前开但因只从想实日军者意无力它与长把机十民第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身果加西斯月话合回特代内信表化老给世位次度门任常先海通教儿原东声提立及比员解水名真论处走义各入几口认条平系气题活尔更别打女变四神总何电数安少报才结反受目太量再感建务做接必场件计管期市直德资命山金指克许统区保至队形社便空决治展马科司五基眼书非则听白却界达光放强即像难且权思王象完设式色路记南品住告类求据程北边死张该交规万取拉格望觉术领共确传师观清今切院让识候带导争运测试档案号码料格编',
);
const traditional = new Set(
  '這個們來為國時說會對於過發後裡樣種經麼學現當動還進開實軍無與長機關點業將兩間問應戰頭體見產話給內門兒東聲員論處義幾認條氣題變總電數報結務場計資許統區隊決馬書則聽達強難權設記類據張該規萬術領確傳師觀讓識帶導爭運測試檔號碼編請輸選擇網檢視圖標準資訊軟體繁臺灣',
);

const frequent: Record<string, readonly Set<string>[]> = { gb18030: [simplified], big5: [traditional, simplified] };

/** Where each standard keeps its common ideographs: first and last lead byte, ranges of trail bytes. */
const commonZones: Record<string, { lead: [number, number]; trails: [number, number][] }> = {
  gb18030: { lead: [0xb0, 0xd7], trails: [[0xa1, 0xfe]] },
  big5: { lead: [0xa4, 0xc6], trails: [[0x40, 0x7e], [0xa1, 0xfe]] },
  shift_jis: { lead: [0x88, 0x98], trails: [[0x40, 0x7e], [0x80, 0xfc]] },
  'euc-jp': { lead: [0xb0, 0xcf], trails: [[0xa1, 0xfe]] },
};
const commonCharacters = new Map<string, Set<string>>();

/**
 * How plausible it is that `text`, decoded from `encoding`, is what was meant: the mean weight of its non-ASCII
 * characters. Above 0 is plausible. Wrong decodings give rare ideographs, half-width kana and private-use characters.
 */
export function plausibility(text: string, encoding: string): number {
  let sum = 0;
  let count = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x80) continue;
    count += 1;
    sum += weight(character, code, encoding);
  }
  return count === 0 ? 0 : sum / count;
}

function weight(character: string, code: number, encoding: string): number {
  if (code >= 0xe000 && code <= 0xf8ff) return -3;
  if (code >= 0xff61 && code <= 0xff9f) return encoding === 'shift_jis' ? -0.5 : -2;
  if ((code >= 0x3000 && code <= 0x301f) || (code >= 0xff01 && code <= 0xff5e) || (code >= 0x2010 && code <= 0x2026)) return 1;
  if (code >= 0x3040 && code <= 0x30ff) return encoding === 'shift_jis' || encoding === 'euc-jp' ? 2 : -1.5;
  if (code >= 0xac00 && code <= 0xd7a3) return encoding === 'euc-kr' ? 1.5 : -2;
  if (code < 0x4e00 || code > 0x9fff) return -1.5;
  if (frequent[encoding]?.some((set) => set.has(character))) return 3;
  return common(encoding).has(character) ? 1 : -1.5;
}

/** The common ideographs of an encoding, read out of the decoder itself: the standards put them into one zone. */
function common(encoding: string): Set<string> {
  const known = commonCharacters.get(encoding);
  if (known) return known;
  const bytes: number[] = [];
  const zone = commonZones[encoding];
  for (let lead = zone?.lead[0] ?? 1; lead <= (zone?.lead[1] ?? 0); lead += 1) {
    for (const [from, to] of zone?.trails ?? []) for (let trail = from; trail <= to; trail += 1) bytes.push(lead, trail);
  }
  const found = new Set(zone ? new TextDecoder(encoding).decode(Uint8Array.from(bytes)) : '');
  commonCharacters.set(encoding, found);
  return found;
}
