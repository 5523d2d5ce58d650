import { type Draft, drafted, idsNamed, type RulesOf } from './draft.ts'

const shopsOnly = { outletTypes: ['shop'] }

const points: readonly Draft[] = [
  {
    phase: 'accrual.base',
    id: 'SAS-BAZA',
    name: 'Pół punktu za złotówkę w sklepie',
    when: shopsOnly,
    then: [
      { do: 'points', to: 'customer', formula: { kind: 'perValue', minor: 100, points: 5, basis: 'paidInMoney' } },
    ],
  },
  {
    phase: 'accrual.base',
    id: 'SAS-APTEKA',
    name: '0,3 punktu za złotówkę w aptece',
    when: { outletTypes: ['pharmacy'] },
    then: [{ do: 'points', to: 'customer', formula: { kind: 'perValue', minor: 100, points: 3, basis: 'copayment' } }],
  },
  {
    phase: 'accrual.base',
    id: 'SAS-WLASCICIEL',
    name: 'Premia właściciela: 0,4% od sprzedaży z kartą',
    when: { identified: true },
    then: [
      { do: 'points', to: 'owner', pointType: 'OWNER', formula: { kind: 'percent', ppm: 4_000, basis: 'paidInMoney' } },
    ],
  },
  {
    phase: 'accrual.base',
    id: 'SAS-KARTA',
    name: 'Sprzedawca: punkt za każdą zeskanowaną kartę',
    when: { identified: true },
    then: [{ do: 'points', to: 'staff', pointType: 'STAFF', formula: { kind: 'fixed', points: 1 } }],
  },
  {
    phase: 'accrual.base',
    id: 'SAS-NOWOSCI',
    name: 'Sprzedawca: 3 punkty za nowość w koszyku',
    slots: [{ name: 'nowosci', items: { tags: ['nowosc'] } }],
    then: [
      {
        do: 'points',
        to: 'staff',
        pointType: 'STAFF',
        of: 'nowosci',
        formula: { kind: 'perUnit', quantityMilli: 1000, points: 3 },
      },
    ],
  },
  {
    phase: 'accrual.bonus',
    id: 'SAS-PRZYJACIEL',
    name: 'Przyjaciel: 20% punktów więcej',
    when: { tiers: ['przyjaciel'] },
    then: [{ do: 'multiply', to: 'customer', how: 'add', ppm: 200_000 }],
  },
  {
    phase: 'accrual.bonus',
    id: 'SAS-PORANEK',
    name: 'Poranek: do dziewiątej podwójne punkty za pieczywo i nabiał',
    when: { ...shopsOnly, hours: [['06:00', '09:00']] },
    slots: [{ name: 'sniadanie', items: { categories: ['sklep.pieczywo', 'sklep.nabial'] } }],
    then: [{ do: 'multiply', to: 'customer', of: 'sniadanie', how: 'times', ppm: 2_000_000 }],
  },
  {
    phase: 'accrual.bonus',
    id: 'SAS-OWOCE',
    name: 'Owoce i warzywa: 2 punkty za każdy kilogram',
    slots: [{ name: 'luz', items: { categories: ['sklep.owoce'] } }],
    then: [{ do: 'points', to: 'customer', of: 'luz', formula: { kind: 'perUnit', quantityMilli: 1000, points: 20 } }],
  },
  {
    phase: 'accrual.bonus',
    id: 'SAS-PIEC',
    name: 'Pięć różnych produktów: 5 punktów',
    when: shopsOnly,
    slots: [{ name: 'wszystko', atLeast: { products: 5 } }],
    limits: [{ per: 'member', period: 'day', measure: 'uses', most: 1, over: 'drop' }],
    then: [{ do: 'points', to: 'customer', formula: { kind: 'fixed', points: 50 } }],
  },
  {
    phase: 'accrual.bonus',
    id: 'SAS-BIO',
    name: 'Produkty bio: 10% wartości w punktach',
    slots: [{ name: 'bio', items: { tags: ['bio'] } }],
    then: [{ do: 'points', to: 'customer', of: 'bio', formula: { kind: 'percent', ppm: 100_000, basis: 'afterLine' } }],
  },
  {
    phase: 'accrual.bonus',
    id: 'SAS-RODZICE',
    name: 'Rodzice: 15% punktów więcej',
    when: { any: [{ segments: ['rodzice'] }, { member: [{ attr: 'dzieci', atLeast: 1 }] }] },
    then: [{ do: 'multiply', to: 'customer', how: 'add', ppm: 150_000 }],
  },
  {
    phase: 'accrual.bonus',
    id: 'SAS-NIEDZIELA',
    name: 'Niedziela z apteką: 10 punktów',
    when: { weekdays: [7], not: { outletTypes: ['shop'] } },
    then: [{ do: 'points', to: 'customer', formula: { kind: 'fixed', points: 100 } }],
  },
  {
    phase: 'accrual.bonus',
    id: 'SAS-FIRMA',
    name: 'Firmy: punkt za każde 10 zł ponad zwykłe punkty',
    when: { memberKinds: ['company'] },
    then: [
      {
        do: 'points',
        to: 'customer',
        formula: { kind: 'perValue', minor: 1_000, points: 10, basis: 'paidInMoney', fullSteps: true },
      },
    ],
  },
]

const prices: readonly Draft[] = [
  {
    phase: 'price',
    id: 'SAS-MLEKO',
    name: 'Mleko za 3,19 zł',
    group: 'ceny',
    when: shopsOnly,
    slots: [{ name: 'mleko', items: { products: idsNamed('Mleko Łąkowe', 319) } }],
    limits: [{ per: 'sale', period: 'sale', measure: 'amount', most: 1_500, over: 'truncate' }],
    then: [{ do: 'setPrice', of: 'mleko', unitPriceMinor: 319 }],
  },
  {
    phase: 'price',
    id: 'SAS-KAWA',
    name: 'Kawa i herbata 15% taniej',
    group: 'ceny',
    when: shopsOnly,
    onDays: [10, 40],
    slots: [{ name: 'kawa', items: { categories: ['sklep.kawa'] } }],
    then: [{ do: 'priceOff', of: 'kawa', off: { kind: 'percent', ppm: 150_000 } }],
  },
  {
    phase: 'line',
    id: 'SAS-JOGURTY',
    name: 'Jogurty: im więcej, tym taniej',
    group: 'rabaty',
    when: shopsOnly,
    slots: [{ name: 'jogurty', items: { categories: ['sklep.nabial.jogurty'] } }],
    then: [
      {
        do: 'priceTiers',
        of: 'jogurty',
        tiers: [
          { fromMilli: 2000, off: { kind: 'percent', ppm: 80_000 } },
          { fromMilli: 4000, off: { kind: 'percent', ppm: 150_000 } },
        ],
      },
    ],
  },
  {
    phase: 'line',
    id: 'SAS-DRUGA-CZEKOLADA',
    name: 'Druga czekolada 40% taniej',
    group: 'rabaty',
    when: { ...shopsOnly, identified: true },
    slots: [{ name: 'czekolada', items: { products: idsNamed('Czekolada') }, atLeast: { quantityMilli: 2000 } }],
    then: [
      {
        do: 'priceOff',
        of: 'czekolada',
        off: { kind: 'percent', ppm: 400_000 },
        pick: { take: 'cheapest', units: 1, outOf: 2 },
      },
    ],
  },
  {
    phase: 'line',
    id: 'SAS-SNIADANIE',
    name: 'Chleb i masło razem za 9,99 zł',
    group: 'rabaty',
    when: shopsOnly,
    slots: [
      { name: 'chleb', items: { products: idsNamed('Chleb') }, claims: true },
      { name: 'maslo', items: { products: idsNamed('Masło') }, claims: true },
    ],
    then: [
      {
        do: 'bundlePrice',
        parts: [
          { of: 'chleb', units: 1 },
          { of: 'maslo', units: 1 },
        ],
        priceMinor: 999,
        atMostSets: 1,
      },
    ],
  },
  {
    phase: 'basket',
    id: 'SAS-KOSZYK',
    name: 'Od 120 zł 4%, od 200 zł 6% taniej',
    group: 'koszyk',
    priority: 1,
    when: { ...shopsOnly, identified: true },
    slots: [{ name: 'wolne', items: { except: { categories: ['sklep.tyton', 'sklep.alkohol'] } } }],
    then: [
      {
        do: 'basketSteps',
        of: 'wolne',
        steps: [
          { fromMinor: 12_000, off: { kind: 'percent', ppm: 40_000 } },
          { fromMinor: 20_000, off: { kind: 'percent', ppm: 60_000 } },
        ],
      },
    ],
  },
  {
    phase: 'basket',
    id: 'SAS-KUPON5',
    name: 'Kupon: 5 zł rabatu od 30 zł',
    group: 'koszyk',
    priority: 5,
    when: { vouchers: ['KUPON5'] },
    slots: [{ name: 'wolne', atLeast: { valueMinor: 3_000, basis: 'afterLine' } }],
    then: [{ do: 'basketOff', of: 'wolne', off: { kind: 'amount', minor: 500 }, voucher: 'KUPON5' }],
  },
  {
    phase: 'payment',
    id: 'SAS-PLATNOSC',
    name: 'Punktami można zapłacić do 30% zakupów',
    then: [{ do: 'pointsPay', mostPpm: 300_000 }],
  },
  {
    phase: 'accrual.bonus',
    id: 'SAS-JUBILEUSZ',
    name: 'Tydzień jubileuszu: potrójne punkty w sklepach',
    when: shopsOnly,
    onDays: [66, 73],
    then: [{ do: 'multiply', to: 'customer', how: 'times', ppm: 3_000_000 }],
  },
]

/** The rules of "Karta Sąsiedzka". */
export const neighbourRules: RulesOf = (days) => [...points, ...prices].map((draft) => drafted(draft, days))
