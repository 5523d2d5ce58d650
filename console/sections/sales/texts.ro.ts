import { countRo } from '../../kit/model/plural.ts'
import type { SalesTexts } from './words.ts'

export const texts: SalesTexts = {
  title: 'Tranzacții',
  count: (n) => countRo(n, 'tranzacție', 'tranzacții'),
  newer: (n) => (n >= 100 ? 'peste 100 mai noi' : n === 1 ? '1 mai nouă' : `${n} mai noi`),
  fields: {
    occurredAt: { label: 'Ora' },
    outlet: { label: 'Punct de lucru' },
    terminal: { label: 'Casă' },
    staff: { label: 'Angajat' },
    number: { label: 'Număr bon', short: 'Bon' },
    kind: { label: 'Tip' },
    member: { label: 'Membru' },
    gross: { label: 'Valoare brută', short: 'Brut' },
    reduction: { label: 'Reduceri' },
    reimbursed: { label: 'Compensat' },
    paid: { label: 'Plătit' },
    points: { label: 'Puncte' },
    spent: { label: 'Puncte folosite', short: 'Folosite' },
    notices: { label: 'Observații' },
    receivedAt: { label: 'Primit' },
    bookedAt: { label: 'Înregistrat' },
  },
  choices: { kind: { sale: 'vânzare', return: 'retur' } },
  views: { all: 'Toate', today: 'Azi', noticed: 'Cu observații', anonymous: 'Fără membru', returns: 'Retururi' },
  actions: {},
  none: {
    title: 'Încă nu există tranzacții',
    text: 'De îndată ce o casă din acest domeniu trimite o tranzacție, ea apare aici.',
  },
}
