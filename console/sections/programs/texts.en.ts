import { countEn } from '../../kit/model/plural.ts'
import type { ProgramsTexts } from './words.ts'

export const texts: ProgramsTexts = {
  title: 'Programs',
  count: (n) => countEn(n, 'program', 'programs'),
  newer: (n) => `${n} newer`,
  fields: {
    name: { label: 'Program' },
    organizer: { label: 'Organizer' },
    state: { label: 'State' },
    stateReason: { label: 'Reason of the state' },
    salesToday: { label: 'Sales today' },
    activeMembers: { label: 'Members active in 30 days', short: 'Active in 30 d' },
    earnedToday: { label: 'Points given today', short: 'Given today' },
    spentToday: { label: 'Points spent today', short: 'Spent today' },
    owed: { label: 'Points owed' },
    liability: { label: 'Liability' },
    silentTills: { label: 'Tills silent for over an hour', short: 'Silent tills' },
    startsAt: { label: 'Starts' },
    endsAt: { label: 'Ends' },
  },
  choices: { state: { draft: 'draft', active: 'active', suspended: 'suspended', closed: 'closed' } },
  views: {},
  actions: {
    suspend: {
      label: 'Suspend program',
      ask: 'Suspend this program?',
      effect:
        'From this moment on sales book nothing in it, and every till says so. Sales made meanwhile earn nothing later.',
      done: 'Program suspended',
    },
    resume: {
      label: 'Resume program',
      ask: 'Resume this program?',
      effect: 'From this moment on sales earn points again.',
      done: 'Program resumed',
    },
  },
  none: { title: 'No programs', text: 'The operator sets up a program with its organizer.' },
}
