/**
 * The floor: the engine's own HTTP route for sales, with schema, seal, hashes and routing, whose batcher answers at once
 * and stores nothing. What the route itself costs bounds what a process can book.
 */
import type { Batcher } from '@premia/engine/batcher/batcher.ts'
import type { Item } from '@premia/engine/batcher/item.ts'
import { closePool, openPool } from '@premia/engine/db/pool.ts'
import { answerProblems } from '@premia/engine/http/problem.ts'
import { keepRawBody } from '@premia/engine/http/raw-body.ts'
import { salesRoutes } from '@premia/engine/http/sales.ts'
import { engineKeys } from '@premia/engine/keys.ts'
import { Directory } from '@premia/engine/programs/directory.ts'
import { originalsIn } from '@premia/engine/returns/programs-of-return.ts'
import { SessionKeys } from '@premia/engine/terminals/authenticate.ts'
import { TerminalContacts } from '@premia/engine/terminals/contacts.ts'
import { TerminalRegister } from '@premia/engine/terminals/register.ts'
import type { ProgramResult } from '@premia/pos-sdk/contract/till'
import Fastify from 'fastify'

const hash = '0'.repeat(64)

const answerOf = (directory: Directory, { received, programId }: Item): ProgramResult => ({
  program: directory.program(programId)?.publicId as ProgramResult['program'],
  status: 'booked',
  booking: received.sale.id,
  ruleSet: hash,
  engine: 'floor',
  outcome: hash,
  member: null,
  points: [],
  balances: [],
  applied: [],
  uses: [],
  issued: [],
  hints: [],
  notices: [],
})

const main = async (): Promise<void> => {
  const { PREMIA_DATABASE_ENGINE: url = '', PREMIA_ENGINE_KEY: key = '', ENGINE_PORT: port = '' } = process.env
  const sql = openPool(url, { name: 'floor', connectionsMax: 2 })
  const keys = engineKeys(key)
  const [directory, register] = await Promise.all([Directory.open(sql), TerminalRegister.open(sql)])
  const app = Fastify({ logger: false })
  keepRawBody(app)
  answerProblems(app)
  const batcher = {
    refusal: () => null,
    submit: (items: readonly Item[]) => {
      for (const item of items) item.settle({ kind: 'result', duplicate: false, result: answerOf(directory, item) })
    },
  } as unknown as Batcher
  const contacts = new TerminalContacts(sql)
  const sessions = new SessionKeys(keys.sessionSecret)
  const nowMs = Date.now
  const originals = originalsIn(sql)
  salesRoutes(app, { directory, keys, register, originals, sessions, contacts, nowMs, batcher, answerWithinMs: 10_000 })
  await app.listen({ host: '127.0.0.1', port: Number(port) })
  process.once('SIGTERM', () => {
    void app.close().then(() => closePool(sql))
  })
}

await main()
