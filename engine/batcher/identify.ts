import type { Uuid } from '@premia/pos-sdk/contract/till'
import type { LoadedMembers } from '../members/load.ts'
import type { CardRow, MemberRow } from '../members/member.ts'
import type { MemberAt } from './facts.ts'
import type { Judged } from './item.ts'
import type { Notices } from './notices.ts'
import { Lacking } from './lacking.ts'

export interface Identified {
  /** Whose sale it is in this program; `null`: anonymous. */
  readonly buyer: MemberAt | null
  /** The card of the staff who served belongs to the buyer. */
  readonly ownCard: boolean
}

/**
 * Who bought: the first card of the sale whose member may take part. Cards of others and cards that may not be used leave
 * a notice and change nothing else. `again` when a card points to a member the batch has not locked.
 */
export const identify = (
  batch: { readonly loaded: LoadedMembers },
  received: Judged,
  notices: Notices,
): Identified | 'again' => {
  let buyer: MemberAt | null = null
  const staffMembers: Uuid[] = []
  for (const [index, { role }] of received.sale.cards.entries()) {
    const card = batch.loaded.cards.get(received.cardTokens[index] as string)
    if (card === undefined) {
      notices.add('card_unknown', { card: index })
      continue
    }
    const member = memberOf(batch.loaded, card)
    if (member === 'again') return 'again'
    if (role === 'staff') {
      staffMembers.push(member.memberId)
      continue
    }
    const refusal = refusalOf(card, member, received.atMs)
    if (refusal !== null) notices.add(refusal, { card: index })
    else if (buyer === null) buyer = { member, card, periods: batch.loaded.periods.get(member.memberId) ?? [] }
    else if (buyer.member.memberId !== member.memberId) notices.add('second_member_ignored', { card: index })
  }
  return { buyer, ownCard: buyer !== null && staffMembers.includes(buyer.member.memberId) }
}

/** A merged member's cards go on resolving, to whom it was merged into. */
const memberOf = (loaded: LoadedMembers, card: CardRow): MemberRow | 'again' => {
  const member = loaded.members.get(card.memberId)
  if (member === undefined) return 'again'
  if (member.mergedInto === null) return member
  const final = loaded.members.get(member.mergedInto)
  if (final === undefined) throw new Lacking({ members: [member.mergedInto] })
  return final
}

const refusalOf = (card: CardRow, member: MemberRow, atMs: number): 'card_blocked' | 'card_expired' | null => {
  if (card.state === 'expired') return 'card_expired'
  if (card.state !== 'active' || member.state !== 'active') return 'card_blocked'
  return card.expiresAtMs !== null && card.expiresAtMs <= atMs ? 'card_expired' : null
}
