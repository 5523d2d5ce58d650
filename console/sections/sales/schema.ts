import { sql } from 'drizzle-orm'
import { saleView as sale } from '../../kit/server/read-schema.ts'
import { engineSource } from '../../kit/server/source.ts'
import { scopePrograms } from '../../kit/server/transaction.ts'
import { sales } from './section.ts'

export const source = engineSource(
  sales,
  {
    view: sale,
    id: sale.documentId,
    scope: { program: sale.programId, outlet: sale.outletId },
    period: 'occurredAt',
    locate: (id) => sql`${sale.bookedAt} = ANY (ARRAY(SELECT k.booked_at FROM read.sale_key k
      WHERE k.program_id = ANY (${scopePrograms}) AND k.document_id = ${id}))`,
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
    computed: {
      // The booking instant leads the ledger's key: this is one probe of one partition a row.
      spent: sql`(SELECT coalesce(-sum(p.amount), 0)::bigint FROM read.posting p
        WHERE p.program_id = ${sale.programId} AND p.booked_at = ${sale.bookedAt}
          AND p.document_id = ${sale.documentId} AND p.kind = 'redeem')`,
    },
  },
  {},
)
