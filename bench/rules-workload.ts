import {
  type Condition,
  type EvaluationInput,
  type ItemSelector,
  type LineFacts,
  periodKeys,
  type ProductFacts,
  type ProgramDocument,
  type Rule,
  weekday,
} from '@premia/rules'

/** Always the same numbers: xorshift32. */
export const seeded = (seed: number): (() => number) => {
  let state = seed
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 2 ** 32
  }
}

const SKUS = 5_000

export const program = {
  schema: 1,
  name: 'bench',
  currency: 'PLN',
  zone: 'Europe/Warsaw',
  pointTypes: [
    {
      code: 'main',
      name: 'Points',
      scale: 0,
      rounding: 'floor',
      expiry: { kind: 'never' },
      activation: { kind: 'now' },
      valueMinor: 5,
      onShortReturn: 'debt',
    },
  ],
  mainPointType: 'main',
  cardKinds: [],
  tiers: [],
  languages: ['pl'],
  alsoEarns: [],
  returnModel: 'frozen',
  lateLimitDays: 400,
  pointsLimitDays: 60,
  bundleValidDays: 7,
  contentMonths: 25,
} as const satisfies ProgramDocument

/** 200 leaf categories under 40 under 8, 100 producers, 30 tags. */
const productOf = (sku: number): ProductFacts => {
  const leaf = sku % 200
  return {
    id: `S${sku}`,
    categories: [`C${leaf}`, `D${leaf % 40}`, `E${leaf % 8}`],
    producer: `M${(sku * 7) % 100}`,
    tags: sku % 5 === 0 ? [`T${sku % 30}`] : [],
  }
}

/** Four of five rules name products, the rest categories, producers and tags; one in fifty looks at every basket, twenty at most. */
const itemsOf = (random: () => number, index: number): ItemSelector | undefined => {
  const at = index % 50
  if (at === 0 && index < 1_000) return undefined
  if (at < 41)
    return { products: Array.from({ length: 5 + Math.floor(random() * 15) }, () => `S${Math.floor(random() * SKUS)}`) }
  if (at < 45) return { categories: [`C${Math.floor(random() * 200)}`] }
  if (at < 46) return { categories: [`D${Math.floor(random() * 40)}`] }
  if (at < 49) return { producers: [`M${Math.floor(random() * 100)}`] }
  return { tags: [`T${5 * Math.floor(random() * 6)}`] }
}

const pick = (random: () => number, count: number, of: number, prefix: string): string[] =>
  Array.from({ length: count }, () => `${prefix}${Math.floor(random() * of)}`)

const conditionOf = (random: () => number): Condition => ({
  ...(random() < 0.6 && { outletGroups: pick(random, 4, 40, 'G') }),
  ...(random() < 0.3 && { cardKinds: pick(random, 2, 4, 'K') }),
  ...(random() < 0.2 && { tiers: pick(random, 2, 4, 't') }),
  ...(random() < 0.3 && { weekdays: [1, 2, 3, 4, 5, 6, 7].filter(() => random() < 0.5).concat(6) }),
  ...(random() < 0.2 && { hours: [[`0${6 + Math.floor(random() * 4)}:00`, `${12 + Math.floor(random() * 10)}:00`]] }),
})

export const rulesOf = (count: number): Rule[] => {
  const random = seeded(20_260_401)
  return Array.from({ length: count }, (_, index): Rule => {
    const items = itemsOf(random, index)
    return {
      schema: 1,
      id: `R${index}`,
      version: 1,
      name: `R${index}`,
      phase: index % 4 === 0 ? 'accrual.base' : 'accrual.bonus',
      when: conditionOf(random),
      ...(items !== undefined && { slots: [{ name: 'a', items }] }),
      then: [
        {
          do: 'points',
          to: 'customer',
          ...(items !== undefined && { of: 'a' }),
          formula:
            index % 3 === 0
              ? { kind: 'fixed', points: 5 }
              : { kind: 'perValue', minor: 100, points: 1 + (index % 3), basis: 'copayment' },
        },
      ],
    } as Rule
  })
}

export const saleOf = (random: () => number): EvaluationInput => {
  const lines = Array.from({ length: 5 }, (_, index) => {
    const price = 100 + Math.floor(random() * 5_000)
    const units = 1 + Math.floor(random() * 3)
    const product = productOf(Math.floor(random() ** 2 * SKUS))
    return {
      number: index + 1,
      kind: 'goods',
      product,
      quantityMilli: units * 1_000,
      unitPriceMinor: price,
      grossMinor: price * units,
      reductionMinor: 0,
      reimbursedMinor: 0,
      marks: [],
      law: { earn: true, discount: true, count: true },
    }
  }) as unknown as LineFacts[]
  const outlet = Math.floor(random() * 100)
  const date = `2026-11-${10 + Math.floor(random() * 14)}`
  return {
    schema: 1,
    mode: 'judge',
    kind: 'sale',
    currency: 'PLN',
    at: { date, minute: 420 + Math.floor(random() * 840), weekday: weekday(date), holiday: false },
    periods: periodKeys(date),
    outlet: {
      id: `o${outlet}`,
      // An outlet's groups do not change from sale to sale.
      groups: [0, 13, 26].map((step) => `G${(outlet * 7 + step) % 40}`),
      type: 'pharmacy',
      country: 'PL',
      owner: 'c1',
    },
    channel: 'counter',
    member: {
      id: 'm',
      tier: `t${Math.floor(random() * 4)}`,
      cardKind: `K${Math.floor(random() * 4)}`,
      kind: 'person',
      segments: [],
      attributes: {},
      firstPurchase: false,
      birthday: false,
      visits: 3,
    },
    lines,
    basketReductionMinor: 0,
    tenders: [],
    vouchers: [],
    mayEarn: true,
  } as unknown as EvaluationInput
}
