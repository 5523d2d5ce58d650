import type { Entries } from '../ledger/entries.ts'
import { askedPrices } from '../prices/asked.ts'
import type { PriceNews } from '../prices/seen.ts'
import type { Program } from '../programs/program.ts'
import { countedLines, type Deltas, Sheet } from '../rollups/deltas.ts'
import type { Booking } from './book.ts'

/** With the prices that the record has not been told yet. */
export type Sums = Deltas & { readonly prices: PriceNews }

/**
 * What a batch adds to the rollups, for its outbox row: all of it is in memory here, while the jobs would have to read and
 * unpack every sale. Lines count only where the content keeps them, so that a day counted again from the sales is the same.
 */
export const sumsOf = (
  { program, entries }: { readonly program: Program; readonly entries: Entries },
  bookings: readonly Booking[],
): Sums => {
  const sheet = new Sheet()
  const { mainPointType } = program.document
  const dates = new Map<string, string>()
  for (const { received, judgement, staffId, memberId, mainPoints, keepsLines } of bookings) {
    const { id, kind, businessDate, totals } = received.sale
    dates.set(id, businessDate)
    const lines = keepsLines ? countedLines(judgement.input.lines, judgement.outcome, mainPointType) : []
    const { outlet } = received
    sheet.document({
      kind,
      businessDate,
      outlet,
      staff: staffId,
      member: memberId,
      ...totals,
      points: mainPoints,
      lines,
    })
  }
  for (const { documentId, kind, accountId, pointType, amount } of entries.postings) {
    const house = entries.house.get(accountId)
    sheet.posting({
      businessDate: dates.get(documentId) as string,
      kind,
      holderKind: house?.holderKind ?? 'member',
      holder: house?.holderId ?? null,
      pointType,
      amount,
    })
  }
  return {
    ...sheet.deltas(),
    prices: program.seenPrices.news(bookings.flatMap((booking) => pricesOf(program, booking))),
  }
}

/** Only the program that steers prices at the outlet keeps them. */
const pricesOf = (
  program: Program,
  { received, judgement, set, keepsLines }: Booking,
): ReturnType<typeof askedPrices> => {
  const { sale, outlet, atMs } = received
  if (!keepsLines || program.admission(outlet, atMs)?.steersPrices !== true) return []
  return askedPrices({ kind: sale.kind, outlet, lines: sale.lines, input: judgement.input }, () => set)
}
