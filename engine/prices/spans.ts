import { addDays } from '@premia/rules'

/** From one day on which a price was seen to another. */
export interface DateSpan {
  readonly from: string
  readonly until: string
}

/**
 * Two days on which a price was seen belong to one span when they are at most so many days apart. A gap is then shorter than
 * the 30 days that count before a price cut: a span meets these days if and only if the price was seen on one of them. So
 * spans tell all that the days themselves would.
 */
const GAP_DAYS = 30

/**
 * The law of the record: the spans of a price are a function of the set of days on which it was seen, and of nothing else.
 * In which order, how often and in which batches the sales came makes no difference, and one that comes late claims its own
 * day alone. Answers all spans, in order.
 */
export const joinDays = (spans: readonly DateSpan[], days: readonly string[]): readonly DateSpan[] => {
  const seen = [...spans, ...days.map((day) => ({ from: day, until: day }))].sort((a, b) => (a.from < b.from ? -1 : 1))
  const joined: DateSpan[] = []
  for (const span of seen) {
    const last = joined.at(-1)
    if (last === undefined || addDays(last.until, GAP_DAYS) < span.from) joined.push(span)
    else if (last.until < span.until) joined[joined.length - 1] = { from: last.from, until: span.until }
  }
  return joined
}
