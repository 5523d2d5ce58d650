import { expect, test } from 'vitest'
import { sentence } from './index.ts'
import { perZloty, program, rule } from './testing/samples.ts'

const happyHour = rule('happy', 'accrual.bonus', [{ do: 'multiply', to: 'customer', how: 'times', ppm: 2_000_000 }], {
  when: { weekdays: [5, 6], hours: [['16:00', '20:00']], cardKinds: ['gold'] },
  slots: [{ name: 'a', items: { categories: ['C1'] }, atLeast: { quantityMilli: 2000 } }],
  limits: [{ per: 'member', period: 'month', measure: 'points', most: 500, over: 'truncate' }],
})

test('RUL-01: a rule is read as one plain sentence, in three languages', () => {
  expect(sentence(perZloty(), 'en', {}, program())).toBe(
    'The customer gets 1 point for each 1.00 PLN of the shelf price.',
  )
  const names = { gold: 'Gold', C1: 'Vitamins' }
  expect(sentence(happyHour, 'en', names)).toBe(
    'The base points of the customer are multiplied by 2, at least 2 units of category Vitamins, on Friday and Saturday, at 16:00–20:00, with card Gold, at most 500 points per member and month.',
  )
  expect(sentence(happyHour, 'pl', names)).toContain('w piątek i sobotę, w godzinach 16:00–20:00, z kartą Gold')
  expect(sentence(happyHour, 'ro', names)).toContain('vineri și sâmbătă')
})
