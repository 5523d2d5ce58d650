import { sql } from 'drizzle-orm'
import { Hono } from 'hono'
import { type Language, languages, type MeAnswer, type MenuEntry, type OrganizerInfo } from '../kit/model/wire.ts'
import type { Access } from '../kit/server/access.ts'
import { Problem } from '../kit/server/problem.ts'
import { mayUse } from '../kit/server/section-api.ts'
import { idArray } from '../kit/server/references.ts'
import { inScope } from '../kit/server/transaction.ts'
import { bodyOf, type Env, type Parts } from './context.ts'
import { readDemoProgress } from './demo-progress.ts'
import { sectionTitle } from './section-titles.ts'
import { csrfToken } from './session.ts'

/** Who is logged in, and the shell they get: menu, scopes, rights. */
export const meRoutes = (parts: Parts): Hono<Env> => {
  const routes = new Hono<Env>()
  routes.get('/me', async (c) => {
    const { session, reach } = c.var
    const wanted = c.req.query('language')
    const language = languages.find((each) => each === wanted) ?? session.user.language
    const { name, login, role } = session.user
    const answer: MeAnswer = {
      user: { name, login, role, language },
      csrf: csrfToken(parts.sessionKey, session.tokenHash),
      menu: await menuOf(parts, reach, language),
      organizers: await organizersOf(parts, reach),
      programs: reach.programs.map((program) => ({
        id: program.publicId,
        organizer: program.organizerId,
        name: program.name,
        currency: program.currency,
        zone: program.zone,
        pointScale: program.pointScale,
        tiers: program.tiers,
      })),
      rights: [...reach.rights],
      ...(await outletOf(parts, reach)),
      demo: session.user.demo,
    }
    return c.json(answer)
  })
  routes.get('/demo-progress', async (c) => c.json(await readDemoProgress(parts.demoProgressFile)))
  routes.put('/me/language', async (c) => {
    const language = (await bodyOf(c))['language']
    if (!languages.includes(language as Language)) {
      throw new Problem('validation_failed', 'There is no such language', {
        errors: [{ path: '/language', message: `must be one of ${languages.join(', ')}` }],
      })
    }
    await parts.database`UPDATE console."user" SET language = ${language as string}
      WHERE user_id = ${c.var.session.user.userId}`
    return c.body(null, 204)
  })
  return routes
}

const menuOf = async ({ sections }: Parts, access: Access, language: Language): Promise<readonly MenuEntry[]> => {
  const entries: MenuEntry[] = []
  const sorted = [...sections.byName.values()].sort((a, b) => a.source.section.order - b.source.section.order)
  for (const { source } of sorted) {
    const { name, group, icon } = source.section
    if (mayUse(access, `${name}.read`)) {
      entries.push({ section: name, group, icon, title: await sectionTitle(name, language) })
    }
  }
  return entries
}

const outletOf = async ({ database }: Parts, access: Access): Promise<Pick<MeAnswer, 'outlet'>> => {
  const { outletId } = access
  if (outletId === undefined) return {}
  const [row] = await inScope(database, access, (tx) =>
    tx.run<{ name: string }>(sql`SELECT name FROM read.outlet WHERE outlet_id = ${outletId}::uuid`),
  )
  return { outlet: { id: outletId, name: row?.name ?? '' } }
}

const organizersOf = async ({ database }: Parts, access: Access): Promise<readonly OrganizerInfo[]> =>
  await inScope(database, access, async (tx) => {
    const ids = idArray([...new Set(access.programs.map((program) => program.organizerId))])
    return await tx.run<OrganizerInfo>(sql`
      SELECT organization_id AS id, name, coalesce(mark, upper(left(name, 3))) AS mark, coalesce(colour, '') AS colour, country
      FROM read.organization WHERE organization_id = ANY (${ids}) ORDER BY name COLLATE "und-x-icu"`)
  })
