import type { Condition } from '../../index.ts'
import { member, perZloty, without } from '../samples.ts'
import { one, three, type VectorCase } from './scenes.ts'

export const conditions = (): VectorCase[] => {
  const holding: [string, Condition][] = [
    ['weekday', { weekdays: [6] }],
    ['another weekday', { weekdays: [1, 2] }],
    ['hours', { hours: [['10:30', '11:00']] }],
    ['hours just over', { hours: [['09:00', '10:30']] }],
    ['date', { dates: ['2026-11-21'] }],
    ['another date', { dates: ['2026-11-22'] }],
    ['excepted date', { exceptDates: ['2026-11-21'] }],
    ['holidays only', { holidays: 'only' }],
    ['never on holidays', { holidays: 'never' }],
    ['outlet', { outlets: ['o1'] }],
    ['another outlet', { outlets: ['o2'] }],
    ['outlet group', { outletGroups: ['G9', 'G1'] }],
    ['another group', { outletGroups: ['G9'] }],
    ['outlet type', { outletTypes: ['pharmacy'] }],
    ['country', { countries: ['RO'] }],
    ['region', { regions: ['mazowieckie'] }],
    ['owner', { owners: ['c1'] }],
    ['staff', { staff: ['s1'] }],
    ['channel', { channels: ['online'] }],
    ['tender', { tenders: ['cash'] }],
    ['another tender', { tenders: ['card'] }],
    ['card kind', { cardKinds: ['gold'] }],
    ['another card kind', { cardKinds: ['tin'] }],
    ['tier', { tiers: ['t1'] }],
    ['company', { memberKinds: ['company'] }],
    ['segment', { segments: ['vip'] }],
    ['no segment', { not: { segments: ['vip'] } }],
    ['identified', { identified: true }],
    ['anonymous', { identified: false }],
    ['first purchase', { firstPurchase: true }],
    ['not the first', { firstPurchase: false }],
    ['birthday', { birthday: true }],
    ['every third visit', { visits: { every: 3 } }],
    ['visits from and to', { visits: { atLeast: 1, atMost: 2 } }],
    ['attribute is', { member: [{ attr: 'newsletter', is: true }] }],
    ['attribute is false, which a missing one is not', { member: [{ attr: 'sms', is: false }] }],
    ['attribute known', { member: [{ attr: 'age', known: true }] }],
    ['attribute not known', { member: [{ attr: 'sms', known: false }] }],
    ['attribute at least', { member: [{ attr: 'age', atLeast: 40 }] }],
    ['attribute at most', { member: [{ attr: 'age', atMost: 39 }] }],
    ['attribute of dates', { member: [{ attr: 'since', atMost: '2020-12-31' }] }],
    ['attribute any of', { member: [{ attr: 'color', anyOf: ['red', 'blue'] }] }],
    ['voucher', { vouchers: ['V1'] }],
    ['any', { any: [{ tiers: ['t9'] }, { cardKinds: ['gold'] }] }],
    ['all', { all: [{ tiers: ['t1'] }, { cardKinds: ['tin'] }] }],
    ['not', { not: { weekdays: [6], hours: [['10:00', '12:00']] } }],
  ]
  const who = member({
    segments: ['new'],
    attributes: { newsletter: true, age: 40, since: '2019-05-01', color: 'red' },
    visits: 3,
  })
  const night: Condition = { weekdays: [5], hours: [['22:00', '02:00']] }
  const edges: [string, string, number, number][] = [
    ['before it begins', '2026-11-20', 1319, 5],
    ['as it begins', '2026-11-20', 1320, 5],
    ['last minute of its day', '2026-11-20', 1439, 5],
    ['after midnight', '2026-11-21', 0, 6],
    ['last minute', '2026-11-21', 119, 6],
    ['as it ends', '2026-11-21', 120, 6],
    ['the night before', '2026-11-20', 60, 5],
  ]
  const valid = { valid: { from: '2026-11-21T10:30', to: '2026-11-21T10:31' } }
  return [
    ...holding.map(([name, when]) => one('conditions', name, [perZloty('r', { when })], [three({ member: who })])),
    ...holding
      .slice(21, 42)
      .map(([name, when]) =>
        one('conditions', `${name}, anonymous`, [perZloty('r', { when })], [without(three(), 'member')]),
      ),
    ...edges.map(([name, date, minute, weekday]) =>
      one(
        'conditions',
        `Friday night: ${name}`,
        [perZloty('r', { when: night })],
        [three({ at: { date, minute, weekday, holiday: false } })],
      ),
    ),
    ...[629, 630, 631].map((minute) =>
      one(
        'conditions',
        `validity is half-open, minute ${minute}`,
        [perZloty('r', valid)],
        [three({ at: { date: '2026-11-21', minute, weekday: 6, holiday: false } })],
      ),
    ),
  ]
}
