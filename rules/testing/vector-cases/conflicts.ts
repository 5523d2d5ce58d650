import type { EvaluationInput, Rule, RuleGroup } from '../../index.ts'
import { group, perZloty, program, rule } from '../samples.ts'
import { one, points, priced, three, type VectorCase } from './scenes.ts'

export const conflicts = (): VectorCase[] => {
  const grouped = (
    name: string,
    outer: Partial<RuleGroup> & Pick<RuleGroup, 'mode'>,
    rules: readonly Rule[],
    input: EvaluationInput,
  ): VectorCase =>
    one('conflicts', name, rules, [
      input,
      { program: program({ groups: [group('g', outer.mode, outer), group('in', 'stack', { parent: 'g' })] }) },
    ])
  const off = (id: string, ppm: number, changes: object = {}): Rule =>
    rule(id, 'line', [{ do: 'priceOff', off: { kind: 'percent', ppm } }], { group: 'g', ...changes })
  const offs = [
    off('low', 50_000, { priority: 5 }),
    off('high', 200_000),
    off('mid', 100_000, { group: 'in' }),
    off('mid2', 120_000, { group: 'in' }),
  ]
  const give = (id: string, points: number, changes: object = {}): Rule =>
    rule(id, 'accrual.bonus', [{ do: 'points', to: 'customer', formula: { kind: 'fixed', points } }], {
      group: 'g',
      ...changes,
    })
  const gives = [
    give('low', 5, { priority: 5 }),
    give('high', 50),
    give('mid', 30, { group: 'in' }),
    give('mid2', 40, { group: 'in' }),
  ]
  const modes = ['stack', 'first', 'best', 'worst', 'sumCapped'] as const
  const claim = { slots: [{ name: 'a', items: { products: ['A'] }, each: { quantityMilli: 3000 }, claims: true }] }
  return [
    ...modes.flatMap((mode) =>
      [undefined, 2].flatMap((atMostRules) => {
        const changes = { capMinor: 1500, capPoints: 60, ...(atMostRules !== undefined && { atMostRules }) }
        const name = atMostRules === undefined ? mode : `${mode}, ${atMostRules} at most`
        return [
          grouped(`prices: ${name}`, { mode, ...changes }, offs, priced(three())),
          grouped(`points: ${name}`, { mode, ...changes }, gives, three()),
        ]
      }),
    ),
    one(
      'conflicts',
      'exclusive tags, whichever names the other',
      [perZloty('a', { priority: 1, tags: ['t'] }), perZloty('b', { excludes: ['t'] }), perZloty('c', { tags: ['u'] })],
      [three()],
    ),
    one(
      'conflicts',
      'claims: units are used once',
      [
        points({ kind: 'fixed', points: 10 }, {}, { id: 'x', priority: 1, ...claim }),
        points(
          { kind: 'fixed', points: 7 },
          {},
          { id: 'y', slots: [{ ...claim.slots[0], each: { quantityMilli: 1000 } }] },
        ),
      ],
      [three()],
    ),
    one('conflicts', 'equal priority: the id decides', [perZloty('b'), perZloty('a')], [three()]),
    one(
      'conflicts',
      'multipliers',
      [
        perZloty(),
        ...(['add', 'times'] as const).flatMap((how) =>
          ['x', 'y'].map((id) =>
            rule(`${how}-${id}`, 'accrual.bonus', [{ do: 'multiply', to: 'customer', how, ppm: 1_500_000 }]),
          ),
        ),
      ],
      [three()],
    ),
  ]
}
