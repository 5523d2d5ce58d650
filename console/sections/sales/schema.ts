import { type SQL, sql } from 'drizzle-orm'
import type { PgColumn } from 'drizzle-orm/pg-core'
import { saleRegister, saleView } from '../../kit/server/read-schema.ts'
import { engineSource, type Source } from '../../kit/server/source.ts'
import { scopePrograms } from '../../kit/server/transaction.ts'
import { sales } from './section.ts'

/** One binding for both places a sale stands in: their columns have the same names. */
const salesIn = (
  sale: typeof saleView,
  { spent, amount }: { readonly spent: SQL; readonly amount: (booked: PgColumn) => PgColumn | SQL },
  more: Pick<Source['binding'], 'locate' | 'folded' | 'key'>,
): Source =>
  engineSource(
    sales,
    {
      view: sale,
      id: sale.documentId,
      scope: { program: sale.programId, outlet: sale.outletId },
      period: 'occurredAt',
      ...more,
      columns: {
        occurredAt: sale.occurredAt,
        outlet: sale.outletId,
        terminal: sale.terminalId,
        staff: sale.staffId,
        number: sale.documentNumber,
        kind: sale.kind,
        member: sale.memberId,
        gross: { amountMinor: amount(sale.grossMinor) },
        reduction: { amountMinor: amount(sale.reductionMinor) },
        reimbursed: { amountMinor: amount(sale.reimbursedMinor) },
        paid: { amountMinor: amount(sale.payableMinor) },
        points: sale.points,
        notices: sale.notices,
        receivedAt: sale.receivedAt,
        bookedAt: sale.bookedAt,
      },
      computed: { spent },
    },
    {},
  )

/** What a return paid back is booked as it is and shown with a minus, as it is filed. */
const signed = (amount: PgColumn): SQL => sql`CASE ${saleView.kind} WHEN 'return' THEN -${amount} ELSE ${amount} END`

/** A record is opened as it was booked: it is there the moment the till was answered. Only the gate knows the partition. */
const booked = salesIn(
  saleView,
  {
    amount: signed,
    spent: sql`(SELECT coalesce(-sum(p.amount), 0)::bigint FROM read.posting p
    WHERE p.program_id = ${saleView.programId} AND p.booked_at = ${saleView.bookedAt}
      AND p.document_id = ${saleView.documentId} AND p.kind IN ('redeem', 'giveBack'))`,
  },
  {
    locate: (id) => sql`${saleView.bookedAt} = ANY (ARRAY(SELECT k.booked_at FROM read.sale_key k
      WHERE k.program_id = ANY (${scopePrograms}) AND k.document_id = ${id}))`,
  },
)

/** Lists read the register: narrow rows, filed a moment after the booking. Its primary key covers what has no index of its own. */
export const source: Source = {
  ...salesIn(
    saleRegister as unknown as typeof saleView,
    { amount: (filed) => filed, spent: sql`${saleRegister.spent}` },
    {
      folded: { number: saleRegister.numberFolded },
      key: [saleRegister.programId, saleRegister.occurredAt, saleRegister.documentId],
    },
  ),
  opened: booked,
}
