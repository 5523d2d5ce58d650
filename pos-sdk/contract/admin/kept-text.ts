/**
 * How the large texts of a booked sale (content and outcome, both JSON) stand in the database: deflated with a dictionary
 * of what all of them have in common, a seventh of their length. Written by the engine, read by the console too.
 *
 * The first byte says how to read the rest:
 * 0 = the text itself in UTF-8, 1 = raw deflate with `keptDictionary`. Another dictionary takes another number, because
 * what is stored needs the one it was written with.
 */
export const keptAs = { plain: 0, deflated: 1 } as const

/** The last bytes are the cheapest to point at: lines and applied rules, of which a sale has most, stand last. */
export const keptDictionary: string = [
  '"privacy":{"noProfiling":true},"adjustments":[{"by":"till","amountMinor":-1}],"uses":[{"index":0,"kind":"voucher",',
  '"amountMinor":0,"voucher":"points","program":"pointType":"reward":"quantity":"reason":"external"}],',
  '"counters":{"member.month":"member.day":"sale":0},"issues":[],"messages":[{"at":"receipt","text":"',
  '"expiry":{"days":365,"kind":"afterDays"},"expiry":{"kind":"never"},"activation":{"days":14,"kind":"afterDays"},',
  '"mealCard","giftCard","transfer","onAccount","points","kind":"cash","amountMinor":"prescription","invoice","delivery",',
  '"reimbursement":{"payer":"NFZ","amountMinor":100,"level":"30%"},"reductions":[{"by":"rule","amountMinor":100,"rule":',
  '"{"by":"staff","amountMinor":"batch":{"number":"expires":"2027-01"},"nationalCode":"category":"pharmacy","medicine",',
  '"marks":["rx","regulatedPrice","noDiscount","noPoints","ageLimited"],"floorMinor":"lowestPrice30DaysMinor":',
  '{"schema":1,"currency":"PLN","channel":"counter","utcOffsetMinutes":60,"document":{"kind":"receipt","number":"W000008",',
  '"fiscal":{"deviceId":"reportNumber":"1","number":"000008"}},"roundingMinor":0,"cards":[{"index":0,"token":"',
  '","entry":"scanned","role":"identify","card":"0194"}],"salt":"","lines":[{"schema":1,"mode":"judge","kind":"sale",',
  '"currency":"EUR","at":{"date":"2026-11-22","minute":725,"weekday":7,"holiday":false},"periods":{"day":"2026-11-22",',
  '"week":"2026-W47","month":"2026-11","quarter":"2026-Q4","year":"2026"},"outlet":{"id":"","groups":[""],"type":"shop",',
  '"country":"PL","owner":"","region":""},"channel":"counter","staff":"","member":{"id":"","card":"","tier":"","cardKind":"card",',
  '"kind":"person","segments":[],"attributes":{},"firstPurchase":true,"birthday":false,"visits":0},"tenders":[{"kind":"card",',
  '"amountMinor":2814}],"vouchers":[],"basketReductionMinor":0,"mayEarn":false}',
  '{"number":1,"kind":"goods","name":"","product":{"gtin":"5909990","code":"500016"},"unit":"piece","quantityMilli":1000,',
  '"unitPriceMinor":1,"grossMinor":1,"vat":{"code":"A","ratePpm":230000},"vat":{"code":"B","ratePpm":80000},"marks":[],',
  '"reductions":[]},"input":{"lines":[{"number":1,"kind":"goods","product":{"id":"0194","categories":["',
  '"],"tags":[],"producer":""},"quantityMilli":1000,"unitPriceMinor":1999,"grossMinor":1999,"reductionMinor":0,"reimbursedMinor":0,',
  '"marks":[],"law":{"earn":false,"discount":true,"count":true}},{"law":{"earn":true,"discount":true,"count":true}}],',
  '{"applied":[{"awards":[{"activation":{"kind":"now"},"expiry":{"endOf":"month","kind":"afterMonths","months":12},',
  '"pointType":"PKT","points":57,"to":"customer"}],"claims":[{"amount":1,"limit":"period":"subject":"}],"issues":[],"lines":[{',
  '"afterBasketMinor":819,"afterLineMinor":819,"copaymentMinor":819,"grossMinor":819,"number":1,"paidInMoneyMinor":819},{',
  '"ruleSet":"schema":1,"semantics":1,"steered":[],"totals":{"grossMinor":1,"paidInMoneyMinor":1,"reductionMinor":0,',
  '"reimbursedMinor":0}}{"amountMinor":1,"cut":{"limit":"wanted":1},"funding":[{"amountMinor":1,"party":"effect":1,',
  '"basePoints":2,"baseMinor":2814,"basis":"copayment","pointShares":[{"line":1,"points":8},{"line":2,"points":3}],',
  '"pointType":"PKT","points":28,"rule":"","to":"owner","version":1},{"baseMinor":2814,"basis":"gross","pointShares":[{',
  '"line":3,"points":0},{"line":4,"points":1},{"line":5,"points":2}],"pointType":"PKT","points":2,"rule":"","to":"staff",',
  '"version":1},{"baseMinor":1,"basis":"paidInMoney","pointShares":[{"line":1,"points":1}],"pointType":"PKT","points":1,',
  '"rule":"R-","to":"customer","version":1},{"baseMinor":1',
].join('')

/** Raw inflate of whoever reads; the contract itself knows no zlib. */
export type Inflate = (
  deflated: Uint8Array,
  options: { readonly dictionary: Uint8Array; readonly maxOutputLength: number },
) => Uint8Array

/** What a stored text may grow to: a receipt of 500 lines in one program, several times over. */
const UNPACKED_MAX = 32 * 1024 * 1024

/** The text of a kept one; throws where the bytes are none of ours. */
export const unpackKept = (packed: Uint8Array, inflate: Inflate): string => {
  const body = packed.subarray(1)
  const text = new TextDecoder()
  if (packed[0] === keptAs.plain) return text.decode(body)
  if (packed[0] !== keptAs.deflated) throw new Error(`a kept text begins with ${packed[0] ?? 'nothing'}`)
  const dictionary = new TextEncoder().encode(keptDictionary)
  return text.decode(inflate(body, { dictionary, maxOutputLength: UNPACKED_MAX }))
}
