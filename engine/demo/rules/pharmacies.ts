import { type Draft, drafted, idsNamed, type RulesOf } from './draft.ts'

const skin = { categories: ['kosmetyki.twarz', 'kosmetyki.cialo'] }
const perMember = (most: number, measure: 'uses' | 'points' = 'uses') =>
  ({ per: 'member', period: 'month', measure, most, over: 'truncate' }) as const

const points: readonly Draft[] = [
  {
    phase: 'accrual.base',
    id: 'APT-BAZA',
    name: 'Punkt za każdą złotówkę dopłaty',
    then: [{ do: 'points', to: 'customer', formula: { kind: 'perValue', minor: 100, points: 1, basis: 'copayment' } }],
  },
  {
    phase: 'accrual.base',
    id: 'APT-WLASCICIEL',
    name: 'Premia placówki: 0,5% od sprzedaży z kartą',
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
    phase: 'accrual.base',
    id: 'APT-POLECANE',
    name: 'Punkty motywacyjne za produkty zalecane',
    slots: [{ name: 'zalecane', items: { tags: ['zalecane'] } }],
    then: [
      {
        do: 'points',
        to: 'staff',
        pointType: 'STAFF',
        of: 'zalecane',
        formula: { kind: 'perUnit', quantityMilli: 1000, points: 2 },
      },
    ],
  },
  {
    phase: 'accrual.bonus',
    id: 'APT-SREBRO',
    name: 'Srebro: 10% punktów więcej',
    group: 'mnozniki',
    when: { tiers: ['srebro'] },
    then: [{ do: 'multiply', to: 'customer', how: 'add', ppm: 100_000 }],
  },
  {
    phase: 'accrual.bonus',
    id: 'APT-ZLOTO',
    name: 'Złoto: 25% punktów więcej',
    group: 'mnozniki',
    when: { tiers: ['zloto'] },
    then: [{ do: 'multiply', to: 'customer', how: 'add', ppm: 250_000 }],
  },
  {
    phase: 'accrual.bonus',
    id: 'APT-SOBOTA',
    name: 'Sobota podwójnych punktów za kosmetyki',
    group: 'mnozniki',
    when: { weekdays: [6] },
    slots: [{ name: 'kosmetyki', items: { categories: ['kosmetyki'] } }],
    then: [{ do: 'multiply', to: 'customer', of: 'kosmetyki', how: 'times', ppm: 2_000_000 }],
  },
  {
    phase: 'accrual.bonus',
    id: 'APT-SENIOR',
    name: 'Wtorek seniora: o połowę więcej punktów',
    group: 'mnozniki',
    when: { weekdays: [2], segments: ['senior'] },
    then: [{ do: 'multiply', to: 'customer', how: 'add', ppm: 500_000 }],
  },
  {
    phase: 'accrual.bonus',
    id: 'APT-PIERWSZE',
    name: '50 punktów na pierwsze zakupy',
    when: { firstPurchase: true },
    then: [{ do: 'points', to: 'customer', formula: { kind: 'fixed', points: 50 } }],
  },
  {
    phase: 'accrual.bonus',
    id: 'APT-URODZINY',
    name: 'Urodzinowe 100 punktów zdrowia',
    when: { birthday: true },
    limits: [{ per: 'member', period: 'year', measure: 'uses', most: 1, over: 'drop' }],
    then: [{ do: 'points', to: 'customer', pointType: 'ZDR', formula: { kind: 'fixed', points: 100 } }],
  },
  {
    phase: 'accrual.bonus',
    id: 'APT-DZIESIATA',
    name: 'Co dziesiąta wizyta: 40 punktów',
    when: { visits: { every: 10 } },
    then: [{ do: 'points', to: 'customer', formula: { kind: 'fixed', points: 40 } }],
  },
  {
    phase: 'accrual.bonus',
    id: 'APT-WITAMINY',
    name: 'Za każde 2 witaminy 30 punktów zdrowia',
    slots: [
      {
        name: 'witaminy',
        items: { categories: ['suplementy.witaminy', 'suplementy.mineraly'] },
        atLeast: { quantityMilli: 2000 },
        each: { quantityMilli: 2000, atMostTimes: 3 },
      },
    ],
    limits: [perMember(6)],
    then: [{ do: 'points', to: 'customer', pointType: 'ZDR', of: 'witaminy', formula: { kind: 'fixed', points: 30 } }],
  },
  {
    phase: 'accrual.bonus',
    id: 'APT-DERMALIA',
    name: 'Dermalia: 15 punktów za sztukę',
    slots: [{ name: 'dermalia', items: { producers: ['Dermalia'], and: { categories: ['kosmetyki'] } } }],
    funding: [
      { party: 'Dermalia', ppm: 800_000 },
      { party: 'organizer', ppm: 200_000 },
    ],
    limits: [{ per: 'campaign', period: 'month', measure: 'points', most: 6000, over: 'truncate' }],
    then: [
      {
        do: 'points',
        to: 'customer',
        of: 'dermalia',
        formula: { kind: 'perUnit', quantityMilli: 1000, points: 15 },
      },
    ],
  },
  {
    phase: 'accrual.bonus',
    id: 'APT-KOSZYK',
    name: 'Większe zakupy, więcej punktów',
    slots: [{ name: 'wolne', items: { where: { withoutMarks: ['rx'] } } }],
    then: [
      {
        do: 'points',
        to: 'customer',
        of: 'wolne',
        formula: {
          kind: 'brackets',
          basis: 'afterBasket',
          brackets: [
            { fromMinor: 10_000, points: 10 },
            { fromMinor: 20_000, points: 25 },
            { fromMinor: 35_000, points: 60 },
          ],
        },
      },
    ],
  },
  {
    phase: 'accrual.bonus',
    id: 'APT-APLIKACJA',
    name: 'Karta w aplikacji: 3 punkty za wizytę',
    when: { cardKinds: ['aplikacja'] },
    limits: [{ per: 'member', period: 'day', measure: 'uses', most: 1, over: 'drop' }],
    then: [{ do: 'points', to: 'customer', formula: { kind: 'fixed', points: 3 } }],
  },
]

const prices: readonly Draft[] = [
  {
    phase: 'price',
    id: 'APT-D3',
    name: 'Witamina D3 za 15,99 zł',
    group: 'ceny',
    slots: [{ name: 'd3', items: { products: idsNamed('Witamina D3 ', 1_599) } }],
    then: [{ do: 'setPrice', of: 'd3', unitPriceMinor: 1_599 }],
  },
  {
    phase: 'price',
    id: 'APT-PRZEZIEBIENIE',
    name: 'Na przeziębienie 12% taniej',
    group: 'ceny',
    onDays: [20, 62],
    slots: [
      {
        name: 'grypa',
        items: { categories: ['leki.przeziebienie'], except: { categories: ['leki.przeziebienie.kaszel'] } },
      },
    ],
    then: [{ do: 'priceOff', of: 'grypa', off: { kind: 'percent', ppm: 120_000 } }],
  },
  {
    phase: 'line',
    id: 'APT-DRUGI-KREM',
    name: 'Drugi kosmetyk do twarzy za pół ceny',
    group: 'rabaty',
    when: { identified: true },
    slots: [{ name: 'twarz', items: skin, atLeast: { quantityMilli: 2000 }, claims: true }],
    then: [
      {
        do: 'priceOff',
        of: 'twarz',
        off: { kind: 'percent', ppm: 500_000 },
        pick: { take: 'cheapest', units: 1, outOf: 2, atMostGroups: 2 },
      },
    ],
  },
  {
    phase: 'line',
    id: 'APT-TRZECI-PLASTER',
    name: 'Trzy opatrunki w cenie dwóch',
    slots: [{ name: 'opatrunki', items: { categories: ['wyroby.opatrunki'] }, atLeast: { quantityMilli: 3000 } }],
    then: [
      {
        do: 'priceOff',
        of: 'opatrunki',
        off: { kind: 'percent', ppm: 1_000_000 },
        pick: { take: 'cheapest', units: 1, outOf: 3 },
      },
    ],
  },
  {
    phase: 'line',
    id: 'APT-SPF',
    name: 'Ochrona przed słońcem 20% taniej z kartą',
    group: 'rabaty',
    when: { identified: true },
    slots: [{ name: 'slonce', items: { categories: ['kosmetyki.slonce'] } }],
    then: [{ do: 'priceOff', of: 'slonce', off: { kind: 'percent', ppm: 200_000 } }],
  },
  {
    phase: 'basket',
    id: 'APT-KUPON10',
    name: 'Kupon: 10 zł rabatu od 60 zł',
    group: 'kupony',
    when: { vouchers: ['KUPON10'] },
    slots: [
      {
        name: 'wolne',
        items: { where: { withoutMarks: ['rx'] } },
        atLeast: { valueMinor: 6_000, basis: 'afterLine' },
      },
    ],
    then: [{ do: 'basketOff', of: 'wolne', off: { kind: 'amount', minor: 1_000 }, voucher: 'KUPON10' }],
  },
  {
    phase: 'payment',
    id: 'APT-PLATNOSC',
    name: 'Punktami można zapłacić do połowy dopłaty',
    slots: [{ name: 'wolne', items: { where: { withoutMarks: ['rx'] } } }],
    then: [{ do: 'pointsPay', of: 'wolne', mostPpm: 500_000 }],
  },
  {
    phase: 'accrual.bonus',
    id: 'APT-PROBIOTYK',
    name: 'Miesiąc probiotyków: 20 punktów zdrowia za opakowanie',
    onDays: [45, 76],
    slots: [{ name: 'probiotyki', items: { categories: ['leki.trawienie.probiotyki'] } }],
    funding: [{ party: 'Biolipa', ppm: 1_000_000 }],
    then: [
      {
        do: 'points',
        to: 'customer',
        pointType: 'ZDR',
        of: 'probiotyki',
        formula: { kind: 'perUnit', quantityMilli: 1000, points: 20 },
        activation: { kind: 'now' },
        expiry: { kind: 'afterDays', days: 21 },
      },
    ],
  },
]

/** The rules of "Rumianek Plus". */
export const pharmacyRules: RulesOf = (days) => [...points, ...prices].map((draft) => drafted(draft, days))
