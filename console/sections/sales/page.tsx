import type { SectionPage } from '../../kit/ui/section-page.ts'

export const page: SectionPage = {
  list: {
    live: true,
    widths: {
      occurredAt: 'minmax(96px, 0.6fr)',
      outlet: 'minmax(150px, 1.6fr)',
      terminal: 'minmax(104px, 0.8fr)',
      staff: 'minmax(120px, 1.1fr)',
      number: 'minmax(96px, 0.8fr)',
      notices: 'minmax(64px, 0.4fr)',
    },
    narrow: { lead: ['outlet', 'occurredAt', 'number'], trail: ['paid', 'points'] },
  },
}
