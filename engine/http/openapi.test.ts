import { commandSchemas, querySchemas } from '@premia/pos-sdk/contract/admin'
import { problemType, refusals } from '@premia/pos-sdk/contract/problems'
import { tillRequests } from '@premia/pos-sdk/contract/till'
import Fastify, { type FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { OpenApiDocument } from './openapi-document.ts'
import { openApiRoutes } from './openapi.ts'

let app: FastifyInstance
beforeAll(() => {
  app = Fastify()
  openApiRoutes(app)
})
afterAll(() => app.close())

const read = async (name: string): Promise<OpenApiDocument> =>
  (await app.inject({ url: `/openapi/${name}.json` })).json<OpenApiDocument>()

describe('the OpenAPI documents', () => {
  it('name every request of the tills and every command and question of the console', async () => {
    const [till, admin] = [await read('till'), await read('admin')]
    expect([till.openapi, admin.openapi]).toEqual(['3.1.0', '3.1.0'])
    expect(new Set(Object.keys(till.paths))).toEqual(new Set(Object.values(tillRequests).map(({ path }) => path)))
    expect(Object.keys(admin.paths)).toEqual([
      ...Object.keys(commandSchemas).map((name) => `/admin/v1/commands/${name}`),
      ...Object.keys(querySchemas).map((name) => `/admin/v1/queries/${name}`),
    ])
  })

  it('tell every code of the catalogue under its status', async () => {
    const responses = (await read('till')).paths['/v1/sales']?.['post']?.responses ?? {}
    for (const { code, status } of refusals) {
      expect((responses[status] as { description: string }).description.split(', ')).toContain(code)
    }
  })

  it('require program and reason exactly where the engine does', async () => {
    const { paths } = await read('admin')
    const required = (name: string): unknown => {
      const body = paths[`/admin/v1/commands/${name}`]?.['post']?.requestBody as
        | { content: { 'application/json': { schema: { required: string[] } } } }
        | undefined
      return body?.content['application/json'].schema.required
    }
    expect(required('card.block')).toEqual(['id', 'input', 'program', 'reason'])
    expect(required('terminal.revoke')).toEqual(['id', 'input', 'reason'])
    expect(required('law.import')).toEqual(['id', 'input'])
  })

  it('have a page for each refusal, where its problem document says that it is', async () => {
    for (const { code, title, status } of refusals) {
      const page = await app.inject({ url: problemType(code) })
      expect([page.statusCode, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8'])
      expect(page.body).toContain(title)
      expect(page.body).toContain(String(status))
    }
    expect((await app.inject({ url: '/problems/nonsense' })).statusCode).toBe(404)
  })

  it('are read on a page that asks no other host for anything and runs no script', async () => {
    const response = await app.inject({ url: '/docs' })
    expect(response.headers['content-security-policy']).toContain("default-src 'none'")
    expect(response.body).not.toMatch(/<script|https?:\/\/|@import|url\(/)
    expect(response.body).toContain('/admin/v1/commands/program.suspend')
    expect(response.body).toContain('prefers-color-scheme:dark')
  })
})
