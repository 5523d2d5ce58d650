/** The retailer whose invoices are replayed: an organizer and a program of its own, one outlet and one till a country. */
import type { OutletInput } from '@premia/pos-sdk/contract/admin'
import { instantOf, type Uuid } from '@premia/pos-sdk/contract/till'
import type { ProgramDocument, Rule } from '@premia/rules'
import { replayId } from './identity.ts'
import { zone } from './invoice.ts'

export const organizerId: Uuid = replayId('organization', 'organizer')
export const ownerId: Uuid = replayId('organization', 'owner')
export const programId: Uuid = replayId('program', 'online-retail')
/** Before the first invoice that anybody has. */
export const startsAt = instantOf(Date.UTC(2009, 0, 1))
export const categoryId = 'gifts'

/** A hundred years: the invoices are old, and none of them may be too old for points. */
const noAgeLimitDays = 36_500

export const programDocument: ProgramDocument = {
  schema: 1,
  name: 'Online Retail',
  currency: 'GBP',
  zone,
  pointTypes: [
    {
      code: 'PTS',
      name: 'Points',
      scale: 0,
      rounding: 'floor',
      expiry: { kind: 'never' },
      activation: { kind: 'now' },
      valueMinor: 1,
      onShortReturn: 'debt',
    },
    {
      code: 'OWNER',
      name: 'Outlet share',
      scale: 2,
      rounding: 'halfUp',
      expiry: { kind: 'never' },
      activation: { kind: 'now' },
      valueMinor: 100,
      onShortReturn: 'debt',
    },
  ],
  mainPointType: 'PTS',
  cardKinds: [{ code: 'account', name: 'Customer account', mayEarn: true, mayRedeem: true }],
  tiers: [],
  languages: ['en'],
  alsoEarns: [],
  returnModel: 'readjudicated',
  lateLimitDays: noAgeLimitDays,
  pointsLimitDays: noAgeLimitDays,
  bundleValidDays: 7,
  contentMonths: 25,
}

export const rules: readonly Rule[] = [
  {
    schema: 1,
    id: 'GBP-BASE',
    version: 1,
    name: 'One point for each pound',
    phase: 'accrual.base',
    then: [
      { do: 'points', to: 'customer', formula: { kind: 'perValue', minor: 100, points: 1, basis: 'paidInMoney' } },
    ],
  },
  {
    schema: 1,
    id: 'GBP-OWNER',
    version: 1,
    name: 'Half a per cent of sales with an account to the outlet',
    phase: 'accrual.base',
    when: { identified: true },
    then: [
      {
        do: 'points',
        to: 'owner',
        pointType: 'OWNER',
        formula: { kind: 'percent', ppm: 5_000, basis: 'paidInMoney' },
      },
    ],
  },
  {
    schema: 1,
    id: 'GBP-DOZEN',
    version: 1,
    name: 'Five points for each full dozen of one order',
    phase: 'accrual.bonus',
    slots: [{ name: 'dozen', each: { quantityMilli: 12_000, atMostTimes: 20 } }],
    then: [{ do: 'points', to: 'customer', of: 'dozen', formula: { kind: 'fixed', points: 5 } }],
  },
]

/** ISO codes of the countries of the file; whatever else it names is `ZZ`. */
const countryCodes: Readonly<Record<string, string>> = {
  Australia: 'AU',
  Austria: 'AT',
  Bahrain: 'BH',
  Belgium: 'BE',
  Brazil: 'BR',
  Canada: 'CA',
  'Channel Islands': 'JE',
  Cyprus: 'CY',
  'Czech Republic': 'CZ',
  Denmark: 'DK',
  EIRE: 'IE',
  Finland: 'FI',
  France: 'FR',
  Germany: 'DE',
  Greece: 'GR',
  'Hong Kong': 'HK',
  Iceland: 'IS',
  Israel: 'IL',
  Italy: 'IT',
  Japan: 'JP',
  Lebanon: 'LB',
  Lithuania: 'LT',
  Malta: 'MT',
  Netherlands: 'NL',
  Norway: 'NO',
  Poland: 'PL',
  Portugal: 'PT',
  RSA: 'ZA',
  'Saudi Arabia': 'SA',
  Singapore: 'SG',
  Spain: 'ES',
  Sweden: 'SE',
  Switzerland: 'CH',
  USA: 'US',
  'United Arab Emirates': 'AE',
  'United Kingdom': 'GB',
}

export const outletId = (country: string): Uuid => replayId('outlet', country)
export const terminalId = (country: string): Uuid => replayId('terminal', country)

export const outletInput = (country: string): OutletInput => ({
  id: outletId(country),
  code: `OR-${country.replaceAll(/[^A-Za-z]/g, '').slice(0, 20)}`,
  name: `Online Retail ${country}`,
  country: countryCodes[country] ?? 'ZZ',
  type: 'online',
  zone,
  owner: ownerId,
  from: startsAt,
})
