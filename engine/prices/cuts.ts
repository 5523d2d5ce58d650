import { cutBegan, cutsPrices, inForceSince, type SetPeriod } from '@premia/pos-sdk/contract/admin'
import { type CatalogueProduct, localTime } from '@premia/pos-sdk/contract/till'
import type { ItemSelector, ItemSet, ProductFacts, Rule } from '@premia/rules'
import { textArray } from '../db/arrays.ts'
import type { Tx } from '../db/pool.ts'

/** A rule that cuts prices at an outlet, now or later. */
export interface Cut {
  readonly rule: string
  /** The local day on which its cut began, or begins: what was asked in the 30 days before it has to be told. */
  readonly since: string
  /** Whether it may cut the price of this product; true rather than false in doubt. */
  readonly selects: (product: CatalogueProduct) => boolean
}

export interface CutQuery {
  readonly rules: readonly Rule[]
  /** Of the outlet. */
  readonly zone: string
  readonly nowMs: number
}

/** Since when rules have been in force without a break, by rule; absent where one is not. */
export type InForce = ReturnType<typeof inForceSince>

export const cutsOf = ({ rules, zone, nowMs }: CutQuery, since: InForce): readonly Cut[] => {
  const today = localTime(zone, nowMs).date
  return rules.flatMap((rule): readonly Cut[] => {
    if (!cutsPrices(rule) || (rule.valid?.to !== undefined && rule.valid.to <= today)) return []
    const fromMs = since.get(rule.id)
    const inForce = fromMs === undefined ? undefined : localTime(zone, fromMs).date
    return [{ rule: rule.id, since: cutBegan(rule, { inForce, today }), selects: selecting(rule) }]
  })
}

const selecting = ({ slots = [] }: Rule): Cut['selects'] => {
  const selectors = slots.map(({ items }) => items)
  return ({ facts }) => selectors.length === 0 || selectors.some((items) => takes(items, facts))
}

const takes = (items: ItemSelector | undefined, facts: ProductFacts): boolean =>
  items === undefined || (isIn(items, facts) && (items.and === undefined || isIn(items.and, facts)))

type Named = { readonly [Key in keyof ItemSet]-?: ReadonlySet<string> }

const named = new WeakMap<ItemSet, Named>()

/** Lists may be long, and each product asks. */
const namedIn = (set: ItemSet): Named => {
  let found = named.get(set)
  if (found === undefined) {
    const { products, categories, producers, tags } = set
    found = {
      products: new Set(products),
      categories: new Set(categories),
      producers: new Set(producers),
      tags: new Set(tags),
    }
    named.set(set, found)
  }
  return found
}

/** A set that names nothing is every line. */
const isIn = (set: ItemSet, facts: ProductFacts): boolean => {
  const { products, categories, producers, tags } = namedIn(set)
  return (
    products.size + categories.size + producers.size + tags.size === 0 ||
    products.has(facts.id) ||
    facts.categories.some((category) => categories.has(category)) ||
    (facts.producer !== undefined && producers.has(facts.producer)) ||
    facts.tags.some((tag) => tags.has(tag))
  )
}

/** Sets that are looked back at: who publishes each day has a cut of half a year told from its true beginning. */
const PERIODS_MAX = 200

/** Reads since when rules that cut prices have been in every set in force. A set takes effect when it is decided, never before. */
export const readInForce = async (
  tx: Tx,
  programId: number,
  { rules, nowMs }: Omit<CutQuery, 'zone'>,
): Promise<InForce> => {
  const cuts = rules.filter(cutsPrices).map(({ id }) => id)
  if (cuts.length === 0) return new Map()
  const now = new Date(nowMs)
  const rows = await tx<SetPeriod[]>`
    SELECT (extract(epoch FROM p.from_at) * 1000)::bigint AS "fromMs",
      (extract(epoch FROM p.effective_at) * 1000)::bigint AS "effectiveMs",
      array(SELECT r.rule FROM jsonb_to_recordset(s.rules) AS r (rule text) WHERE r.rule = ANY (${textArray(cuts)}::text[]))
        AS rules
    FROM (SELECT from_at, decided_at, greatest(from_at, decided_at) AS effective_at, hash FROM loyalty.rule_set_period
      WHERE program_id = ${programId} AND from_at <= ${now} AND decided_at <= ${now}
      ORDER BY 3 DESC, 2 DESC LIMIT ${PERIODS_MAX}) p
    JOIN loyalty.rule_set s ON s.program_id = ${programId} AND s.hash = p.hash
    ORDER BY p.effective_at, p.decided_at`
  return inForceSince(rows)
}
