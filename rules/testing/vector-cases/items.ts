import { line, perZloty, sale } from '../samples.ts'
import { one, points, three, ugly, type VectorCase } from './scenes.ts'

export const items = (): VectorCase[] => {
  const slot = (name: string, items: object, more: object = {}): VectorCase =>
    one(
      'items',
      name,
      [
        points(
          { kind: 'perValue', minor: 1, points: 1, basis: 'gross' },
          { of: 'a' },
          { slots: [{ name: 'a', items, ...more }] },
        ),
      ],
      [ugly()],
    )
  return [
    slot('product', { products: ['A'] }),
    slot('category with what is below', { categories: ['root'] }),
    slot('leaf category', { categories: ['leaf1'] }),
    slot('producer', { producers: ['X'] }),
    slot('tag', { tags: ['new'] }),
    slot('two keys count once', { products: ['A'], categories: ['root'], tags: ['new'] }),
    slot('and', { categories: ['root'], and: { producers: ['Y'] } }),
    slot('except', { categories: ['root'], except: { products: ['A'] } }),
    slot('unit price', { where: { unitPriceAtLeastMinor: 2000, unitPriceAtMostMinor: 3000 } }),
    slot('already reduced', { where: { discounted: true } }),
    slot('reimbursed', { where: { reimbursed: false } }),
    slot('marks', { where: { withoutMarks: ['rx'] } }),
    slot('kinds', { where: { kinds: ['goods'] } }),
    ...[1, 5000, 5001, 5375, 5376].map((quantityMilli) =>
      slot(`at least ${quantityMilli}`, { producers: ['X'] }, { atLeast: { quantityMilli } }),
    ),
    ...[5997, 9995, 9996, 11_005].map((valueMinor) =>
      slot(`at least ${valueMinor} gr`, { products: ['A'] }, { atLeast: { valueMinor } }),
    ),
    ...[1, 2, 3, 4].map((products) =>
      slot(`${products} products`, { categories: ['root'] }, { atLeast: { products } }),
    ),
    slot('at most', { products: ['A'] }, { atMost: { quantityMilli: 4000 } }),
    slot('lines', { products: ['A'] }, { atLeast: { lines: 2 } }),
    ...[1, 2, 3].map((atMostTimes) =>
      one(
        'items',
        `each two units, ${atMostTimes} times at most`,
        [
          points(
            { kind: 'fixed', points: 10 },
            { of: 'a' },
            { slots: [{ name: 'a', items: { products: ['A'] }, each: { quantityMilli: 2000, atMostTimes } }] },
          ),
        ],
        [ugly()],
      ),
    ),
    one(
      'items',
      'two slots, both filled',
      [
        points(
          { kind: 'fixed', points: 10 },
          {},
          {
            slots: [
              { name: 'a', items: { products: ['A'] } },
              { name: 'b', items: { products: ['B'] } },
            ],
          },
        ),
      ],
      [three()],
    ),
    one(
      'items',
      'two slots, one empty',
      [
        points(
          { kind: 'fixed', points: 10 },
          {},
          {
            slots: [
              { name: 'a', items: { products: ['A'] } },
              { name: 'b', items: { products: ['Z'] } },
            ],
          },
        ),
      ],
      [three()],
    ),
    ...(['earn', 'discount', 'count'] as const).map((fact) =>
      one(
        'items',
        `the law forbids to ${fact}`,
        [
          perZloty(),
          points(
            { kind: 'fixed', points: 9 },
            {},
            { id: 'big', slots: [{ name: 'a', atLeast: { valueMinor: 8000 } }] },
          ),
        ],
        [
          sale([
            line(1, {
              unitPriceMinor: 9000,
              law: { earn: fact !== 'earn', discount: fact !== 'discount', count: fact !== 'count' },
            }),
            line(2),
          ]),
        ],
      ),
    ),
  ]
}
