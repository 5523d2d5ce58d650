import type { Commands, Uuid } from '@premia/pos-sdk/contract/admin'
import type { Tx } from '../../db/pool.ts'
import { raiseOperator } from '../changes.ts'
import { type PeriodTable, putPeriods } from '../periods.ts'
import type { Definition } from './command.ts'
import { CommandRefused, refuseFields, refuseTwins } from './refusal.ts'
import { asJson } from './rows.ts'

type Catalogue = Commands['catalogue.import']['input']

const productPeriods: PeriodTable = {
  name: 'directory.product',
  key: { catalogue_id: 'uuid', product_id: 'uuid' },
  facts: {
    name: 'text',
    category_id: 'text',
    producer: 'text',
    tags: 'text[]',
    marks: 'text[]',
    regime_class: 'text',
    floor_minor: 'bigint',
  },
}

/** A page of the operator's catalogue: categories as they are now, products from an instant on. */
export const importCatalogue: Definition<'catalogue.import'> = {
  name: 'catalogue.import',
  scope: 'operator',
  run: async ({ tx, acting }, input) => {
    refuseTwins(
      'categories',
      input.categories.map((each) => each.id),
    )
    refuseTwins(
      'products',
      input.products.map((each) => `${each.id} ${each.from}`),
    )
    await putCategories(tx, acting.operator, input)
    await putPeriods(
      tx,
      productPeriods,
      input.products.map((each) => ({
        catalogue_id: acting.operator,
        product_id: each.id,
        from_at: each.from,
        name: each.name,
        category_id: each.category,
        producer: each.producer,
        tags: each.tags ?? [],
        marks: each.marks ?? [],
        regime_class: each.regimeClass ?? 'general',
        floor_minor: each.floorMinor,
      })),
    )
    await putCodes(tx, acting.operator, input)
    await raiseOperator(tx, acting.operator, 'catalogue')
    const count = input.categories.length + input.products.length
    return {
      result: { count },
      section: 'products',
      row: input.products.length === 1 ? (input.products[0]?.id ?? acting.operator) : acting.operator,
      changes: { categories: [null, input.categories.length], products: [null, input.products.length] },
    }
  },
}

const putCategories = async (tx: Tx, operator: Uuid, { categories, products }: Catalogue): Promise<void> => {
  const rows = categories.map(({ id, parent, name }) => ({ category_id: id, parent_id: parent, name }))
  await tx`
    INSERT INTO directory.category (catalogue_id, category_id, parent_id, name)
    SELECT ${operator}, category_id, parent_id, name
    FROM jsonb_to_recordset(${asJson(rows)}::text::jsonb) AS i (category_id text, parent_id text, name text)
    ORDER BY category_id
    ON CONFLICT (catalogue_id, category_id) DO UPDATE SET parent_id = excluded.parent_id, name = excluded.name`
  const tree = new Map(
    (
      await tx<{ id: string; parent: string | null }[]>`
        SELECT category_id AS id, parent_id AS parent FROM directory.category WHERE catalogue_id = ${operator}`
    ).map(({ id, parent }) => [id, parent]),
  )
  refuseFields(
    categories.flatMap(({ id }, index) => {
      const wrong = ancestryError(tree, id)
      return wrong === undefined ? [] : [{ path: `/input/categories/${index}/parent`, message: wrong }]
    }),
  )
  refuseFields(
    products.flatMap(({ category }, index) =>
      tree.has(category)
        ? []
        : [{ path: `/input/products/${index}/category`, message: 'is no category of the catalogue' }],
    ),
  )
}

/** Sixteen levels are more than any catalogue has, and fewer than a circle. */
const LEVELS_MAX = 16

const ancestryError = (tree: ReadonlyMap<string, string | null>, start: string): string | undefined => {
  let at: string | null = start
  for (let level = 0; level < LEVELS_MAX; level += 1) {
    const parent: string | null | undefined = tree.get(at)
    if (parent === undefined) return `names ${at}, which is no category of the catalogue`
    if (parent === null) return undefined
    at = parent
  }
  return `makes a circle or more than ${LEVELS_MAX} levels`
}

/** A code belongs to one product: taking it away from another one is refused, never done in silence. */
const putCodes = async (tx: Tx, operator: Uuid, { products }: Catalogue): Promise<void> => {
  const codes = products.flatMap(({ id, codes: own }) =>
    own.map(({ scope, code }) => ({ scope, code, product_id: id })),
  )
  const unique = [...new Map(codes.map((each) => [`${each.scope} ${each.code} ${each.product_id}`, each])).values()]
  const keys = unique.map(({ scope, code }) => `${scope} ${code}`)
  if (new Set(keys).size < keys.length) {
    throw new CommandRefused('validation_failed', 'Two products of this command have the same code')
  }
  const taken = await tx<{ scope: string; code: string }[]>`
    INSERT INTO directory.product_code AS c (catalogue_id, scope, code, product_id)
    SELECT ${operator}, scope, code, product_id
    FROM jsonb_to_recordset(${asJson(unique)}::text::jsonb) AS i (scope text, code text, product_id uuid)
    ORDER BY scope, code
    ON CONFLICT (catalogue_id, scope, code) DO UPDATE SET product_id = excluded.product_id
    WHERE c.product_id = excluded.product_id
    RETURNING scope, code`
  const free = new Set(taken.map(({ scope, code }) => `${scope} ${code}`))
  const clash = keys.find((key) => !free.has(key))
  if (clash !== undefined) throw new CommandRefused('already_exists', `The code ${clash} belongs to another product`)
}
