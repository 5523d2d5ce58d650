import type { ItemSelector, ProgramDocument, Rule, Slot } from '@premia/rules'
import { program, rulesOf } from './rules-workload.ts'

/** The rules of the comparison spread over all phases, with what other engines cannot be asked: thresholds, limits, groups. */

export const allPhasesProgram: ProgramDocument = {
  ...program,
  groups: [
    { code: 'best', name: 'best', mode: 'best', atMostRules: 2 },
    { code: 'capped', name: 'capped', mode: 'sumCapped', capPoints: 500 },
  ],
}

type Head = Pick<Rule, 'schema' | 'id' | 'version' | 'name' | 'when' | 'slots' | 'limits' | 'group'>

const memberLimit = {
  limits: [
    { per: 'member', period: 'month', measure: 'points', most: 10_000, over: 'truncate' },
  ] as const satisfies Rule['limits'],
}

const phased = (head: Head, index: number, of: { of?: string }): Rule => {
  const percent = { kind: 'percent', ppm: 50_000 + (index % 5) * 10_000 } as const
  switch (index % 10) {
    case 1:
      return { ...head, phase: 'price', then: [{ do: 'priceOff', ...of, off: percent }] }
    case 2:
    case 3:
      return { ...head, group: 'best', phase: 'line', then: [{ do: 'priceOff', ...of, off: percent }] }
    case 4:
      return { ...head, phase: 'basket', then: [{ do: 'basketOff', ...of, off: { kind: 'amount', minor: 100 } }] }
    case 5:
      return { ...head, phase: 'payment', then: [{ do: 'pointsPay', ...of, mostPpm: 500_000 }] }
    case 6:
    case 7: {
      const formula = { kind: 'perValue', minor: 100, points: 1, basis: 'paidInMoney' } as const
      return {
        ...head,
        ...memberLimit,
        phase: 'accrual.base',
        then: [{ do: 'points', to: 'customer', ...of, formula }],
      }
    }
    case 8:
      return { ...head, phase: 'accrual.bonus', then: [{ do: 'multiply', to: 'customer', how: 'add', ppm: 500_000 }] }
    default: {
      const formula = { kind: 'fixed', points: 20 } as const
      return {
        ...head,
        group: 'capped',
        phase: 'accrual.bonus',
        then: [{ do: 'points', to: 'customer', ...of, formula }],
      }
    }
  }
}

export const allPhases = (count: number): Rule[] =>
  rulesOf(count).map(({ schema, id, version, name, when, slots }, index): Rule => {
    const items: ItemSelector | undefined = slots?.[0]?.items
    const slot: Slot | undefined = items && {
      name: 'a',
      items,
      ...(index % 3 === 0 && { atLeast: { quantityMilli: 2_000 } }),
      ...(index % 7 === 0 && { each: { quantityMilli: 1_000, atMostTimes: 3 } }),
    }
    const head: Head = { schema, id, version, name, ...(when && { when }), ...(slot && { slots: [slot] }) }
    return phased(head, index, slot ? { of: 'a' } : {})
  })
