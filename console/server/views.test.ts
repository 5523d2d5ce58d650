import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../engine/testing/database.ts'
import { type SavedView, savedViewsMax } from '../kit/model/wire.ts'
import { type Harness, type Speaker, startHarness } from '../testing/harness.ts'
import { makeWorld } from '../testing/world.ts'

let testDatabase: TestDatabase
let harness: Harness
let operator: Speaker
let organizer: Speaker

beforeAll(async () => {
  testDatabase = await createTestDatabase()
  await makeWorld(testDatabase)
  harness = await startHarness(testDatabase)
  operator = await harness.logIn('operator@test')
  organizer = await harness.logIn('organizer@test')
})
afterAll(async () => {
  await harness?.close()
  await testDatabase?.drop()
})

const address = '/api/sections/sales/views'
const returns = { name: 'Zwroty', filter: '{"field":"kind","is":"eq","value":"return"}', sort: '-occurredAt' }

const viewsOf = async (speaker: Speaker): Promise<readonly SavedView[]> =>
  (await (await speaker.get(address)).json()) as readonly SavedView[]

const faultsOf = async (response: Response): Promise<readonly string[]> => {
  expect(response.status).toBe(422)
  return ((await response.json()) as { errors: readonly { path: string }[] }).errors.map((error) => error.path)
}

test('a view is kept for the one who saved it, by its name, and goes when they say so', async () => {
  expect((await operator.put(address, returns)).status).toBe(200)
  expect((await operator.put(address, { ...returns, name: '  Zwroty ', filter: '' })).status).toBe(200)
  const [view, ...more] = await viewsOf(operator)
  expect(more).toEqual([])
  expect(view).toMatchObject({ name: 'Zwroty', filter: '', sort: '-occurredAt' })
  expect(await viewsOf(organizer)).toEqual([])
  expect((await organizer.delete(`${address}/${view?.id}`)).status).toBe(404)
  expect((await operator.delete(`/api/sections/members/views/${view?.id}`)).status).toBe(404)
  expect((await operator.delete(`${address}/${view?.id}`)).status).toBe(204)
  expect((await operator.delete(`${address}/${view?.id}`)).status).toBe(404)
  expect(await viewsOf(operator)).toEqual([])
})

test('a view that the list could not show, or that would keep personal data, is refused at its field', async () => {
  expect(await faultsOf(await operator.put(address, { ...returns, name: '   ' }))).toEqual(['/name'])
  expect(await faultsOf(await operator.put(address, { ...returns, name: 'x'.repeat(61) }))).toEqual(['/name'])
  expect(
    await faultsOf(await operator.put(address, { ...returns, filter: '{"field":"secret","is":"empty"}' })),
  ).toEqual(['/filter'])
  expect(await faultsOf(await operator.put(address, { ...returns, sort: '-secret' }))).toEqual(['/sort'])
  const phone = { field: 'phone', is: 'eq', value: '+48600100200' }
  for (const filter of [phone, { all: [{ field: 'visits', is: 'gte', value: 1 }, { not: phone }] }]) {
    const body = { name: 'Maria', filter: JSON.stringify(filter), sort: '-joinedAt' }
    expect(await faultsOf(await operator.put('/api/sections/members/views', body))).toEqual(['/filter'])
  }
})

test('whoever may not read a section has no views of it', async () => {
  const clerk = await harness.logIn('outlet@test')
  for (const answer of [
    await clerk.get('/api/sections/members/views'),
    await clerk.put('/api/sections/members/views', returns),
  ])
    expect(answer.status).toBe(404)
  expect((await clerk.put(address, returns)).status).toBe(200)
})

test('a list has so many views of one person and no more; one that is there can still be changed', async () => {
  for (let n = 1; n <= savedViewsMax; n += 1) {
    expect((await organizer.put(address, { ...returns, name: `View ${n}` })).status).toBe(200)
  }
  expect(await faultsOf(await organizer.put(address, { ...returns, name: 'One more' }))).toEqual(['/name'])
  expect((await organizer.put(address, { ...returns, name: 'View 1', sort: 'occurredAt' })).status).toBe(200)
  const views = await viewsOf(organizer)
  expect(views).toHaveLength(savedViewsMax)
  expect(views.find((view) => view.name === 'View 1')?.sort).toBe('occurredAt')
})
