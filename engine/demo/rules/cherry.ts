import { type Draft, drafted, idsNamed, type RulesOf } from './draft.ts'

const points: readonly Draft[] = [
  {
    phase: 'accrual.base',
    id: 'CIR-BAZA',
    name: 'O cireașă pentru fiecare leu plătit',
    then: [
      { do: 'points', to: 'customer', formula: { kind: 'perValue', minor: 100, points: 1, basis: 'paidInMoney' } },
    ],
  },
  {
    phase: 'accrual.base',
    id: 'CIR-PUNCT',
    name: 'Bonus punct de lucru: 0,6% din vânzările cu card',
    when: { identified: true },
    then: [
      { do: 'points', to: 'owner', pointType: 'OWNER', formula: { kind: 'percent', ppm: 6_000, basis: 'afterBasket' } },
    ],
  },
  {
    phase: 'accrual.base',
    id: 'CIR-ANGAJAT',
    name: 'Puncte de motivare pentru produse noi',
    slots: [{ name: 'noi', items: { tags: ['nowosc'] } }],
    then: [
      {
        do: 'points',
        to: 'staff',
        pointType: 'STAFF',
        of: 'noi',
        formula: { kind: 'perUnit', quantityMilli: 1000, points: 2 },
      },
    ],
  },
  {
    phase: 'accrual.base',
    id: 'CIR-CARD',
    name: 'Un punct angajatului pentru fiecare card citit',
    when: { identified: true },
    then: [{ do: 'points', to: 'staff', pointType: 'STAFF', formula: { kind: 'fixed', points: 1 } }],
  },
  {
    phase: 'accrual.bonus',
    id: 'CIR-ROZ',
    name: 'Nivel roz: 10% cireșe în plus',
    when: { tiers: ['roz'] },
    then: [{ do: 'multiply', to: 'customer', how: 'add', ppm: 100_000 }],
  },
  {
    phase: 'accrual.bonus',
    id: 'CIR-ROSU',
    name: 'Nivel roșu: 20% cireșe în plus',
    when: { tiers: ['rosu'] },
    then: [{ do: 'multiply', to: 'customer', how: 'add', ppm: 200_000 }],
  },
  {
    phase: 'accrual.bonus',
    id: 'CIR-WEEKEND',
    name: 'Cireșe de weekend: una la fiecare 5 lei',
    when: { weekdays: [6, 7] },
    then: [
      {
        do: 'points',
        to: 'customer',
        pointType: 'BON',
        formula: { kind: 'perValue', minor: 500, points: 1, basis: 'paidInMoney', fullSteps: true },
      },
    ],
  },
  {
    phase: 'accrual.bonus',
    id: 'CIR-SEARA',
    name: 'După ora 20 cireșe duble la pâine',
    when: { hours: [['20:00', '22:00']] },
    slots: [{ name: 'paine', items: { categories: ['aliment.panificatie'] } }],
    then: [{ do: 'multiply', to: 'customer', of: 'paine', how: 'times', ppm: 2_000_000 }],
  },
  {
    phase: 'accrual.bonus',
    id: 'CIR-PRIMA',
    name: '40 de cireșe la prima cumpărătură',
    when: { firstPurchase: true },
    then: [{ do: 'points', to: 'customer', formula: { kind: 'fixed', points: 40 } }],
  },
  {
    phase: 'accrual.bonus',
    id: 'CIR-ZIUA',
    name: 'La mulți ani: 75 de cireșe',
    when: { birthday: true },
    limits: [{ per: 'member', period: 'year', measure: 'uses', most: 1, over: 'drop' }],
    then: [{ do: 'points', to: 'customer', formula: { kind: 'fixed', points: 75 } }],
  },
  {
    phase: 'accrual.bonus',
    id: 'CIR-CAFEA',
    name: 'Cafea și ciocolată împreună: 15 cireșe',
    slots: [
      { name: 'cafea', items: { categories: ['aliment.cafea'] } },
      { name: 'ciocolata', items: { products: idsNamed('Ciocolată') } },
    ],
    limits: [{ per: 'member', period: 'week', measure: 'uses', most: 2, over: 'drop' }],
    then: [{ do: 'points', to: 'customer', formula: { kind: 'fixed', points: 15 } }],
  },
  {
    phase: 'accrual.bonus',
    id: 'CIR-APLICATIE',
    name: 'Card în aplicație: 2 cireșe la fiecare vizită',
    when: { cardKinds: ['aplicatie'] },
    then: [{ do: 'points', to: 'customer', formula: { kind: 'fixed', points: 2 } }],
  },
  {
    phase: 'accrual.bonus',
    id: 'CIR-TREPTE',
    name: 'Cumpărături mari: cireșe în plus',
    then: [
      {
        do: 'points',
        to: 'customer',
        formula: {
          kind: 'brackets',
          basis: 'afterBasket',
          brackets: [
            { fromMinor: 15_000, points: 10 },
            { fromMinor: 30_000, points: 30 },
          ],
        },
      },
    ],
  },
  {
    phase: 'accrual.bonus',
    id: 'CIR-BUCOVINA',
    name: 'Bucovina: cireșe în plus pentru vecini',
    when: { regions: ['Suceava'] },
    then: [{ do: 'multiply', to: 'customer', how: 'add', ppm: 80_000 }],
  },
]

const prices: readonly Draft[] = [
  {
    phase: 'price',
    id: 'CIR-LAPTE',
    name: 'Lapte Valea Verde la 5,49 lei',
    group: 'preturi',
    slots: [{ name: 'lapte', items: { products: idsNamed('Lapte Valea Verde', 549) } }],
    then: [{ do: 'setPrice', of: 'lapte', unitPriceMinor: 549 }],
  },
  {
    phase: 'price',
    id: 'CIR-CURATENIE',
    name: 'Luna curățeniei: 10% reducere la detergenți',
    group: 'preturi',
    onDays: [30, 60],
    slots: [{ name: 'detergenti', items: { categories: ['casa.curatenie'] } }],
    then: [{ do: 'priceOff', of: 'detergenti', off: { kind: 'percent', ppm: 100_000 } }],
  },
  {
    phase: 'line',
    id: 'CIR-DOI-UNU',
    name: 'Iaurt: al treilea gratuit',
    group: 'reduceri',
    slots: [{ name: 'iaurt', items: { categories: ['aliment.lactate.iaurt'] }, atLeast: { quantityMilli: 3000 } }],
    then: [
      {
        do: 'priceOff',
        of: 'iaurt',
        off: { kind: 'percent', ppm: 1_000_000 },
        pick: { take: 'cheapest', units: 1, outOf: 3, atMostGroups: 2 },
      },
    ],
  },
  {
    phase: 'line',
    id: 'CIR-SUCURI',
    name: 'Sucuri naturale: 8% de la două bucăți',
    group: 'reduceri',
    when: { identified: true },
    slots: [{ name: 'sucuri', items: { categories: ['aliment.bauturi.sucuri'] } }],
    then: [{ do: 'priceTiers', of: 'sucuri', tiers: [{ fromMilli: 2000, off: { kind: 'percent', ppm: 80_000 } }] }],
  },
  {
    phase: 'basket',
    id: 'CIR-CUPON',
    name: 'Cupon: 8 lei reducere peste 60 lei',
    group: 'cos',
    priority: 5,
    when: { vouchers: ['CUPON8'] },
    slots: [
      {
        name: 'cos',
        items: { except: { categories: ['aliment.tutun'] } },
        atLeast: { valueMinor: 6_000, basis: 'afterLine' },
      },
    ],
    then: [{ do: 'basketOff', of: 'cos', off: { kind: 'amount', minor: 800 }, voucher: 'CUPON8' }],
  },
  {
    phase: 'basket',
    id: 'CIR-MIERCURI',
    name: 'Miercurea: 5% peste 100 lei cu cardul',
    group: 'cos',
    when: { weekdays: [3], identified: true },
    slots: [
      {
        name: 'cos',
        items: { except: { categories: ['aliment.tutun', 'aliment.alcool'] } },
        atLeast: { valueMinor: 10_000, basis: 'afterLine' },
      },
    ],
    then: [{ do: 'basketOff', of: 'cos', off: { kind: 'percent', ppm: 50_000 } }],
  },
  {
    phase: 'payment',
    id: 'CIR-PLATA',
    name: 'Cu cireșe se poate plăti până la 40% din coș',
    then: [{ do: 'pointsPay', mostPpm: 400_000 }],
  },
  {
    phase: 'accrual.bonus',
    id: 'CIR-TOAMNA',
    name: 'Săptămâna recoltei: cireșe triple la legume și fructe',
    onDays: [70, 77],
    slots: [{ name: 'legume', items: { categories: ['aliment.legume'] } }],
    then: [{ do: 'multiply', to: 'customer', of: 'legume', how: 'times', ppm: 3_000_000 }],
  },
]

/** The rules of "Cireșul Fidel". */
export const cherryRules: RulesOf = (days) => [...points, ...prices].map((draft) => drafted(draft, days))
