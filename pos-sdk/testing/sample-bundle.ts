/** A bundle for tests and examples: one point for each 1.00 paid to the customer, one a unit of vitamins to the staff. */
import { compileRuleSet, type ProgramDocument, type Rule } from '@premia/rules'
import { type BundleDocument, type BundleProgram, instant, type Uuid, uuid } from '../contract/till/index.ts'

const document: ProgramDocument = {
  schema: 1,
  name: 'Sample',
  currency: 'PLN',
  zone: 'Europe/Warsaw',
  pointTypes: [
    {
      code: 'points',
      name: 'Points',
      scale: 0,
      rounding: 'floor',
      expiry: { kind: 'afterMonths', months: 12 },
      activation: { kind: 'now' },
      valueMinor: 5,
      onShortReturn: 'debt',
    },
  ],
  mainPointType: 'points',
  cardKinds: [],
  tiers: [],
  languages: ['pl'],
  alsoEarns: [],
  returnModel: 'frozen',
  lateLimitDays: 400,
  pointsLimitDays: 60,
  bundleValidDays: 7,
  contentMonths: 25,
}

const rules: readonly Rule[] = [
  {
    schema: 1,
    id: 'base',
    version: 1,
    name: '1 point for each 1.00',
    phase: 'accrual.base',
    then: [
      { do: 'points', to: 'customer', formula: { kind: 'perValue', minor: 100, points: 1, basis: 'paidInMoney' } },
    ],
  },
  {
    schema: 1,
    id: 'staff-vitamins',
    version: 3,
    name: 'Vitamins for the staff',
    phase: 'accrual.bonus',
    slots: [{ name: 'vitamins', items: { categories: ['vitamins'] } }],
    then: [
      { do: 'points', to: 'staff', of: 'vitamins', formula: { kind: 'perUnit', quantityMilli: 1_000, points: 1 } },
    ],
  },
]

/** One program's part; `ruleSet` fits the rules. */
export const sampleBundleProgram = (program: Uuid, change: Partial<BundleProgram> = {}): BundleProgram => ({
  program,
  name: 'Sample',
  steersPrices: true,
  validUntil: instant('2999-01-01T00:00:00.000Z'),
  ruleSet: compileRuleSet(change.rules ?? rules, document).hash,
  document,
  rules,
  ...change,
})

/** What the engine signs for a terminal; knows the product of `sampleLine`. */
export const sampleBundle = (
  terminal: Uuid,
  programs: readonly BundleProgram[],
  change: Partial<BundleDocument> = {},
): BundleDocument => ({
  schema: 1,
  terminal,
  issuedAt: instant('2026-11-21T00:00:00.000Z'),
  outlet: {
    id: uuid('01964c6e-7000-7000-8000-bb0000000001'),
    groups: [],
    type: 'pharmacy',
    country: 'PL',
    zone: 'Europe/Warsaw',
    currency: 'PLN',
  },
  holidays: [],
  law: {},
  products: [
    { codes: ['P-1001', '5901234123457'], facts: { id: 'P-1', categories: ['vitamins'], tags: [] }, marks: [] },
  ],
  staff: [{ id: uuid('01964c6e-7000-7000-8000-ff0000000001'), code: '1001' }],
  programs,
  ...change,
})
