import type { CatalogueProduct, Law } from '@premia/pos-sdk/contract/till'
import type { Rule } from '@premia/rules'

/**
 * Which products a till must know to judge as the engine does. Left out may be a product that no rule selects and that the
 * law treats as it treats an unknown one; a rule that counts different products needs all of them.
 */
export const neededProducts = (rules: readonly Rule[], law: Law): ((product: CatalogueProduct) => boolean) => {
  const named = {
    products: new Set<string>(),
    categories: new Set<string>(),
    producers: new Set<string>(),
    tags: new Set<string>(),
  }
  let all = false
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return
    for (const [key, item] of Object.entries(value)) {
      if (key === 'products' && typeof item === 'number') all = true
      if (isSetName(key) && Array.isArray(item)) for (const code of item) named[key].add(String(code))
      else walk(item)
    }
  }
  for (const { slots } of rules) walk(slots)
  const unknown = JSON.stringify(law['unknown'] ?? law['general'])
  return ({ facts, regime, marks, floorMinor }) =>
    all ||
    marks.length > 0 ||
    floorMinor !== undefined ||
    JSON.stringify(law[regime ?? 'general'] ?? law['general']) !== unknown ||
    named.products.has(facts.id) ||
    facts.categories.some((category) => named.categories.has(category)) ||
    (facts.producer !== undefined && named.producers.has(facts.producer)) ||
    facts.tags.some((tag) => named.tags.has(tag))
}

type SetName = 'products' | 'categories' | 'producers' | 'tags'
const isSetName = (key: string): key is SetName =>
  key === 'products' || key === 'categories' || key === 'producers' || key === 'tags'
