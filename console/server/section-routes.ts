import { randomUUID } from 'node:crypto'
import { Hono } from 'hono'
import type { CountAnswer, ListRow, NewerAnswer, RefCell } from '../kit/model/wire.ts'
import { mayUse } from '../kit/server/section-api.ts'
import { Problem } from '../kit/server/problem.ts'
import { countNewer, countRows, readList, readRecord, visibleFields } from '../kit/server/read.ts'
import { inScope } from '../kit/server/transaction.ts'
import { runAction } from './action.ts'
import { type Env, type Parts, typedText } from './context.ts'
import { exportCsv } from './export-csv.ts'
import { filterOf, readRequestOf, sectionOf } from './section-request.ts'

/** What every section answers, from its definition and binding alone. */
export const sectionRoutes = (parts: Parts): Hono<Env> => {
  const { database, sections } = parts
  const routes = new Hono<Env>()
  routes.get('/:section/rows', async (c) => {
    const { module, access } = sectionOf(c, parts)
    const request = readRequestOf(c, module, access)
    return c.json(await inScope(database, access, (tx) => readList(module.source, request, tx, sections.references)))
  })
  routes.get('/:section/count', async (c) => {
    const { module, access } = sectionOf(c, parts)
    const filter = filterOf(c, module, access)
    const exactly = c.req.query('exactly') === '1'
    const answer: CountAnswer = await inScope(database, access, (tx) => countRows(module.source, filter, tx, exactly))
    return c.json(answer)
  })
  routes.get('/:section/newer', async (c) => {
    const { module, access } = sectionOf(c, parts)
    const { filter, sort } = readRequestOf(c, module, access)
    const first = c.req.query('first') ?? ''
    const answer: NewerAnswer = {
      count: await inScope(database, access, (tx) => countNewer(module.source, { filter, sort, first }, tx)),
    }
    return c.json(answer)
  })
  routes.get('/:section/aside', async (c) => {
    const { module, access } = sectionOf(c, parts)
    const { aside } = module.api
    if (aside === undefined) throw nothing()
    return c.json((await inScope(database, access, aside)) as object)
  })
  routes.get('/:section/options/:field', async (c) => {
    const { module, access } = sectionOf(c, parts)
    const name = c.req.param('field')
    const fields = visibleFields(module.source, access)
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined
    const reference = field?.type === 'ref' ? sections.references[field.to] : undefined
    if (reference === undefined) throw new Problem('not_found', 'There is no such reference')
    const ids = c.req
      .query('ids')
      ?.split(',')
      .filter((id) => /^[0-9a-f-]{36}$/.test(id))
      .slice(0, 100)
    const options = await inScope(database, access, async (tx): Promise<readonly RefCell[]> => {
      if (ids === undefined) return await reference.options(tx, typedText(c))
      return [...(await reference.chosen(tx, ids))].map(([id, label]) => ({ id, label }))
    })
    return c.json(options)
  })
  routes.get('/:section/rows.csv', async (c) => {
    const { module, access } = sectionOf(c, parts)
    if (!mayUse(access, 'export')) throw new Problem('not_permitted', 'You may not export')
    return await exportCsv(c, parts, { module, access, request: readRequestOf(c, module, access) })
  })
  routes.get('/:section/records/:id', async (c) => {
    const { module, access } = sectionOf(c, parts)
    return c.json(await readWhole(parts, { module, access }, c.req.param('id')))
  })
  routes.post('/:section/records/:id/actions/:action', async (c) => {
    const { module, access } = sectionOf(c, parts)
    return c.json(await runAction(c, parts, { module, access, commandId: randomUUID() }))
  })
  return routes
}

/** A record: its row in each program, and what its section shows beside it. */
const readWhole = async (
  { database, sections: { references } }: Parts,
  { module, access }: ReturnType<typeof sectionOf>,
  id: string,
): Promise<object> => {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)) throw nothing()
  const columns = recordColumns(module, visibleFields(module.source, access))
  return await inScope(database, access, async (tx) => {
    const rows: readonly ListRow[] = await readRecord(module.source, columns, id, { tx, references })
    if (rows.length === 0) throw nothing()
    const more = await module.api.record?.({ tx, id, rows, references })
    return { rows, ...(more === undefined ? {} : { more }) }
  })
}

const nothing = (): Problem => new Problem('not_found', 'There is nothing with this id here')

/** All fields of the list and the facts: the record's page shows both. */
const recordColumns = (
  { source }: { readonly source: { readonly section: { readonly fields: object } } },
  visible: object,
): readonly string[] => Object.keys(source.section.fields).filter((name) => Object.hasOwn(visible, name))
