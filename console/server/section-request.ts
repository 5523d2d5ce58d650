import type { FieldError } from '@premia/pos-sdk/contract/problems'
import { type Condition, everything } from '../kit/model/condition.ts'
import { parseConditionText } from '../kit/model/parse-condition.ts'
import type { Access } from '../kit/server/access.ts'
import { Problem } from '../kit/server/problem.ts'
import { type ReadRequest, visibleFields } from '../kit/server/read.ts'
import { mayUse, type SectionModule } from '../kit/server/section-api.ts'
import { accessOf, type Parts, type Request } from './context.ts'

const filterCharactersMax = 4_000

/** The section an address names, if the person may read it; one they may not read does not exist for them. */
export const sectionOf = (c: Request, parts: Parts): { readonly module: SectionModule; readonly access: Access } => {
  const access = accessOf(c)
  const name = c.req.param('section') ?? ''
  const module = parts.sections.byName.get(name)
  if (module === undefined || !mayUse(access, `${name}.read`))
    throw new Problem('not_found', 'There is no such section')
  return { module, access }
}

export const filterOf = (c: Request, module: SectionModule, access: Access): Condition => {
  const text = c.req.query('filter')
  if (text === undefined || text === '') return everything
  if (text.length > filterCharactersMax) throw faulty([{ path: '', message: 'is longer than 4,000 characters' }])
  const parsed = parseConditionText(text, module.source.section, visibleFields(module.source, access))
  if (!parsed.ok) throw faulty(parsed.errors)
  return parsed.condition
}

const faulty = (errors: readonly FieldError[]): Problem =>
  new Problem('validation_failed', 'The filter cannot be used', {
    errors: errors.map((error) => ({ path: `/filter${error.path}`, message: error.message })),
  })

export const readRequestOf = (c: Request, module: SectionModule, access: Access): ReadRequest => {
  const { list } = module.source.section
  const visible = visibleFields(module.source, access)
  const after = c.req.query('after')
  const columns = c.req.query('columns')
  return {
    columns:
      columns === undefined
        ? list.columns.filter((name) => Object.hasOwn(visible, name))
        : columns.split(',').filter((name) => name !== ''),
    filter: filterOf(c, module, access),
    sort: c.req.query('sort') ?? list.sort.join(','),
    ...(after === undefined ? {} : { after }),
    limit: Number(c.req.query('limit') ?? 50),
  }
}
