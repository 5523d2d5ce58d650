import type { Activation, ExpiryPolicy, Ppm, ProgramDocument } from '@premia/rules'
import {
  array,
  boolean,
  choice,
  integer,
  literal,
  mapOf,
  object,
  oneOf,
  optional,
  type Schema,
  text,
} from '../schema.ts'
import { codeText, currencyText, dateText, POINTS_MAX, rate } from '../till/fields.ts'

const kind = codeText(40)
const name = text(200)
const days = integer(1, 3_660)
/** A hundred years: a program into which old sales are imported knows no age limit. */
const age = integer(1, 36_525)

const expiry: Schema<ExpiryPolicy> = choice(
  'kind',
  object({ kind: literal('never') }),
  object({ kind: literal('afterMonths'), months: integer(1, 120), endOf: optional(oneOf('day', 'month', 'year')) }),
  object({ kind: literal('afterDays'), days }),
  object({ kind: literal('onDate'), date: dateText }),
)
const activation: Schema<Activation> = choice(
  'kind',
  object({ kind: literal('now') }),
  object({ kind: literal('afterDays'), days: integer(0, 3_660) }),
  object({ kind: literal('afterReturnWindow') }),
)

const pointType = object({
  code: kind,
  name,
  scale: integer(0, 6),
  rounding: oneOf('floor', 'ceil', 'truncate', 'halfUp', 'halfEven'),
  expiry,
  activation,
  valueMinor: integer(0, 1_000_000),
  onShortReturn: oneOf('stopAtZero', 'debt'),
})

const group = object({
  code: kind,
  name,
  mode: oneOf('stack', 'first', 'best', 'worst', 'sumCapped'),
  parent: optional(kind),
  atMostRules: optional(integer(1, 1_000)),
  capMinor: optional(integer(0, POINTS_MAX)),
  capPoints: optional(integer(0, POINTS_MAX)),
})

/** The published document of a program. Type: `ProgramDocument` of the rules. */
export const programDocumentSchema: Schema<ProgramDocument> = object({
  schema: literal(1),
  name,
  currency: currencyText,
  zone: text(60),
  pointTypes: { ...array(pointType, 20), minItems: 1 },
  mainPointType: kind,
  cardKinds: { ...array(object({ code: kind, name, mayEarn: boolean, mayRedeem: boolean }), 50), minItems: 1 },
  tiers: array(object({ code: kind, name, rank: integer(0, 100), fromPoints: integer(0, POINTS_MAX) }), 20),
  tierPointType: optional(kind),
  languages: { ...array(oneOf('pl', 'en', 'ro'), 3), minItems: 1 },
  groups: optional(array(group, 200)),
  alsoEarns: array(oneOf('giftCard', 'deposit', 'delivery', 'donation', 'reward'), 5),
  returnModel: oneOf('frozen', 'readjudicated'),
  returnWindowDays: optional(integer(0, 3_660)),
  lateLimitDays: age,
  pointsLimitDays: age,
  bundleValidDays: integer(1, 90),
  contentMonths: integer(1, 240),
  valuation: optional(mapOf<string, Ppm>(kind, rate, 20)),
})
