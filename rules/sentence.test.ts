import { describe, expect, test } from 'vitest'
import type { Activation, Condition, Rule } from './index.ts'
import { sentence } from './sentence.ts'
import { perZloty, program, rule } from './testing/samples.ts'

const languages = ['en', 'pl', 'ro'] as const
const fixed = (points: number, changes: object = {}): Rule =>
  rule('r', 'accrual.bonus', [{ do: 'points', to: 'customer', formula: { kind: 'fixed', points } }], changes)
const gets = (points: number, language: (typeof languages)[number]): string =>
  sentence(fixed(points), language)
    .replace(/^(The customer gets|Klient otrzymuje|Clientul primește) /, '')
    .slice(0, -1)

describe('RUL-01: a rule is read as one plain sentence, in three languages', () => {
  const happyHour = rule('happy', 'accrual.bonus', [{ do: 'multiply', to: 'customer', how: 'times', ppm: 2_000_000 }], {
    when: { weekdays: [5, 6], hours: [['16:00', '20:00']], cardKinds: ['gold'] },
    slots: [{ name: 'a', items: { categories: ['C1'] }, atLeast: { quantityMilli: 2000 } }],
    limits: [{ per: 'member', period: 'month', measure: 'points', most: 500, over: 'truncate' }],
  })

  test('what, of which goods, when, and how much at most', () => {
    expect(sentence(perZloty(), 'en', {}, program())).toBe(
      'The customer gets 1 point for each 1.00 PLN of the shelf price.',
    )
    expect(sentence(perZloty(), 'pl', {}, program())).toBe(
      'Klient otrzymuje 1 punkt za każde 1,00 zł ceny detalicznej.',
    )
    const names = { gold: 'Gold', C1: 'Vitamins' }
    expect(sentence(happyHour, 'en', names)).toBe(
      'The base points of the customer are multiplied by 2, at least 2 units of category Vitamins, on Friday and Saturday, at 16:00–20:00, with card Gold, at most 500 points per member and month.',
    )
    expect(sentence(happyHour, 'pl', names)).toBe(
      'Klient: punkty podstawowe razy 2, co najmniej 2 szt.: kategoria Vitamins, w piątek i sobotę, w godzinach 16:00–20:00, z kartą Gold, najwyżej 500 punktów na uczestnika i miesiąc.',
    )
    expect(sentence(happyHour, 'ro', names)).toBe(
      'Clientul: punctele de bază se înmulțesc cu 2, cel puțin 2 bucăți: categoria Vitamins, vineri și sâmbătă, între orele 16:00–20:00, cu cardul Gold, cel mult 500 de puncte pe membru și lună.',
    )
  })
})

describe('a counted noun stands in the form that its number asks for', () => {
  const counts = [1, 2, 4, 5, 11, 12, 14, 19, 20, 21, 22, 25, 100, 101, 102, 112, 119, 120]

  test('in English', () => {
    expect([1, 2, 21].map((points) => gets(points, 'en'))).toEqual(['1 point', '2 points', '21 points'])
  })

  test('in Polish: 1 punkt, 2 punkty, 5 punktów, 12 punktów, 22 punkty', () => {
    expect(counts.map((points) => gets(points, 'pl'))).toEqual([
      '1 punkt',
      '2 punkty',
      '4 punkty',
      '5 punktów',
      '11 punktów',
      '12 punktów',
      '14 punktów',
      '19 punktów',
      '20 punktów',
      '21 punktów',
      '22 punkty',
      '25 punktów',
      '100 punktów',
      '101 punktów',
      '102 punkty',
      '112 punktów',
      '119 punktów',
      '120 punktów',
    ])
  })

  test('in Romanian: 1 punct, 2 puncte, 20 de puncte, 101 puncte', () => {
    expect(counts.map((points) => gets(points, 'ro'))).toEqual([
      '1 punct',
      '2 puncte',
      '4 puncte',
      '5 puncte',
      '11 puncte',
      '12 puncte',
      '14 puncte',
      '19 puncte',
      '20 de puncte',
      '21 de puncte',
      '22 de puncte',
      '25 de puncte',
      '100 de puncte',
      '101 puncte',
      '102 puncte',
      '112 puncte',
      '119 puncte',
      '120 de puncte',
    ])
  })

  test('as the languages’ own plural rules say, for every number to 1,000', () => {
    const forms = { pl: ['punkt', 'punkty', 'punktów'], ro: ['punct', 'puncte', 'de puncte'] } as const
    for (const language of ['pl', 'ro'] as const) {
      const rules = new Intl.PluralRules(language)
      for (let points = 1; points <= 1000; points += 1) {
        const category = rules.select(points)
        const form = forms[language][category === 'one' ? 0 : category === 'few' ? 1 : 2]
        expect(gets(points, language).replace(/^[\d.\s]+/, '')).toBe(form)
      }
    }
  })

  test('parts of a point and of a unit', () => {
    const fine = program({
      pointTypes: program().pointTypes.map((type) => ({ ...type, scale: 2 })),
    })
    const half = languages.map((language) => sentence(fixed(50), language, {}, fine))
    expect(half).toEqual([
      'The customer gets 0.5 points.',
      'Klient otrzymuje 0,5 punktu.',
      'Clientul primește 0,5 puncte.',
    ])
    const each = (quantityMilli: number): Rule =>
      rule('r', 'accrual.base', [
        { do: 'points', to: 'customer', formula: { kind: 'perUnit', quantityMilli, points: 3 } },
      ])
    expect(languages.map((language) => sentence(each(1000), language))).toEqual([
      'The customer gets 3 points for each unit.',
      'Klient otrzymuje 3 punkty za każdą sztukę.',
      'Clientul primește 3 puncte pentru fiecare bucată.',
    ])
    expect(sentence(each(375), 'ro')).toBe('Clientul primește 3 puncte pentru fiecare 0,375 unități.')
    expect(sentence(each(375), 'pl')).toBe('Klient otrzymuje 3 punkty za każde 0,375 jednostki.')
    expect(sentence(each(20_000), 'ro')).toBe('Clientul primește 3 puncte pentru fiecare 20 de bucăți.')
  })

  test('how often', () => {
    const limited = (most: number): Rule =>
      fixed(5, { limits: [{ per: 'card', period: 'ever', measure: 'uses', most, over: 'drop' }] })
    expect(languages.map((language) => sentence(limited(1), language).split(', ')[1])).toEqual([
      'at most 1 time per card in all.',
      'najwyżej 1 raz łącznie na kartę.',
      'cel mult o dată în total pe card.',
    ])
    expect(languages.map((language) => sentence(limited(25), language).split(', ')[1])).toEqual([
      'at most 25 times per card in all.',
      'najwyżej 25 razy łącznie na kartę.',
      'cel mult de 25 de ori în total pe card.',
    ])
  })
})

describe('numbers and dates stand as readers of the language write them', () => {
  const last = (one: Rule, language: (typeof languages)[number]) => sentence(one, language, {}, program())

  test('dates by the month’s name, an end at midnight by its last day', () => {
    const dated = fixed(5, { valid: { from: '2026-11-01T00:00', to: '2026-12-01T00:00' } })
    expect(languages.map((language) => last(dated, language))).toEqual([
      'The customer gets 5 points, from 1 Nov 2026, through 30 Nov 2026.',
      'Klient otrzymuje 5 punktów, od 1 lis 2026, do 30 lis 2026 włącznie.',
      'Clientul primește 5 puncte, din 1 nov. 2026, până la 30 nov. 2026 inclusiv.',
    ])
    const timed = fixed(5, { valid: { from: '2026-05-01T08:30', to: '2026-05-02T22:00' } })
    expect(last(timed, 'pl')).toBe('Klient otrzymuje 5 punktów, od 1 maj 2026 08:30, do 2 maj 2026 22:00.')
    const days = fixed(5, { when: { dates: ['2026-01-06'], exceptDates: ['2026-12-24', '2026-12-31'] } })
    expect(last(days, 'en')).toBe('The customer gets 5 points, on 6 Jan 2026, except on 24 Dec 2026 and 31 Dec 2026.')
  })

  test('every month as the reader’s calendar shortens it', () => {
    const locales = { en: 'en-GB', pl: 'pl-PL', ro: 'ro-RO' } as const
    for (const language of languages) {
      const format = new Intl.DateTimeFormat(locales[language], {
        day: 'numeric',
        month: 'short',
        year: 'numeric',
        timeZone: 'UTC',
      })
      for (let month = 1; month <= 12; month += 1) {
        const date = `2026-${String(month).padStart(2, '0')}-05`
        const told = sentence(fixed(5, { when: { dates: [date] } }), language)
        expect(told).toContain(format.format(new Date(`${date}T12:00:00Z`)))
      }
    }
  })

  test('thousands apart, decimals after the language’s own sign', () => {
    const steps: Rule = rule('r', 'basket', [
      { do: 'basketSteps', steps: [{ fromMinor: 1_234_500, off: { kind: 'percent', ppm: 125_000 } }] },
    ])
    expect(languages.map((language) => last(steps, language))).toEqual([
      'By basket value: from 12,345.00 PLN 12.5% off the basket.',
      'Zależnie od wartości koszyka: od 12 345,00 zł 12,5% rabatu na koszyk.',
      'După valoarea coșului: de la 12.345,00 PLN 12,5% reducere la coș.',
    ])
  })
})

describe('nothing that decides is left out', () => {
  const when = (condition: Condition, language: (typeof languages)[number] = 'en'): string =>
    sentence(fixed(5, { when: condition }), language).replace(/^[^,]*, /, '')

  test('closed vocabularies in the reader’s words', () => {
    const condition: Condition = { channels: ['online', 'machine'], tenders: ['cash'], memberKinds: ['company'] }
    expect(languages.map((language) => when(condition, language))).toEqual([
      'sold online or from a machine, paid in cash, for companies.',
      'sprzedaż online lub z automatu, płatność gotówką, dla firm.',
      'vândut online sau de la automat, plătit în numerar, pentru firme.',
    ])
  })

  test('attributes and visits', () => {
    expect(
      when({
        member: [
          { attr: 'newsletter', is: true },
          { attr: 'age', atLeast: 18 },
        ],
      }),
    ).toBe('with newsletter, with age from 18 on.')
    expect(
      when({
        member: [
          { attr: 'color', anyOf: ['red', 'blue'] },
          { attr: 'sms', known: false },
        ],
      }),
    ).toBe('with color: red or blue, with unknown sms.')
    expect(when({ visits: { every: 3, atMost: 9 } })).toBe(
      'on each visit whose number is a multiple of 3, up to visit number 9.',
    )
  })

  test('nested conditions', () => {
    const condition: Condition = { any: [{ tiers: ['t1'] }, { firstPurchase: true }], not: { holidays: 'only' } }
    expect(when(condition)).toBe('(in tier t1 or on the first purchase), but not (on public holidays).')
  })

  test('filters of lines, most and repeats of a slot', () => {
    const one = fixed(5, {
      slots: [
        {
          name: 'a',
          items: {
            producers: ['Acme'],
            except: { products: ['S1'] },
            where: { unitPriceAtLeastMinor: 1000, discounted: false, reimbursed: false, withoutMarks: ['rx'] },
          },
          atMost: { lines: 3 },
          each: { quantityMilli: 2000, atMostTimes: 2 },
        },
      ],
    })
    const goods =
      'producer Acme, except products S1, but nothing on prescription, priced 10.00 or more, not yet reduced, not paid by a third party'
    expect(sentence(one, 'en')).toBe(
      `The customer gets 5 points, at most 3 lines of ${goods}, for each 2 units of ${goods}, at most 2 times.`,
    )
  })

  test('sets, vouchers, gifts and limits', () => {
    const set = rule(
      'set',
      'line',
      [
        {
          do: 'bundlePrice',
          priceMinor: 1999,
          parts: [
            { of: 'a', units: 2 },
            { of: 'b', units: 1 },
          ],
        },
      ],
      {
        slots: [
          { name: 'a', items: { products: ['S1'] } },
          { name: 'b', items: { categories: ['C1'] } },
        ],
      },
    )
    expect(sentence(set, 'en')).toBe('A set of 2 × products S1 and 1 × category C1 costs 19.99.')
    const voucher = rule('v', 'basket', [{ do: 'basketOff', off: { kind: 'amount', minor: 1000 }, voucher: 'TEN' }], {
      limits: [{ per: 'campaign', period: 'month', measure: 'amount', most: 100_000, over: 'drop' }],
    })
    expect(sentence(voucher, 'en')).toBe(
      '10.00 off the basket with voucher TEN, at most 1,000.00 for all together per month.',
    )
    const gift = rule('g', 'basket', [{ do: 'gift', products: ['G1', 'G2'], quantityMilli: 2000 }], {
      limits: [{ per: 'sale', period: 'sale', measure: 'uses', most: 1, over: 'drop' }],
    })
    expect(sentence(gift, 'en')).toBe('A gift: 2 units G1 or G2, at most 1 time per sale.')
  })

  test('points of another type are counted, and its name stands as it is', () => {
    const stickers = rule('r', 'accrual.bonus', [
      { do: 'points', to: 'customer', pointType: 'S', formula: { kind: 'fixed', points: 22 } },
    ])
    expect(languages.map((language) => sentence(stickers, language, { S: 'Naklejki' }))).toEqual([
      'The customer gets 22 points “Naklejki”.',
      'Klient otrzymuje 22 punkty „Naklejki”.',
      'Clientul primește 22 de puncte „Naklejki”.',
    ])
  })

  test('when points can be redeemed, where the rule itself says so', () => {
    const waits = (activation: Activation | undefined): string[] =>
      languages.map((language) =>
        sentence(
          rule('r', 'accrual.base', [
            { do: 'points', to: 'customer', formula: { kind: 'fixed', points: 1 }, ...(activation && { activation }) },
          ]),
          language,
        ),
      )
    expect(waits({ kind: 'afterReturnWindow' })).toEqual([
      'The customer gets 1 point (redeemable when goods can no longer be returned).',
      'Klient otrzymuje 1 punkt (do wymiany, gdy minie czas na zwrot).',
      'Clientul primește 1 punct (de folosit după ce trece termenul de retur).',
    ])
    expect(waits({ kind: 'afterDays', days: 22 })).toEqual([
      'The customer gets 1 point (redeemable after 22 days).',
      'Klient otrzymuje 1 punkt (do wymiany po 22 dniach).',
      'Clientul primește 1 punct (de folosit după 22 de zile).',
    ])
    expect(waits({ kind: 'now' })[1]).toBe('Klient otrzymuje 1 punkt (do wymiany od razu).')
    expect(waits(undefined)[0]).toBe('The customer gets 1 point.')
  })

  test('the cheapest of each group', () => {
    const offer = (units: number): Rule =>
      rule('o', 'line', [
        { do: 'priceOff', off: { kind: 'percent', ppm: 1_000_000 }, pick: { take: 'cheapest', units, outOf: 3 } },
      ])
    expect(languages.map((language) => sentence(offer(1), language))).toEqual([
      'The cheapest of each 3 units: 100% off.',
      'Najtańsza z każdych 3 szt.: 100% taniej.',
      'Cea mai ieftină din fiecare 3 bucăți: 100% reducere.',
    ])
    const two = rule('o', 'line', [
      { do: 'setPrice', unitPriceMinor: 100, pick: { take: 'cheapest', units: 1, outOf: 1, atMostGroups: 2 } },
    ])
    expect(sentence(two, 'en')).toBe('The 2 dearest: the price is 1.00.')
    const same: Rule = rule('o', 'line', [
      {
        do: 'setPrice',
        unitPriceMinor: 1,
        pick: { take: 'cheapest', units: 1, outOf: 2, sameProduct: true, atMostGroups: 3 },
      },
    ])
    expect(languages.map((language) => sentence(same, language))).toEqual([
      'The cheapest of each 2 units of the same product: the price is 0.01, at most 3 times.',
      'Najtańsza z każdych 2 szt. tego samego produktu: cena wynosi 0,01, najwyżej 3 razy.',
      'Cea mai ieftină din fiecare 2 bucăți ale aceluiași produs: prețul este 0,01, cel mult de 3 ori.',
    ])
    expect(sentence(offer(2), 'en')).toBe('The 2 cheapest of each 3 units: 100% off.')
  })
})
