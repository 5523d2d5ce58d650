import { defineSection } from '../../kit/model/section.ts'

/** Tills of the outlets in scope: when each was last heard of, and what waits or failed there. The engine writes. */
export const terminals = defineSection({
  name: 'terminals',
  group: 'network',
  icon: 'monitor',
  order: 30,
  owner: 'engine',
  scope: 'operator',
  title: 'name',
  subtitle: 'outlet',
  fields: {
    name: { type: 'text', max: 100, required: true, filter: 'scan', sort: true },
    outlet: { type: 'ref', to: 'outlets', required: true, filter: 'scan' },
    state: {
      type: 'state',
      of: ['new', 'active', 'quarantined', 'revoked'],
      moves: [
        ['active', 'quarantined', 'quarantine'],
        ['quarantined', 'active', 'release'],
      ],
      required: true,
      filter: 'scan',
      sort: true,
    },
    lastContactAt: { type: 'instant', filter: 'scan', sort: true },
    silent: { type: 'integer', computed: true, filter: 'scan', sort: true }, // whole hours; of tills in use
    queue: { type: 'integer', filter: 'scan', sort: true },
    parked: { type: 'integer', filter: 'scan', sort: true },
    queueOldestAt: { type: 'instant', filter: 'scan', sort: true },
    refusedAt: { type: 'instant', filter: 'scan', sort: true },
    refusal: { type: 'text', max: 60 }, // a code of the contract
    software: { type: 'text', max: 100, filter: 'scan', sort: true },
    replaces: { type: 'ref', to: 'terminals', filter: 'scan' },
    replacedBy: { type: 'ref', to: 'terminals', filter: 'scan' },
    codeUntil: { type: 'instant', filter: 'scan' },
    since: { type: 'instant', required: true, filter: 'scan', sort: true },
    stateReason: { type: 'text', max: 500, personal: true }, // free text
  },
  list: {
    columns: [
      'name',
      'outlet',
      'state',
      'lastContactAt',
      'silent',
      'queue',
      'parked',
      'queueOldestAt',
      'refusedAt',
      'software',
      'replacedBy',
    ],
    sort: ['-lastContactAt'],
    quick: ['outlet', 'state', 'silent', 'queue', 'parked'],
    views: [
      { name: 'all' },
      { name: 'silent', filter: { field: 'silent', is: 'gte', value: 1 } },
      { name: 'queued', filter: { field: 'queue', is: 'gte', value: 1 } },
      { name: 'parked', filter: { field: 'parked', is: 'gte', value: 1 } },
      { name: 'refused', filter: { field: 'refusedAt', is: 'within', value: { last: 7, unit: 'day' } } },
      { name: 'quarantined', filter: { field: 'state', is: 'in', value: ['quarantined'] } },
    ],
  },
  record: { facts: ['outlet', 'software', 'since', 'replaces', 'replacedBy', 'codeUntil'], panels: ['audit'] },
  can: ['export'],
  actions: {
    newCode: { right: 'terminal.register', from: ['new', 'active', 'quarantined'] },
    replace: { right: 'terminal.register', input: { name: { type: 'text', max: 100, required: true } } },
    quarantine: { right: 'terminal.quarantine', from: ['active'], reason: true },
    release: { right: 'terminal.release', from: ['quarantined'], reason: true },
    revoke: {
      right: 'terminal.revoke',
      from: ['new', 'active', 'quarantined'],
      input: { fromSequence: { type: 'integer', min: 0, required: true } },
      reason: true,
    },
  },
})
