import { describe, expect, test } from 'vitest'
import type { Rule } from '../index.ts'
import { programSchema, ruleSchema } from '../schema/index.ts'
import { stale } from '../testing/build-schema.ts'
import { group, perZloty, program, rule } from '../testing/samples.ts'
import { validateProgram, validateRules } from '../validate.ts'

const first = (data: unknown) => validateRules([data])[0]

test('types and schema are one: what is generated from the types is what is on disk', () => {
  expect(stale()).toEqual([])
})

describe.each([
  ['rule', ruleSchema],
  ['program', programSchema],
])('the schema of a %s', (_, schema) => {
  type Node = Readonly<Record<string, unknown>>
  const defs = schema['$defs'] as Readonly<Record<string, Node>>
  const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null
  /** Every schema within a schema, with its place. */
  const walk = (node: Node, path: string): [path: string, node: Node][] => [
    [path, node],
    ...Object.entries(node).flatMap(([key, value]) => (isNode(value) ? walk(value, `${path}/${key}`) : [])),
  ]
  const nodes = Object.entries(defs).flatMap(([name, def]) => walk(def, name))

  test('closes every object, so that a misspelt field is refused', () => {
    const open = nodes.filter(
      ([, node]) => isNode(node['properties']) && !('discriminator' in node) && node['additionalProperties'] !== false,
    )
    expect(open.map(([path]) => path)).toEqual([])
  })

  test('describes every object and every field, so that a form can be drawn from it', () => {
    const target = (node: Node): Node | undefined =>
      typeof node['$ref'] === 'string' ? defs[node['$ref'].split('/').at(-1) as string] : undefined
    const isTold = (node: Node): boolean =>
      'const' in node || typeof node['description'] === 'string' || typeof target(node)?.['description'] === 'string'
    const fields = nodes.flatMap(([path, node]) =>
      isNode(node['properties'])
        ? Object.entries(node['properties']).map(([field, each]): [string, Node] => [`${path}/${field}`, each as Node])
        : [],
    )
    expect(fields.length).toBeGreaterThan(40)
    expect(fields.filter(([, node]) => !isTold(node)).map(([path]) => path)).toEqual([])
    const objects = Object.entries(defs).filter(([, def]) => isNode(def['properties']) && !isTold(def))
    expect(objects.map(([name]) => name)).toEqual([])
  })

  test.skipIf(schema !== ruleSchema)('limits every number and every list', () => {
    const loose = nodes.filter(
      ([, node]) =>
        (node['type'] === 'integer' && (!('minimum' in node) || !('maximum' in node))) ||
        (node['type'] === 'array' && (!('minItems' in node) || !('maxItems' in node))),
    )
    expect(loose.map(([path]) => path)).toEqual([])
  })
})

test('a sound rule has no issue, and a program neither', () => {
  expect(validateRules([perZloty()], program())).toEqual([])
  expect(validateProgram(program())).toEqual([])
})

describe('each refusal names path, reason and fix', () => {
  const points = { do: 'points', to: 'customer', formula: { kind: 'fixed', points: 1 } } as const
  const bonus = (changes: object, then: object = points): Rule =>
    rule('r', 'accrual.bonus', [then as typeof points], changes)
  const cases: readonly [string, unknown, string][] = [
    ['a field that does not exist', { ...perZloty(), extra: 1 }, 'shape_additionalProperties /0'],
    [
      'a fraction',
      bonus({}, { ...points, formula: { kind: 'fixed', points: 1.5 } }),
      'shape_type /0/then/0/formula/points',
    ],
    ['an unknown kind', bonus({}, { ...points, formula: { kind: 'magic' } }), 'shape_discriminator /0/then/0/formula'],
    ['an unknown slot', bonus({}, { ...points, of: 'x' }), 'unknown_slot /0/then/0/of'],
    [
      'an end before its start',
      bonus({ valid: { from: '2026-02-01T00:00', to: '2026-01-01T00:00' } }),
      'never_valid /0/valid',
    ],
    ['a day that is not', bonus({ when: { dates: ['2026-02-30'] } }), 'no_such_date /0/when/dates/0'],
    ['an empty window', bonus({ when: { hours: [['10:00', '10:00']] } }), 'empty_window /0/when/hours/0'],
    ['two slots of one name', bonus({ slots: [{ name: 'a' }, { name: 'a' }] }), 'slot_twice /0/slots/1/name'],
    ['a repeat of nothing', bonus({ slots: [{ name: 'a', each: {} }] }), 'each_of_one /0/slots/0/each'],
    [
      'an empty threshold',
      bonus({ slots: [{ name: 'a', atLeast: { basis: 'gross' } }] }),
      'empty_threshold /0/slots/0/atLeast',
    ],
    ['funders that do not add up', bonus({ funding: [{ party: 'p', ppm: 1 }] }), 'funding_sum /0/funding'],
    [
      'a limit of amounts on points',
      bonus({ limits: [{ per: 'member', period: 'day', measure: 'amount', most: 1, over: 'drop' }] }),
      'limit_measure /0/limits/0/measure',
    ],
    [
      'a limit of points on vouchers',
      bonus(
        { limits: [{ per: 'member', period: 'day', measure: 'points', most: 1, over: 'drop' }] },
        { do: 'voucherIssue', voucher: 'V', count: 1 },
      ),
      'limit_measure /0/limits/0/measure',
    ],
    [
      'one limit twice',
      bonus({
        limits: [1, 2].map(() => ({ id: 'L', per: 'member', period: 'day', measure: 'uses', most: 1, over: 'drop' })),
      }),
      'limit_twice /0/limits/1/id',
    ],
    [
      'a night that belongs to two dates',
      bonus({ when: { dates: ['2026-12-31'], hours: [['20:00', '02:00']] } }),
      'window_over_dates /0/when/hours',
    ],
    ['a set of nothing', bonus({ slots: [{ name: 'a', items: { except: {} } }] }), 'empty_set /0/slots/0/items/except'],
    [
      'a factor of one',
      bonus({}, { do: 'multiply', to: 'customer', how: 'times', ppm: 1_000_000 }),
      'factor_too_small /0/then/0/ppm',
    ],
    [
      'conditions too deep',
      bonus({ when: { not: { not: { not: { not: { birthday: true } } } } } }),
      'too_deep /0/when/not/not/not/not',
    ],
    [
      'too many alternatives',
      bonus({ when: { all: [1, 2, 3].map(() => ({ any: [1, 2, 3].map(() => ({ birthday: true })) })) } }),
      'too_many_branches /0/when',
    ],
    [
      'steps out of order',
      rule('r', 'basket', [
        { do: 'basketSteps', steps: [2, 1].map((n) => ({ fromMinor: n, off: { kind: 'amount', minor: 1 } })) },
      ]),
      'not_ascending /0/then/0/steps',
    ],
    [
      'a pick of more than there is',
      rule('r', 'line', [
        { do: 'priceOff', off: { kind: 'amount', minor: 1 }, pick: { take: 'cheapest', units: 3, outOf: 2 } },
      ]),
      'pick_too_many /0/then/0/pick',
    ],
    [
      'a pick in the price phase',
      rule('r', 'price', [{ do: 'setPrice', unitPriceMinor: 1, pick: { take: 'cheapest', units: 1, outOf: 2 } }]),
      'pick_in_price /0/then/0/pick',
    ],
  ]
  test.each(cases)('%s', (_, data, expected) => {
    const issue = first(data)
    expect(`${issue?.code} ${issue?.path}`).toBe(expected)
    expect(issue?.reason.length).toBeGreaterThan(10)
    expect(issue?.fix.length).toBeGreaterThan(5)
  })

  test('codes that the program does not know', () => {
    const data = perZloty('r', { group: 'nowhere', when: { tiers: ['t9'], any: [{ cardKinds: ['tin'] }] } })
    expect(validateRules([data], program()).map(({ code, path }) => `${code} ${path}`)).toEqual([
      'unknown_group /0/group',
      'unknown_tier /0/when/tiers/0',
      'unknown_card_kind /0/when/any/0/cardKinds/0',
    ])
  })

  test('points that wait for a return window which the program does not have', () => {
    const activation = { kind: 'afterReturnWindow' } as const
    const formula = { kind: 'fixed', points: 1 } as const
    const data = rule('r', 'accrual.base', [{ do: 'points', to: 'customer', formula, activation }])
    expect(validateRules([data], program({ returnWindowDays: 30 }))).toEqual([])
    expect(validateRules([data], program()).map(({ code, path }) => `${code} ${path}`)).toEqual([
      'no_return_window /0/then/0/activation',
    ])
    const [type] = program().pointTypes
    const waiting = program({ pointTypes: [{ ...type, activation } as never] })
    expect(validateProgram({ ...waiting, returnWindowDays: 30 })).toEqual([])
    expect(validateProgram(waiting).map(({ code, path }) => `${code} ${path}`)).toEqual([
      'no_return_window /pointTypes/0/activation',
    ])
  })

  test('a program that rules cannot be compiled with', () => {
    const codes = (changes: object): string[] =>
      validateProgram(program(changes)).map(({ code, path }) => `${code} ${path}`)
    const of = (code: string, parent?: string) => ({ ...group(code, 'best'), ...(parent && { parent }) })
    const [main] = program().pointTypes
    expect(codes({ mainPointType: 'x' })).toEqual(['unknown_point_type /mainPointType'])
    expect(codes({ tierPointType: 'x' })).toEqual(['unknown_point_type /tierPointType'])
    expect(codes({ groups: [of('a', 'x')] })).toEqual(['unknown_group /groups/0/parent'])
    expect(codes({ groups: [of('a', 'b'), of('b', 'a'), of('c', 'a')] })).toEqual([
      'group_in_itself /groups/0/parent',
      'group_in_itself /groups/1/parent',
    ])
    expect(codes({ groups: [of('a'), of('a')] })).toEqual(['code_twice /groups/1/code'])
    expect(codes({ pointTypes: [main, main] })).toEqual(['code_twice /pointTypes/1/code'])
    expect(codes({ pointTypes: [] })).toEqual(['shape_minItems /pointTypes'])
    expect(codes({ pointTypes: [{ ...main, scale: 7 }] })).toEqual(['shape_maximum /pointTypes/0/scale'])
  })

  test('two rules of one id, and one limit with two meanings', () => {
    const limit = { id: 'L', per: 'member', period: 'day', measure: 'uses', most: 1, over: 'drop' } as const
    const issues = validateRules([
      perZloty('a', { limits: [limit] }),
      perZloty('a', { limits: [{ ...limit, most: 2 }] }),
    ])
    expect(issues.map(({ code }) => code)).toEqual(['id_twice', 'limit_differs'])
  })
})
