import type { Line, Sale } from '@premia/pos-sdk/contract/till'
import type { KeptCard, KeptUse, SaleContent } from '../ledger/sale-content.ts'
import type { Books, ToBook } from './books.ts'

type Kept = Pick<ToBook, 'received' | 'judgement' | 'keeps'> & { readonly before?: SaleContent['before'] | undefined }

/** The redactable column: cards, members and uses of this program only, and less where the program may keep only totals. */
export const contentOf = (
  books: Pick<Books, 'loaded' | 'vouchers' | 'program'>,
  { received, judgement, keeps, before }: Kept,
): string => {
  const { sale } = received
  const all = keeps === 'all'
  const uses = keptUses(books, received.voucherTokens, sale)
  const cards = keptCards(books, received.cardTokens, sale)
  const content: Omit<SaleContent, 'lines' | 'tenders' | 'input'> = {
    schema: 1,
    currency: sale.currency,
    channel: sale.channel,
    utcOffsetMinutes: sale.utcOffsetMinutes,
    document: sale.document,
    ...(sale.original === undefined ? undefined : { original: sale.original }),
    roundingMinor: sale.totals.roundingMinor,
    ...(sale.privacy === undefined ? undefined : { privacy: sale.privacy }),
    ...(sale.adjustments.length === 0 ? undefined : { adjustments: sale.adjustments }),
    ...(uses.length === 0 ? undefined : { uses }),
    ...(cards.length === 0 ? undefined : { cards }),
    ...(sale.signature.salt === undefined ? undefined : { salt: sale.signature.salt }),
    ...(all && Object.keys(judgement.counters).length > 0 ? { counters: judgement.counters } : undefined),
    ...(before === undefined ? undefined : { before }),
  }
  // Lines and tenders have been written already, to be hashed.
  const lines = all ? received.texts.lines : JSON.stringify(sale.lines.map(withoutProduct))
  const input = all ? `,"input":${JSON.stringify(judgement.input)}` : ''
  return `${JSON.stringify(content).slice(0, -1)},"lines":${lines},"tenders":${received.texts.tenders}${input}}`
}

/** Amounts per line, nothing that tells what was bought. */
const withoutProduct = ({ product: _p, name: _n, category: _c, batch: _b, reimbursement, ...line }: Line): Line => ({
  ...line,
  ...(reimbursement === undefined
    ? undefined
    : { reimbursement: { payer: reimbursement.payer, amountMinor: reimbursement.amountMinor } }),
})

const keptCards = ({ loaded }: Pick<Books, 'loaded'>, tokens: readonly string[], sale: Sale): KeptCard[] =>
  sale.cards.map(({ entry, role }, index) => {
    const token = tokens[index] as string
    const card = loaded.cards.get(token)?.cardId
    return card === undefined ? { index, entry, role, token } : { index, entry, role, card }
  })

const keptUses = (
  { vouchers, program }: Pick<Books, 'vouchers' | 'program'>,
  tokens: readonly (string | null)[],
  sale: Sale,
): KeptUse[] =>
  sale.uses.map((use, index): KeptUse => {
    const amountMinor = 'amountMinor' in use ? use.amountMinor : 0
    if (use.kind === 'voucher') {
      const voucher = vouchers.get(tokens[index] ?? '')?.voucherId
      return voucher === undefined
        ? { index, kind: 'external', amountMinor }
        : { index, kind: 'voucher', amountMinor, voucher }
    }
    if (use.program !== program.publicId) return { index, kind: 'external', amountMinor }
    switch (use.kind) {
      case 'points':
        return { index, kind: use.kind, amountMinor, points: use.points, pointType: use.pointType }
      case 'reward':
        return { index, kind: use.kind, amountMinor, reward: use.reward, quantity: use.quantity }
      case 'discretionary':
        return { index, kind: use.kind, amountMinor, points: use.points, reason: use.reason }
    }
  })
