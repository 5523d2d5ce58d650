import { countRo } from '../../kit/model/plural.ts'
import type { MembersTexts } from './words.ts'

export const texts: MembersTexts = {
  title: 'Membri',
  count: (n) => countRo(n, 'membru', 'membri'),
  newer: (n) => (n === 1 ? '1 mai nou' : `${n} mai noi`),
  fields: {
    name: { label: 'Nume' },
    fullName: { label: 'Nume complet' },
    phone: { label: 'Telefon' },
    email: { label: 'E-mail' },
    city: { label: 'Localitate' },
    kind: { label: 'Tip' },
    state: { label: 'Stare' },
    tier: { label: 'Nivel' },
    balance: { label: 'Sold' },
    pending: { label: 'În așteptare' },
    nextExpiryPoints: { label: 'Expiră în curând', short: 'Expiră' },
    nextExpiryAt: { label: 'Următoarea expirare', short: 'La data' },
    lastSaleAt: { label: 'Ultima vizită' },
    visits: { label: 'Vizite' },
    cards: { label: 'Carduri' },
    blockedCards: { label: 'Carduri blocate' },
    joinedAt: { label: 'Membru din', short: 'Din' },
    joinedOutlet: { label: 'Înscris la' },
  },
  choices: {
    kind: { person: 'persoană', company: 'firmă' },
    state: { active: 'activ', blocked: 'blocat', left: 'retras', merged: 'unificat', erased: 'șters' },
  },
  views: {
    all: 'Toți',
    active: 'Activi în 30 de zile',
    expiring: 'Expiră în 30 de zile',
    blocked: 'Cu card blocat',
  },
  actions: {
    blockCard: {
      label: 'Blochează cardul',
      ask: 'Blocați acest card?',
      effect:
        'De la următoarea tranzacție nicio casă nu îl mai primește și nu mai acumulează puncte. Punctele rămân ale membrului.',
      done: 'Card blocat',
    },
    unblockCard: {
      label: 'Deblochează cardul',
      ask: 'Deblocați acest card?',
      effect: 'De la următoarea tranzacție funcționează din nou la orice casă.',
      done: 'Card deblocat',
    },
  },
  none: { title: 'Încă nu există membri', text: 'Membrii se înscriu la casă sau sunt importați de organizator.' },
}
