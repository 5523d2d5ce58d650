import type { Rule } from '@premia/rules'
import { type DemoProduct, products } from '../catalogue/product.ts'
import type { DemoDay } from '../days.ts'

type DraftOf<R> = R extends Rule ? Omit<R, 'schema' | 'version' | 'valid'> : never

/** A rule as the demo writes it; `onDays` names the first day on which it holds and the first on which it no longer does. */
export type Draft = DraftOf<Rule> & { readonly onDays?: readonly [from: number, until: number] }

/** A program's rules; their dates hang on the demo's days. */
export type RulesOf = (days: readonly DemoDay[]) => readonly Rule[]

const dayStart = (days: readonly DemoDay[], index: number): string => {
  const day = days[index]
  if (day === undefined) throw new RangeError(`the demo has no day ${index}`)
  return `${day.date}T00:00`
}

export const drafted = ({ onDays, ...draft }: Draft, days: readonly DemoDay[]): Rule => {
  const valid =
    onDays === undefined ? {} : { valid: { from: dayStart(days, onDays[0]), to: dayStart(days, onDays[1]) } }
  return { schema: 1, version: 1, ...draft, ...valid } as Rule
}

/** Products whose name begins with a text, dearer than a price: what a fixed price can lower. */
export const productsNamed = (start: string, aboveMinor = 0): readonly DemoProduct[] => {
  const found = products.filter((product) => product.name.startsWith(start) && product.priceMinor > aboveMinor)
  if (found.length === 0) throw new RangeError(`no product is named ${start}`)
  return found
}

export const idsNamed = (start: string, aboveMinor = 0): readonly string[] =>
  productsNamed(start, aboveMinor).map((product) => product.id)
