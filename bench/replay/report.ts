import { writeFileSync } from 'node:fs'
import { type Percentiles, percentilesOf } from '../percentiles.ts'
import type { Invoices } from './invoice.ts'
import { columns, type InvoiceRow } from './invoice-row.ts'
import type { GoodsBack } from './match-returns.ts'
import type { Sending } from './sending.ts'

const csvCell = (text: string): string => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
const csvRow = (cells: readonly string[]): string => `${cells.map(csvCell).join(',')}\n`
const cellsOf = (row: InvoiceRow): readonly string[] => columns.map((column) => row[column])

/** Writes every line that was not sent with its reason, and every invoice or cancellation that was refused. */
export const writeAside = (path: string, invoices: Invoices, sending: Sending): void => {
  const empty = columns.map(() => '')
  const lines = invoices.refused.map(({ row, reason }) => csvRow([reason, ...cellsOf(row), '']))
  const sales = sending.refusals.map(({ invoice, code, detail }) => csvRow([code, invoice, ...empty.slice(1), detail]))
  writeFileSync(path, [csvRow(['reason', ...columns, 'detail']), ...lines, ...sales].join(''))
}

const tally = (values: readonly string[]): readonly (readonly [string, number])[] => {
  const counts = new Map<string, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts].sort((a, b) => b[1] - a[1])
}

const line = (name: string, value: string): string => `  ${name.padEnd(34)}${value}`
const whole = (value: number): string => value.toLocaleString('en')
const times = ({ p50, p95, p99 }: Percentiles): string => `p50 ${p50} · p95 ${p95} · p99 ${p99} ms`

export interface Replayed {
  readonly invoices: Invoices
  readonly returns: readonly GoodsBack[]
  readonly sending: Sending
  readonly seconds: number
}

/** What a person reads at the end. */
export const summary = ({ invoices, returns, sending, seconds }: Replayed): string => {
  const { counts, measured } = sending
  const matched = returns.filter((each) => each.of !== undefined).length
  return [
    line('documents sent', whole(sending.done)),
    line('  booked', whole(counts.recorded)),
    line('  known already (duplicate)', whole(counts.duplicate)),
    line('  refused', whole(counts.parked + counts.refused)),
    line('points of customers', whole(counts.points)),
    line('cancellations', whole(invoices.cancellations.length)),
    line('  returns of an invoice', whole(matched)),
    line('  returns without receipt', whole(returns.length - matched)),
    line('  returns that wait for a sale', whole(counts.waiting)),
    line('points clawed back', whole(counts.clawedBack)),
    line('rate', `${whole(Math.round(sending.done / Math.max(seconds, 0.001)))} a second in ${seconds.toFixed(1)} s`),
    line('durable at the till', times(percentilesOf(measured.durableMs))),
    line('final result', times(percentilesOf(measured.settledMs))),
    line('invoices without a line left', whole(invoices.empty)),
    line('lines refused', whole(invoices.refused.length)),
    ...tally(invoices.refused.map(({ reason }) => reason)).map(([reason, count]) => line(`  ${reason}`, whole(count))),
    ...[...sending.notices].sort((a, b) => b[1] - a[1]).map(([code, count]) => line(`notice ${code}`, whole(count))),
  ].join('\n')
}
