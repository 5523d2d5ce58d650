import { countPl } from '../../kit/model/plural.ts'
import type { MembersTexts } from './words.ts'

export const texts: MembersTexts = {
  title: 'Uczestnicy',
  count: (n) => countPl(n, 'uczestnik', 'uczestników', 'uczestników'),
  newer: (n) => countPl(n, 'nowszy', 'nowszych', 'nowszych'),
  fields: {
    name: { label: 'Imię i nazwisko', short: 'Uczestnik' },
    fullName: { label: 'Imię i nazwisko' },
    phone: { label: 'Telefon' },
    email: { label: 'E-mail' },
    city: { label: 'Miejscowość' },
    kind: { label: 'Rodzaj' },
    state: { label: 'Stan' },
    tier: { label: 'Poziom' },
    balance: { label: 'Saldo' },
    pending: { label: 'Oczekujące' },
    nextExpiryPoints: { label: 'Najbliżej wygasną', short: 'Wygasną' },
    nextExpiryAt: { label: 'Najbliższe wygaśnięcie', short: 'Dnia' },
    lastSaleAt: { label: 'Ostatnia wizyta' },
    visits: { label: 'Wizyty' },
    cards: { label: 'Karty' },
    blockedCards: { label: 'Zablokowane karty' },
    joinedAt: { label: 'W programie od', short: 'Od' },
    joinedOutlet: { label: 'Zapisany w placówce' },
  },
  choices: {
    kind: { person: 'osoba', company: 'firma' },
    state: { active: 'aktywny', blocked: 'zablokowany', left: 'wypisany', merged: 'scalony', erased: 'usunięty' },
  },
  views: {
    all: 'Wszyscy',
    active: 'Aktywni w 30 dni',
    expiring: 'Wygasają w 30 dni',
    blocked: 'Z zablokowaną kartą',
  },
  actions: {
    blockCard: {
      label: 'Zablokuj kartę',
      ask: 'Zablokować tę kartę?',
      effect:
        'Od następnej transakcji żadna kasa jej nie przyjmie i nie naliczy na nią punktów. Punkty zostają na koncie uczestnika.',
      done: 'Karta zablokowana',
    },
    unblockCard: {
      label: 'Odblokuj kartę',
      ask: 'Odblokować tę kartę?',
      effect: 'Od następnej transakcji znów będzie działać w każdej kasie.',
      done: 'Karta odblokowana',
    },
  },
  none: {
    title: 'Nie ma jeszcze uczestników',
    text: 'Uczestnicy zapisują się przy kasie albo importuje ich organizator.',
  },
}
