import { countEn } from '../../kit/model/plural.ts'
import type { SalesTexts } from './words.ts'

export const texts: SalesTexts = {
  title: 'Sales',
  count: (n) => countEn(n, 'sale', 'sales'),
  newer: (n) => (n >= 100 ? 'more than 100 newer' : `${n} newer`),
  fields: {
    occurredAt: { label: 'Time' },
    outlet: { label: 'Outlet' },
    terminal: { label: 'Till' },
    staff: { label: 'Staff' },
    number: { label: 'Receipt number', short: 'Receipt' },
    kind: { label: 'Kind' },
    member: { label: 'Member' },
    gross: { label: 'Gross' },
    reduction: { label: 'Reductions' },
    reimbursed: { label: 'Reimbursed' },
    paid: { label: 'Paid' },
    points: { label: 'Points' },
    spent: { label: 'Points spent', short: 'Spent' },
    notices: { label: 'Notices' },
    receivedAt: { label: 'Received' },
    bookedAt: { label: 'Booked' },
  },
  choices: { kind: { sale: 'sale', return: 'return' } },
  views: { all: 'All', today: 'Today', noticed: 'With notices', anonymous: 'Without a member', returns: 'Returns' },
  actions: {},
  none: { title: 'No sales yet', text: 'As soon as a till of this scope sends a sale, it stands here.' },
}
