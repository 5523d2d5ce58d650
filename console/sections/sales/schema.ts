import { type SQL, sql } from 'drizzle-orm'
import { saleRegister, saleView } from '../../kit/server/read-schema.ts'
import { engineSource, type Source } from '../../kit/server/source.ts'
import { scopePrograms } from '../../kit/server/transaction.ts'
import { sales } from './section.ts'

/** One binding for both places a sale stands in: their columns have the same names. */
const salesIn = (
  sale: typeof saleView,
  spent: SQL,
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
        gross: { amountMinor: sale.grossMinor },
        reduction: { amountMinor: sale.reductionMinor },
        reimbursed: { amountMinor: sale.reimbursedMinor },
        paid: { amountMinor: sale.payableMinor },
        points: sale.points,
        notices: sale.notices,
        receivedAt: sale.receivedAt,
        bookedAt: sale.bookedAt,
      },
      computed: { spent },
    },
    {},
  )

/** A record is opened as it was booked: it is there the moment the till was answered. Only the gate knows the partition. */
const booked = salesIn(
  saleView,
  sql`(SELECT coalesce(-sum(p.amount), 0)::bigint FROM read.posting p
    WHERE p.program_id = ${saleView.programId} AND p.booked_at = ${saleView.bookedAt}
      AND p.document_id = ${saleView.documentId} AND p.kind = 'redeem')`,
  {
    locate: (id) => sql`${saleView.bookedAt} = ANY (ARRAY(SELECT k.booked_at FROM read.sale_key k
      WHERE k.program_id = ANY (${scopePrograms}) AND k.document_id = ${id}))`,
  },
)

/** Lists read the register: narrow rows, filed a moment after the booking. Its primary key covers what has no index of its own. */
export const source: Source = {
  ...salesIn(saleRegister as unknown as typeof saleView, sql`${saleRegister.spent}`, {
    folded: { number: saleRegister.numberFolded },
    key: [saleRegister.programId, saleRegister.occurredAt, saleRegister.documentId],
  }),
  opened: booked,
}
