import { createHash } from 'node:crypto'
import { checkSchema, inspectSale, type Sale, saleSchema } from '@premia/pos-sdk/contract/till'
import { returnOf } from '@premia/pos-sdk/returns'
import { canonicalJson, mulDiv } from '@premia/rules'
import { validateProgram, validateRules } from '@premia/rules/validate'
import { beforeAll, expect, test } from 'vitest'
import { calendarUntil } from './calendar.ts'
import { categories } from './catalogue/categories.ts'
import { products } from './catalogue/product.ts'
import { daysUntil, demoDays, midnightMs } from './days.ts'
import { cui, isGtin13, nip } from './numbers.ts'
import { outlets, terminals } from './outlets.ts'
import { personCount, shoppers } from './people/member.ts'
import { programs, programsAt } from './programs.ts'
import { randomOf } from './random.ts'
import { rewardCount } from './rewards.ts'
import { programRules } from './rules/program-rules.ts'
import { DemoSales } from './sales/day-sales.ts'
import { type ChainedSale, signed } from './sales/till.ts'
import { staff } from './staff.ts'
import { vouchers } from './vouchers.ts'

const today = '2026-11-21'
const days = daysUntil(today)
let made: readonly ChainedSale[] = []

beforeAll(() => {
  const demo = new DemoSales(days)
  made = days.flatMap(() => demo.nextDay())
})

const digest = (value: unknown): string => createHash('sha256').update(canonicalJson(value)).digest('hex')

test('the demo has the outlets, tills, staff, persons, products and rules it promises', () => {
  expect(outlets).toHaveLength(24)
  expect(outlets.filter((outlet) => programsAt(outlet).length === 2)).toHaveLength(4)
  expect(new Set(outlets.map((outlet) => outlet.region)).size).toBeGreaterThan(5)
  expect(terminals.every((terminal) => terminal.outlet.tills >= 1 && terminal.outlet.tills <= 3)).toBe(true)
  expect(staff.map((one) => one.code)).toEqual(Array.from({ length: 48 }, (_, index) => String(1001 + index)))
  expect(shoppers.filter((shopper) => shopper.person !== undefined)).toHaveLength(personCount)
  expect(products).toHaveLength(3000)
  expect(programs.map((program) => program.document.currency)).toEqual(['PLN', 'PLN', 'RON'])
  expect(vouchers.length).toBeGreaterThan(500)
  expect(rewardCount).toBe(21)
})

test('every id, name, code and number of the demo is there once', () => {
  const unique = (values: readonly (string | undefined)[]): void => {
    const there = values.filter((value) => value !== undefined)
    expect(new Set(there).size).toBe(there.length)
  }
  unique(products.map((product) => product.name))
  unique(products.map((product) => product.code))
  unique(products.map((product) => product.gtin))
  unique(products.map((product) => product.bloz))
  unique(vouchers.map((voucher) => voucher.code))
  unique(terminals.map((terminal) => terminal.fiscalDevice))
  unique(made.map((each) => each.sale.id))
  for (const program of programs) {
    const cards = shoppers.flatMap((shopper) =>
      shopper.members.filter((member) => member.program === program).flatMap((member) => member.cards),
    )
    unique(cards.map((card) => card.number))
    unique(cards.map((card) => card.id))
  }
})

test('packs carry valid GTINs, loose goods none', () => {
  expect(
    products.every((product) => (product.unit === 'kg' ? product.gtin === undefined : isGtin13(product.gtin ?? ''))),
  ).toBe(true)
  expect(isGtin13('5901234123457')).toBe(true)
  expect(isGtin13('5901234123458')).toBe(false)
})

test('tax numbers end in their check digit', () => {
  expect(nip('123456321')).toBe('1234563218')
  expect(cui('1439984')).toBe('14399840')
})

test('every product stands in a category of the tree, which has at most three levels', () => {
  const known = new Map(categories.map((category) => [category.id, category.parent]))
  const depth = (id: string): number => 1 + (known.get(id) === undefined ? 0 : depth(known.get(id) ?? ''))
  expect(products.every((product) => known.has(product.category))).toBe(true)
  expect(Math.max(...categories.map((category) => depth(category.id)))).toBe(3)
})

test('every program and every rule of the demo is valid, and a rule belongs to one program', () => {
  const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value))
  for (const program of programs) {
    const document = asJson(program.document) as typeof program.document
    expect(validateProgram(document)).toEqual([])
    expect(validateRules(asJson(programRules(program.key, days)), document)).toEqual([])
  }
  const rules = programs.flatMap((program) => programRules(program.key, days))
  expect(rules.length).toBeGreaterThanOrEqual(60)
  expect(new Set(rules.map((rule) => rule.id)).size).toBe(rules.length)
})

test('about 25,000 sales, three in five with a card, each as a till may send it', () => {
  const sales = made.filter(({ sale }) => sale.kind === 'sale')
  expect(sales.length).toBeGreaterThan(22_000)
  expect(sales.length).toBeLessThan(28_000)
  const withCard = sales.filter(({ sale }) => sale.cards.length > 0).length / sales.length
  expect(withCard).toBeGreaterThan(0.53)
  expect(withCard).toBeLessThan(0.64)
  for (const each of made.filter((_, index) => index % 40 === 0)) {
    expect(inspectSale(signed(each), (value) => checkSchema(saleSchema, value))).toBeNull()
  }
  expect(Math.max(...made.map(({ sale }) => sale.lines.length))).toBe(9)
})

/** A return and the sale it names. */
interface Back {
  readonly back: ChainedSale
  readonly of: ChainedSale
  readonly reason: string
  readonly isWhole: boolean
}

const returns = (): readonly ChainedSale[] => made.filter(({ sale }) => sale.kind === 'return')

const pairs = (): readonly Back[] => {
  const byId = new Map<string, ChainedSale>(made.map((each) => [each.sale.id, each]))
  return returns().flatMap((back) => {
    const of = byId.get(back.sale.original?.sale ?? '')
    if (of === undefined) return []
    const isWhole = back.sale.totals.grossMinor === of.sale.totals.grossMinor
    return [{ back, of, reason: back.sale.original?.reason ?? '', isWhole }]
  })
}

const placeOf = ({ terminal }: ChainedSale): string => terminal.outlet.code
const typeOf = ({ terminal }: ChainedSale): string => terminal.outlet.type
const hours = ({ back, of }: Back): number =>
  (Date.parse(back.sale.occurredAt) - Date.parse(of.sale.occurredAt)) / 3_600_000

test('about three in two hundred sales come back, of a sale once, and each return is one that a till may send', () => {
  const sales = made.filter(({ sale }) => sale.kind === 'sale')
  const share = (type: string): number =>
    returns().filter((each) => typeOf(each) === type).length / sales.filter((each) => typeOf(each) === type).length
  expect(returns().length / sales.length).toBeGreaterThan(0.012)
  expect(returns().length / sales.length).toBeLessThan(0.018)
  expect(share('pharmacy')).toBeLessThan(share('shop') / 3)
  expect(new Set(pairs().map(({ of }) => of.sale.id)).size).toBe(pairs().length)
  for (const each of returns()) {
    expect(inspectSale(signed(each), (value) => checkSchema(saleSchema, value))).toBeNull()
  }
})

test('a return of the demo carries what the SDK of a till makes of its sale', () => {
  for (const { back, of } of pairs()) {
    const { lines, adjustments, tenders, totals, document, original } = back.sale
    const units = lines.map(({ originalLine = 0, quantityMilli }) => ({ line: originalLine, quantityMilli }))
    const reply = returnOf(of.sale, { units, document, reason: original?.reason ?? 'customer' })
    expect(reply).toMatchObject({ status: 'made', draft: { lines, adjustments, tenders, totals, original } })
  }
})

test('medicines come back for defects and recalls alone, shops take goods back for other reasons too', () => {
  const reasons = (type: string): readonly (string | undefined)[] => {
    const there = returns().filter((each) => typeOf(each) === type)
    return [...new Set(there.map(({ sale }) => sale.original?.reason))]
  }
  expect(new Set(reasons('pharmacy'))).toEqual(new Set(['defect', 'recall']))
  expect(reasons('shop')).toEqual(expect.arrayContaining(['customer', 'defect', 'exchange', 'mistake', 'void']))
  const others = pairs().filter(({ reason, of }) => reason !== 'void' && of.sale.occurredAt < '2026-11-01')
  for (const each of others.filter(({ of }) => typeOf(of) === 'shop')) {
    expect(hours(each)).toBeGreaterThan(0.6)
    expect(hours(each)).toBeLessThan(11 * 24)
  }
})

test('the demo holds every kind of return', () => {
  const has = (name: string, is: (pair: Back) => boolean): void =>
    expect(pairs().filter(is).length, name).toBeGreaterThan(0)
  const endMs = calendarUntil(today).nightMs(demoDays - 1)
  has('whole', ({ isWhole }) => isWhole)
  has('one line of several', ({ back, of }) => back.sale.lines.length < of.sale.lines.length)
  has('one unit of several', ({ back, of }) =>
    back.sale.lines.some(
      (line) =>
        line.quantityMilli === 1_000 && (of.sale.lines[(line.originalLine ?? 0) - 1]?.quantityMilli ?? 0) > 1_000,
    ),
  )
  has('void', (pair) => pair.reason === 'void' && pair.isWhole && hours(pair) < 0.2)
  has('before its sale', ({ back, of }) => back.sentAtMs < of.sentAtMs && of.sentAtMs < endMs)
  has('waits at the end', ({ back, of }) => back.sentAtMs < endMs && of.sentAtMs > endMs)
  has('elsewhere', ({ back, of }) => placeOf(back) !== placeOf(of))
  has('points given back', ({ back }) => back.sale.tenders.some(({ kind }) => kind === 'points'))
  has('a reduction of the basket', ({ back }) => back.sale.adjustments.length > 0)
  has('a reimbursement', ({ back }) => back.sale.totals.reimbursedMinor > 0)
  const bare = returns().filter(({ sale }) => sale.original?.sale === undefined)
  expect(bare).toHaveLength(2)
  expect(bare.every(({ sale }) => sale.original?.document === undefined)).toBe(true)
})

test('gross, reductions, reimbursement and tenders of every sale and return add up', () => {
  for (const { sale } of made) {
    const lines = sale.lines.reduce((sum, line) => sum + line.grossMinor, 0)
    const tendered = sale.tenders.reduce((sum, tender) => sum + tender.amountMinor, 0)
    expect(lines).toBe(sale.totals.grossMinor)
    expect(tendered).toBe(sale.totals.payableMinor)
    for (const line of sale.lines) {
      expect(line.grossMinor).toBe(mulDiv(line.unitPriceMinor, line.quantityMilli, 1000, 'halfUp'))
    }
  }
})

test('each till chains its sales without a gap, in the order in which it sends them', () => {
  const last = new Map<string, ChainedSale>()
  for (const each of made) {
    const before = last.get(each.terminal.id)
    expect(each.sale.sequence).toBe((before?.sale.sequence ?? 0) + 1)
    expect(each.sentAtMs).toBeGreaterThanOrEqual(before?.sentAtMs ?? 0)
    last.set(each.terminal.id, each)
  }
})

test('the demo holds at least one sale of everything that may be odd about one', () => {
  const knownCards = new Set(
    shoppers.flatMap((shopper) => shopper.members.flatMap((member) => member.cards.map((card) => card.number))),
  )
  const blocked = new Set(
    shoppers.flatMap((shopper) =>
      shopper.members.flatMap((member) =>
        member.cards.filter((card) => card.blocked !== undefined).map((card) => card.number),
      ),
    ),
  )
  const codes = new Set(products.map((product) => product.code))
  const people = new Set(staff.map((one) => one.code))
  const voucherUses = made.flatMap(({ sale }) => sale.uses.flatMap((use) => (use.kind === 'voucher' ? [use.code] : [])))
  const has = (name: string, odd: (sale: Omit<Sale, 'signature'>, each: ChainedSale) => boolean): void =>
    expect(made.filter((each) => odd(each.sale, each)).length, name).toBeGreaterThan(0)
  has('card_unknown', (sale) => sale.cards.some((card) => !knownCards.has(card.number)))
  has('card_blocked', (sale) => sale.cards.some((card) => blocked.has(card.number)))
  has('second_member_ignored', (sale) => sale.cards.length > 1)
  has('staff_unknown', (sale) => !people.has(sale.staff?.code ?? ''))
  has('product_unknown', (sale) => sale.lines.some((line) => !codes.has(line.product?.code ?? '')))
  has('clock_wrong', (sale, each) => Date.parse(sale.occurredAt) > each.sentAtMs + 120_000)
  has('law_forbids', (sale) => sale.lines.some((line) => line.reimbursement !== undefined))
  has('late', (sale, each) => each.sentAtMs > Date.parse(sale.occurredAt) + 3_600_000)
  has('points', (sale) => sale.uses.some((use) => use.kind === 'points'))
  has('points_short', (sale) => sale.uses.some((use) => use.kind === 'points' && [200, 2000].includes(use.points)))
  expect(new Set(voucherUses).size, 'voucher_gone').toBeLessThan(voucherUses.length)
})

test('the same days give the same bytes, and later days the same sales on other dates', () => {
  const first = (of: ReturnType<typeof daysUntil>): readonly ChainedSale[] => {
    const demo = new DemoSales(of)
    return [...demo.nextDay(), ...demo.nextDay(), ...demo.nextDay()]
  }
  expect(digest(first(days).map(({ sale, salt }) => [sale, salt]))).toBe(
    digest(made.slice(0, first(days).length).map(({ sale, salt }) => [sale, salt])),
  )
  const week = daysUntil('2026-11-28')
  const baskets = (sales: readonly ChainedSale[]): string =>
    digest(sales.map(({ sale }) => [sale.cards, sale.lines.map((line) => line.product)]))
  expect(baskets(first(week))).toBe(baskets(first(days)))
})

test('chance is the same for the same seed and spreads over the whole range', () => {
  const draw = (seed: string): readonly number[] => {
    const random = randomOf(seed)
    return Array.from({ length: 1000 }, () => random.below(10))
  }
  expect(draw('a')).toEqual(draw('a'))
  expect(draw('a')).not.toEqual(draw('b'))
  expect(new Set(draw('a')).size).toBe(10)
})

test('the last of the days is the day on which the demo is made, and midnights follow the clock change', () => {
  expect(days).toHaveLength(demoDays)
  expect(days.at(-1)?.date).toBe(today)
  expect(midnightMs('Europe/Warsaw', '2026-10-25')).toBe(Date.UTC(2026, 9, 24, 22))
  expect(midnightMs('Europe/Warsaw', '2026-10-26')).toBe(Date.UTC(2026, 9, 25, 23))
})
