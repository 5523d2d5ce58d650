import { products } from '@premia/engine/demo/catalogue/product.ts'
import { randomOf } from '@premia/engine/demo/random.ts'
import type { ProgramDocument, Rule } from '@premia/rules'

export const programDocument = (name: string): ProgramDocument => ({
  schema: 1,
  name: `Bench ${name}`,
  currency: 'PLN',
  zone: 'Europe/Warsaw',
  pointTypes: [
    {
      code: 'PKT',
      name: 'Points',
      scale: 0,
      rounding: 'floor',
      expiry: { kind: 'afterMonths', months: 12, endOf: 'month' },
      activation: { kind: 'now' },
      valueMinor: 1,
      onShortReturn: 'debt',
    },
  ],
  mainPointType: 'PKT',
  cardKinds: [{ code: 'card', name: 'Card', mayEarn: true, mayRedeem: true }],
  tiers: [],
  languages: ['en'],
  alsoEarns: [],
  returnModel: 'readjudicated',
  lateLimitDays: 400,
  pointsLimitDays: 60,
  bundleValidDays: 7,
  contentMonths: 25,
})

const perValue = (to: 'customer' | 'owner', minor: number) =>
  ({
    do: 'points',
    to,
    formula: { kind: 'perValue', minor, points: 1, basis: 'paidInMoney' },
  }) as const

const baseRules = (owner: boolean): readonly Rule[] => [
  { schema: 1, version: 1, id: 'BASE', name: 'Base', phase: 'accrual.base', then: [perValue('customer', 100)] },
  {
    schema: 1,
    version: 1,
    id: 'STAFF',
    name: 'Staff',
    phase: 'accrual.base',
    then: [{ do: 'points', to: 'staff', formula: { kind: 'fixed', points: 1 } }],
  },
  ...(owner
    ? ([
        { schema: 1, version: 1, id: 'OWNER', name: 'Owner', phase: 'accrual.base', then: [perValue('owner', 1_000)] },
      ] satisfies readonly Rule[])
    : []),
]

const categoryIds = [...new Set(products.map(({ category }) => category))].sort()
const producerIds = [...new Set(products.map(({ producer }) => producer))].sort()

const bonusRule = (place: number): Rule => {
  const random = randomOf(`bench-rule:${place}`)
  const head = { schema: 1, version: 1, id: `BONUS-${place}`, name: `Bonus ${place}`, phase: 'accrual.bonus' } as const
  const fixed = { kind: 'fixed', points: random.between(1, 5) } as const
  const onSlot = (items: NonNullable<Rule['slots']>[number]['items'], atLeast?: number): Rule => ({
    ...head,
    slots: [
      {
        name: 's',
        ...(items === undefined ? {} : { items }),
        ...(atLeast === undefined ? {} : { atLeast: { quantityMilli: atLeast } }),
      },
    ],
    then: [{ do: 'points', to: 'customer', of: 's', formula: fixed }],
  })
  const share = place % 20
  // Most promotions name a few products; the others a category, a producer, hours, or the whole basket.
  if (share < 12) return onSlot({ products: Array.from({ length: 4 }, () => random.pick(products).id) })
  if (share < 15) return onSlot({ categories: [random.pick(categoryIds)] }, 3000)
  if (share < 18) return onSlot({ producers: [random.pick(producerIds)] }, 4000)
  if (share === 18) {
    return {
      ...onSlot({ categories: [random.pick(categoryIds)] }),
      when: { weekdays: [random.between(1, 7)], hours: [['08:00', '12:00']] },
    }
  }
  return {
    ...head,
    slots: [{ name: 's', atLeast: { valueMinor: random.between(200, 900) * 100 } }],
    then: [{ do: 'points', to: 'customer', formula: fixed }],
  }
}

/** So many rules, all in force. Without owner points one more promotion takes the owner rule's place. */
export const activeRules = (count: number, { owner }: { readonly owner: boolean }): readonly Rule[] => {
  const base = baseRules(owner)
  return [...base, ...Array.from({ length: count - base.length }, (_, place) => bonusRule(place))]
}
