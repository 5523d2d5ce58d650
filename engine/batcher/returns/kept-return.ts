import type { Received } from '../item.ts'
import { packText, unpackJson } from '../../ledger/kept-text.ts'

/** What `Received` has that JSON has not. */
type Kept = Omit<Received, 'signed'> & { readonly signed: string }

/** A return as it was received, to be booked when its sale comes. No card number is kept: the tokens are enough to find them. */
export const keepWaiting = ({ signed, ...received }: Received): Buffer => {
  const { sale } = received
  const kept: Kept = {
    ...received,
    sale: { ...sale, cards: sale.cards.map((card) => ({ ...card, number: '' })) },
    signed: signed.toString('base64'),
  }
  return packText(JSON.stringify(kept))
}

export const readWaiting = (kept: Uint8Array): Received => {
  const { signed, ...received } = unpackJson<Kept>(kept)
  return { ...received, signed: Buffer.from(signed, 'base64') }
}
