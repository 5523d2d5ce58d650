import { countEn } from '../../kit/model/plural.ts'
import type { MembersTexts } from './words.ts'

export const texts: MembersTexts = {
  title: 'Members',
  count: (n) => countEn(n, 'member', 'members'),
  newer: (n) => `${n} newer`,
  fields: {
    name: { label: 'Name' },
    fullName: { label: 'Full name' },
    phone: { label: 'Phone' },
    email: { label: 'E-mail' },
    city: { label: 'City' },
    kind: { label: 'Kind' },
    state: { label: 'State' },
    tier: { label: 'Tier' },
    balance: { label: 'Balance' },
    pending: { label: 'Pending' },
    nextExpiryPoints: { label: 'Expiring next', short: 'Expiring' },
    nextExpiryAt: { label: 'Next expiry', short: 'On' },
    lastSaleAt: { label: 'Last visit' },
    visits: { label: 'Visits' },
    cards: { label: 'Cards' },
    blockedCards: { label: 'Blocked cards' },
    joinedAt: { label: 'Joined' },
    joinedOutlet: { label: 'Joined at' },
  },
  choices: {
    kind: { person: 'person', company: 'company' },
    state: { active: 'active', blocked: 'blocked', left: 'left', merged: 'merged', erased: 'erased' },
  },
  views: { all: 'All', active: 'Active in 30 days', expiring: 'Expiring in 30 days', blocked: 'With a blocked card' },
  actions: {
    blockCard: {
      label: 'Block card',
      ask: 'Block this card?',
      effect: 'From the next sale on, every till refuses it and it earns nothing. Points stay with the member.',
      done: 'Card blocked',
    },
    unblockCard: {
      label: 'Unblock card',
      ask: 'Unblock this card?',
      effect: 'From the next sale on it works at every till again.',
      done: 'Card unblocked',
    },
  },
  none: { title: 'No members yet', text: 'Members join at a till or are imported by the organizer.' },
}
