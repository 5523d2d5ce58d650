import type { Received } from '../item.ts'
import { packText, unpackJson } from '../../ledger/kept-text.ts'

/** What `Received` has that JSON has not. */
type Kept = Omit<Received, 'signed'> & { readonly signed: string }

/** A return as it was received, to be booked when its sale comes. What was shown with the goods is not kept: nothing asks for it. */
export const keepWaiting = ({ signed, ...received }: Received): Buffer => {
  const { sale } = received
  const uses = sale.uses.map((use) => (use.kind === 'voucher' ? { ...use, code: '' } : use))
  const kept: Kept = {
    ...received,
    sale: { ...sale, cards: [], uses },
    cardTokens: [],
    signed: signed.toString('base64'),
  }
  return packText(JSON.stringify(kept))
}

export const readWaiting = (kept: Uint8Array): Received => {
  const { signed, ...received } = unpackJson<Kept>(kept)
  return { ...received, signed: Buffer.from(signed, 'base64') }
}
