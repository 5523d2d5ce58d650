import { randomUUID } from 'node:crypto'
import { Hono } from 'hono'
import { parseConditionText } from '../kit/model/parse-condition.ts'
import { testedFields } from '../kit/model/tested-fields.ts'
import { type SavedView, savedViewsMax, viewNameMax } from '../kit/model/wire.ts'
import type { Access } from '../kit/server/access.ts'
import { Problem } from '../kit/server/problem.ts'
import { visibleFields } from '../kit/server/read.ts'
import type { SectionModule } from '../kit/server/section-api.ts'
import { sortKeys } from '../kit/server/sort-sql.ts'
import { bodyOf, type Env, type Parts, textOf } from './context.ts'
import { sectionOf } from './section-request.ts'

const filterCharactersMax = 4_000
const sortCharactersMax = 200

/**
 * Saved views: a person's own filters of a list, by name. Their texts leave no trace of people: a filter by a name or a
 * telephone number is not kept, for whoever is forgotten must be forgotten here, too.
 */
export const viewRoutes = (parts: Parts): Hono<Env> => {
  const { database } = parts
  const routes = new Hono<Env>()
  routes.get('/:section/views', async (c) => {
    const { module, access } = sectionOf(c, parts)
    const views = await database<SavedView[]>`SELECT view_id AS id, name, filter, sort FROM console.saved_view
      WHERE user_id = ${access.userId} AND section = ${module.source.section.name} ORDER BY name COLLATE "und-x-icu"`
    return c.json(views)
  })
  routes.put('/:section/views', async (c) => {
    const { module, access } = sectionOf(c, parts)
    const { name, filter, sort } = viewOf(await bodyOf(c), module, access)
    const section = module.source.section.name
    // The same name is the same view: it is replaced, however many there are.
    const [view] = await database<SavedView[]>`
      INSERT INTO console.saved_view (view_id, user_id, section, name, filter, sort, changed_at)
      SELECT ${randomUUID()}, ${access.userId}, ${section}, ${name}, ${filter}, ${sort}, ${new Date(parts.nowMs()).toISOString()}
      WHERE (SELECT count(*) FROM console.saved_view WHERE user_id = ${access.userId} AND section = ${section}
        AND name <> ${name}) < ${savedViewsMax}
      ON CONFLICT (user_id, section, name) DO UPDATE
        SET filter = excluded.filter, sort = excluded.sort, changed_at = excluded.changed_at
      RETURNING view_id AS id, name, filter, sort`
    if (view === undefined) throw refused('/name', `there are ${savedViewsMax} views of this list already`)
    return c.json(view)
  })
  routes.delete('/:section/views/:id', async (c) => {
    const { module, access } = sectionOf(c, parts)
    const id = c.req.param('id')
    if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)) throw nothing()
    const { count } = await database`DELETE FROM console.saved_view WHERE view_id = ${id}
      AND user_id = ${access.userId} AND section = ${module.source.section.name}`
    if (count === 0) throw nothing()
    return c.body(null, 204)
  })
  return routes
}

const nothing = (): Problem => new Problem('not_found', 'There is no such view')

const refused = (path: string, message: string): Problem =>
  new Problem('validation_failed', 'The view cannot be saved', { errors: [{ path, message }] })

/** A body's view, checked as the list itself would check it. */
const viewOf = (
  body: Readonly<Record<string, unknown>>,
  { source }: SectionModule,
  access: Access,
): Omit<SavedView, 'id'> => {
  const fields = visibleFields(source, access)
  const name = textOf(body, 'name', [1, viewNameMax]).trim().normalize('NFC')
  const filter = textOf(body, 'filter', [0, filterCharactersMax])
  const sort = textOf(body, 'sort', [1, sortCharactersMax])
  sortKeys(source, sort, fields)
  if (filter !== '') {
    const parsed = parseConditionText(filter, source.section, fields)
    if (!parsed.ok) throw refused('/filter', parsed.errors[0]?.message ?? 'cannot be used')
    if (testedFields(parsed.condition).some((field) => fields[field]?.personal === true)) {
      throw refused('/filter', 'looks for personal data, which are not kept')
    }
  }
  return { name, filter, sort }
}
