import { raiseEverybody } from '../changes.ts'
import { type PeriodTable, putPeriods } from '../periods.ts'
import type { Definition } from './command.ts'
import { refuseTwins } from './refusal.ts'

const regimePeriods: PeriodTable = {
  name: 'directory.legal_regime',
  key: { country: 'text', outlet_type: 'text', regime_class: 'text' },
  facts: { may_earn: 'boolean', may_discount: 'boolean', may_count: 'boolean', source: 'text' },
}

/** What the law allows from an instant on, for all operators alike. */
export const importLaw: Definition<'law.import'> = {
  name: 'law.import',
  scope: 'operator',
  run: async ({ tx, acting }, { regimes }) => {
    refuseTwins(
      'regimes',
      regimes.map((each) => [each.country, each.outletType, each.regimeClass, each.from].join(' ')),
    )
    await putPeriods(
      tx,
      regimePeriods,
      regimes.map((each) => ({
        country: each.country,
        outlet_type: each.outletType,
        regime_class: each.regimeClass,
        from_at: each.from,
        may_earn: each.mayEarn,
        may_discount: each.mayDiscount,
        may_count: each.mayCount,
        source: each.source,
      })),
    )
    await raiseEverybody(tx)
    return {
      result: { count: regimes.length },
      section: 'law',
      row: acting.operator,
      changes: { regimes: [null, regimes.length] },
    }
  },
}
