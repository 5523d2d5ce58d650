import { createHash } from 'node:crypto'
import { checkSchema, inspectSale, type Sale, saleSchema } from '@premia/pos-sdk/contract/till'
import { canonicalJson, mulDiv } from '@premia/rules'
import { validateProgram, validateRules } from '@premia/rules/validate'
import { beforeAll, expect, test } from 'vitest'
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
  expect(made.length).toBeGreaterThan(22_000)
  expect(made.length).toBeLessThan(28_000)
  const withCard = made.filter(({ sale }) => sale.cards.length > 0).length / made.length
  expect(withCard).toBeGreaterThan(0.53)
  expect(withCard).toBeLessThan(0.64)
  for (const each of made.filter((_, index) => index % 40 === 0)) {
    expect(inspectSale(signed(each), (value) => checkSchema(saleSchema, value))).toBeNull()
  }
  expect(Math.max(...made.map(({ sale }) => sale.lines.length))).toBe(9)
})

test('gross, reductions, reimbursement and tenders of every sale add up', () => {
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
