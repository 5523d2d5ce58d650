import { countPl } from '../../kit/model/plural.ts'
import type { SalesTexts } from './words.ts'

export const texts: SalesTexts = {
  title: 'Transakcje',
  count: (n) => countPl(n, 'transakcja', 'transakcje', 'transakcji'),
  newer: (n) => (n >= 100 ? 'ponad 100 nowszych' : countPl(n, 'nowsza', 'nowsze', 'nowszych')),
  fields: {
    occurredAt: { label: 'Czas' },
    outlet: { label: 'Placówka' },
    terminal: { label: 'Kasa' },
    staff: { label: 'Pracownik' },
    number: { label: 'Numer paragonu', short: 'Paragon' },
    kind: { label: 'Rodzaj' },
    member: { label: 'Uczestnik' },
    gross: { label: 'Brutto' },
    reduction: { label: 'Rabaty' },
    reimbursed: { label: 'Refundacja' },
    paid: { label: 'Zapłacono' },
    points: { label: 'Punkty' },
    spent: { label: 'Punkty wymienione', short: 'Wymienione' },
    notices: { label: 'Uwagi' },
    receivedAt: { label: 'Przyjęto' },
    bookedAt: { label: 'Zaksięgowano' },
  },
  choices: { kind: { sale: 'sprzedaż', return: 'zwrot' } },
  views: { all: 'Wszystkie', today: 'Dziś', noticed: 'Z uwagami', anonymous: 'Bez uczestnika', returns: 'Zwroty' },
  actions: {},
  none: {
    title: 'Nie ma jeszcze transakcji',
    text: 'Gdy tylko kasa z tego zakresu przyśle transakcję, pojawi się tutaj.',
  },
}
