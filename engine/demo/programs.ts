import type { Uuid } from '@premia/pos-sdk/contract/till'
import type { CardKind, PointType, ProgramDocument } from '@premia/rules'
import { demoId } from './identity.ts'
import { pharmacyOrganizerId, shopOrganizerId } from './organizations.ts'
import { type DemoOutlet, outlets } from './outlets.ts'

export type ProgramKey = 'pharmacies' | 'neighbours' | 'cherry'

/** A program of the demo and where it runs. */
export interface DemoProgram {
  readonly key: ProgramKey
  readonly id: Uuid
  readonly organizer: Uuid
  readonly document: ProgramDocument
  readonly outlets: readonly DemoOutlet[]
  /** Outlets whose prices the program steers. */
  readonly steers: readonly DemoOutlet[]
}

/** Staff and owner points have their own types: nobody can spend them at a till. */
const workPoints = (staffName: string, ownerName: string): readonly PointType[] => [
  {
    code: 'STAFF',
    name: staffName,
    scale: 0,
    rounding: 'floor',
    expiry: { kind: 'afterMonths', months: 12, endOf: 'month' },
    activation: { kind: 'now' },
    valueMinor: 10,
    onShortReturn: 'stopAtZero',
  },
  {
    code: 'OWNER',
    name: ownerName,
    scale: 2,
    rounding: 'halfUp',
    expiry: { kind: 'never' },
    activation: { kind: 'now' },
    valueMinor: 100,
    onShortReturn: 'debt',
  },
]

const cardKind = (code: string, name: string, mayRedeem = true): CardKind => ({ code, name, mayEarn: true, mayRedeem })

const days = { bundleValidDays: 7, contentMonths: 25, lateLimitDays: 400, pointsLimitDays: 60 } as const

const pharmacies: ProgramDocument = {
  schema: 1,
  name: 'Rumianek Plus',
  currency: 'PLN',
  zone: 'Europe/Warsaw',
  languages: ['pl', 'en'],
  pointTypes: [
    {
      code: 'PKT',
      name: 'Punkty',
      scale: 0,
      rounding: 'floor',
      expiry: { kind: 'afterMonths', months: 12, endOf: 'month' },
      activation: { kind: 'now' },
      valueMinor: 5,
      onShortReturn: 'debt',
    },
    {
      code: 'ZDR',
      name: 'Punkty zdrowia',
      scale: 0,
      rounding: 'floor',
      expiry: { kind: 'afterDays', days: 30 },
      activation: { kind: 'afterDays', days: 14 },
      valueMinor: 5,
      onShortReturn: 'stopAtZero',
    },
    ...workPoints('Punkty motywacyjne', 'Premia placówki'),
  ],
  mainPointType: 'PKT',
  cardKinds: [
    cardKind('plastik', 'Karta plastikowa'),
    cardKind('aplikacja', 'Karta w aplikacji'),
    cardKind('brelok', 'Brelok'),
    cardKind('firmowa', 'Karta firmowa', false),
  ],
  tiers: [
    { code: 'braz', name: 'Brąz', rank: 1, fromPoints: 0 },
    { code: 'srebro', name: 'Srebro', rank: 2, fromPoints: 200 },
    { code: 'zloto', name: 'Złoto', rank: 3, fromPoints: 600 },
  ],
  tierPointType: 'PKT',
  groups: [
    { code: 'ceny', name: 'Ceny promocyjne', mode: 'best' },
    { code: 'rabaty', name: 'Rabaty na produkty', mode: 'best' },
    { code: 'kupony', name: 'Kupony', mode: 'first', atMostRules: 1 },
    { code: 'mnozniki', name: 'Mnożniki', mode: 'stack' },
  ],
  alsoEarns: [],
  returnModel: 'readjudicated',
  ...days,
}

const neighbours: ProgramDocument = {
  schema: 1,
  name: 'Karta Sąsiedzka',
  currency: 'PLN',
  zone: 'Europe/Warsaw',
  languages: ['pl'],
  pointTypes: [
    {
      code: 'PKT',
      name: 'Punkty sąsiedzkie',
      scale: 1,
      rounding: 'halfUp',
      expiry: { kind: 'afterDays', days: 60 },
      activation: { kind: 'now' },
      valueMinor: 10,
      onShortReturn: 'stopAtZero',
    },
    ...workPoints('Punkty sprzedawcy', 'Premia właściciela'),
  ],
  mainPointType: 'PKT',
  cardKinds: [
    cardKind('plastik', 'Karta sąsiedzka'),
    cardKind('aplikacja', 'Aplikacja Sąsiad'),
    cardKind('brelok', 'Brelok'),
    cardKind('firmowa', 'Karta dla firm', false),
  ],
  tiers: [
    { code: 'sasiad', name: 'Sąsiad', rank: 1, fromPoints: 0 },
    { code: 'przyjaciel', name: 'Przyjaciel', rank: 2, fromPoints: 2000 },
  ],
  tierPointType: 'PKT',
  groups: [
    { code: 'ceny', name: 'Ceny promocyjne', mode: 'best' },
    { code: 'rabaty', name: 'Rabaty na produkty', mode: 'best' },
    { code: 'koszyk', name: 'Rabaty na koszyk', mode: 'first', atMostRules: 1 },
  ],
  alsoEarns: [],
  returnModel: 'frozen',
  ...days,
}

const cherry: ProgramDocument = {
  schema: 1,
  name: 'Cireșul Fidel',
  currency: 'RON',
  zone: 'Europe/Bucharest',
  languages: ['ro', 'en'],
  pointTypes: [
    {
      code: 'PCT',
      name: 'Cireșe',
      scale: 0,
      rounding: 'floor',
      expiry: { kind: 'afterMonths', months: 6 },
      activation: { kind: 'afterDays', days: 14 },
      valueMinor: 5,
      onShortReturn: 'debt',
    },
    {
      code: 'BON',
      name: 'Cireșe de weekend',
      scale: 0,
      rounding: 'floor',
      expiry: { kind: 'afterDays', days: 21 },
      activation: { kind: 'now' },
      valueMinor: 5,
      onShortReturn: 'stopAtZero',
    },
    ...workPoints('Puncte de motivare', 'Bonus punct de lucru'),
  ],
  mainPointType: 'PCT',
  cardKinds: [
    cardKind('plastic', 'Card de plastic'),
    cardKind('aplicatie', 'Card în aplicație'),
    cardKind('breloc', 'Breloc'),
    cardKind('firma', 'Card de firmă', false),
  ],
  tiers: [
    { code: 'verde', name: 'Verde', rank: 1, fromPoints: 0 },
    { code: 'roz', name: 'Roz', rank: 2, fromPoints: 250 },
    { code: 'rosu', name: 'Roșu', rank: 3, fromPoints: 700 },
  ],
  tierPointType: 'PCT',
  groups: [
    { code: 'preturi', name: 'Prețuri promoționale', mode: 'best' },
    { code: 'reduceri', name: 'Reduceri la produse', mode: 'best' },
    { code: 'cos', name: 'Reduceri pe coș', mode: 'first', atMostRules: 1 },
  ],
  alsoEarns: [],
  returnModel: 'readjudicated',
  ...days,
}

const pharmacyOutlets = outlets.filter((outlet) => outlet.type === 'pharmacy')
const polishShops = outlets.filter((outlet) => outlet.country === 'PL' && outlet.type === 'shop')
const romanianShops = outlets.filter((outlet) => outlet.country === 'RO')
/** Pharmacies that both programs of the organizer run in. */
const shared = pharmacyOutlets.slice(0, 4)

/** The three programs: pharmacies alone, pharmacies and shops mixed, Romanian shops. */
export const programs: readonly DemoProgram[] = [
  {
    key: 'pharmacies',
    id: demoId('program', 'pharmacies'),
    organizer: pharmacyOrganizerId,
    document: pharmacies,
    outlets: pharmacyOutlets,
    steers: pharmacyOutlets,
  },
  {
    key: 'neighbours',
    id: demoId('program', 'neighbours'),
    organizer: pharmacyOrganizerId,
    document: neighbours,
    outlets: [...shared, ...polishShops],
    steers: polishShops,
  },
  {
    key: 'cherry',
    id: demoId('program', 'cherry'),
    organizer: shopOrganizerId,
    document: cherry,
    outlets: romanianShops,
    steers: romanianShops,
  },
]

const programsByOutlet = new Map(
  outlets.map((outlet) => [outlet.id, programs.filter((program) => program.outlets.includes(outlet))]),
)

export const programsAt = (outlet: DemoOutlet): readonly DemoProgram[] => programsByOutlet.get(outlet.id) ?? []
