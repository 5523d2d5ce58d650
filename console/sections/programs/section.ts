import { defineSection } from '../../kit/model/section.ts'

/** The health of each program: what moves today, who comes, what is owed, which till is silent. */
export const programs = defineSection({
  name: 'programs',
  group: 'loyalty',
  icon: 'layers',
  order: 10,
  owner: 'engine',
  scope: 'program',
  title: 'name',
  subtitle: 'organizer',
  fields: {
    name: { type: 'text', max: 200, required: true, filter: 'scan', sort: true },
    organizer: { type: 'ref', to: 'organizers', required: true, filter: 'scan' },
    state: {
      type: 'state',
      of: ['draft', 'active', 'suspended', 'closed'],
      moves: [
        ['active', 'suspended', 'suspend'],
        ['suspended', 'active', 'resume'],
      ],
      required: true,
      filter: 'scan',
      sort: true,
    },
    // Free text, as every reason.
    stateReason: { type: 'text', max: 500, personal: true },
    salesToday: { type: 'integer', required: true, computed: true, filter: 'scan', sort: true },
    activeMembers: { type: 'integer', required: true, computed: true, filter: 'scan', sort: true },
    earnedToday: { type: 'points', required: true, computed: true, filter: 'scan', sort: true },
    spentToday: { type: 'points', required: true, computed: true, filter: 'scan', sort: true },
    owed: { type: 'points', required: true, computed: true, filter: 'scan', sort: true },
    liability: { type: 'money', required: true, computed: true, filter: 'scan', sort: true },
    silentTills: { type: 'integer', required: true, computed: true, filter: 'scan', sort: true },
    startsAt: { type: 'instant', required: true, filter: 'scan', sort: true },
    endsAt: { type: 'instant', filter: 'scan', sort: true },
  },
  list: {
    columns: ['name', 'organizer', 'state', 'activeMembers', 'earnedToday', 'spentToday', 'liability', 'silentTills'],
    sort: ['name'],
    quick: ['organizer', 'state', 'silentTills'],
  },
  record: { facts: ['organizer', 'state', 'stateReason', 'startsAt', 'endsAt'], panels: ['audit'] },
  can: ['export'],
  actions: {
    suspend: { right: 'program.suspend', from: ['active'], reason: true, key: 's' },
    resume: { right: 'program.resume', from: ['suspended'], reason: true, key: 's' },
  },
})
