import { createHash, createHmac, generateKeyPairSync, type KeyObject, randomBytes, sign, verify } from 'node:crypto'
import {
  type BundleDocument,
  bundleHash,
  enrolText,
  type EnrolAnswer,
  type HelloAnswer,
  helloText,
  instantOf,
  keyIdOf,
  requestText,
  type SignedBundle,
  type Uuid,
} from '@premia/pos-sdk/contract/till'
import { compileRuleSet, type Rule } from '@premia/rules'
import Fastify, { type FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { engineKeys, sha256 } from '../keys.ts'
import { documentRefusal, SessionKeys } from '../terminals/authenticate.ts'
import { BundlePress } from '../terminals/bundle-press.ts'
import { HeardHellos } from '../terminals/heard-hellos.ts'
import { TerminalContacts } from '../terminals/contacts.ts'
import { publicKeyOf, TerminalRegister } from '../terminals/register.ts'
import { createTestDatabase, type TestDatabase } from '../testing/database.ts'
import { type Give, giver, injectedClient, setUpWorld, testId, world } from '../testing/world.ts'
import { adminRoutes } from './admin.ts'
import { answerProblems } from './problem.ts'
import { keepRawBody } from './raw-body.ts'
import { provenTerminal, type TerminalDoor, terminalRoutes } from './terminals.ts'

const consoleKey = 'k'.repeat(43)
const keys = engineKeys('e'.repeat(43))
let nowMs = Date.parse('2026-03-10T10:00:00.000Z')
const software = { name: 'test-till', version: '1' }

let database: TestDatabase
let app: FastifyInstance
let door: TerminalDoor
let give: Give
let enrolCode: string

interface Device {
  readonly key: KeyObject
  readonly publicKey: string
}
const newDevice = (): Device => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  return { key: privateKey, publicKey: publicKey.export({ format: 'jwk' }).x as string }
}
const signed = (device: Device, text: string): string => sign(null, Buffer.from(text), device.key).toString('base64url')

const post = async (url: string, payload: object): Promise<{ status: number; body: Record<string, unknown> }> => {
  const response = await app.inject({ method: 'POST', url, payload })
  return { status: response.statusCode, body: response.json() }
}
const enrol = (code: string, device: Device, signer: Device = device) => {
  const signature = signed(signer, enrolText(code, device.publicKey))
  return post('/v1/terminals/enrol', { code, publicKey: device.publicKey, software, signature })
}
const report = { length: 3, parked: 1, sequence: 7 }
const hello = (
  device: Device,
  changes: { at?: number; said?: object; oldestAt?: string; terminal?: Uuid; signer?: Device } = {},
) => {
  const said = {
    terminal: changes.terminal ?? world.terminal,
    keyId: keyIdOf(device.publicKey, sha256),
    at: instantOf(changes.at ?? nowMs),
    nonce: randomBytes(16).toString('hex'),
    software,
    queue: { ...report, oldestAt: changes.oldestAt ?? instantOf(nowMs - 60_000) },
    ...changes.said,
  }
  return post('/v1/terminals/hello', { ...said, signature: signed(changes.signer ?? device, helloText(said)) })
}

interface Seal {
  readonly session: HelloAnswer
  readonly body?: string
  readonly sealedBody?: string
  readonly time?: number
  readonly path?: string
}
const sealed = async ({ session, body = '{"a":1}', sealedBody = body, time = nowMs, path = '/v1/probe' }: Seal) => {
  const terminal = world.terminal
  const mac = createHmac('sha256', Buffer.from(session.sessionKey, 'base64url'))
    .update(
      requestText({
        method: 'POST',
        path: '/v1/probe',
        terminal,
        session: session.sessionKeyId,
        time: String(time),
        bodyHash: createHash('sha256').update(sealedBody).digest('hex'),
      }),
    )
    .digest('base64url')
  const response = await app.inject({
    method: 'POST',
    url: path,
    payload: body,
    headers: {
      'content-type': 'application/json',
      'premia-terminal': terminal,
      'premia-session': session.sessionKeyId,
      'premia-time': String(time),
      'premia-mac': mac,
    },
  })
  return response.statusCode === 200 ? 'ok' : response.json<{ code: string }>().code
}

const getBundle = async (session: HelloAnswer, etag?: string) => {
  const time = String(nowMs)
  const bodyHash = createHash('sha256').update('').digest('hex')
  const text = requestText({
    method: 'GET',
    path: '/v1/bundle',
    terminal: world.terminal,
    session: session.sessionKeyId,
    time,
    bodyHash,
  })
  return app.inject({
    method: 'GET',
    url: '/v1/bundle',
    headers: {
      'premia-terminal': world.terminal,
      'premia-session': session.sessionKeyId,
      'premia-time': time,
      'premia-mac': createHmac('sha256', Buffer.from(session.sessionKey, 'base64url')).update(text).digest('base64url'),
      ...(etag === undefined ? {} : { 'if-none-match': etag }),
    },
  })
}

const rule: Rule = {
  schema: 1,
  id: 'R-1',
  version: 1,
  name: 'Double points on care',
  phase: 'accrual.base',
  slots: [{ name: 'care', items: { categories: ['care'] } }],
  then: [
    { do: 'points', to: 'customer', of: 'care', formula: { kind: 'perValue', minor: 100, points: 2, basis: 'gross' } },
  ],
}

beforeAll(async () => {
  database = await createTestDatabase()
  app = Fastify()
  keepRawBody(app)
  answerProblems(app)
  const { engine: sql } = database
  const clock = (): number => nowMs
  door = {
    sql,
    keys,
    nowMs: clock,
    register: await TerminalRegister.open(sql),
    sessions: new SessionKeys(keys.sessionSecret),
    contacts: new TerminalContacts(sql),
    bundles: new BundlePress(sql, keys),
    heard: new HeardHellos(),
  }
  terminalRoutes(app, door)
  adminRoutes(app, { sql, keys, nowMs: clock, consoleKey })
  app.post('/v1/probe', async (request, reply) => {
    const proven = await provenTerminal(request, reply, door)
    return proven === undefined ? reply : reply.send({ terminal: proven.terminal.terminal })
  })
  give = giver(injectedClient(app, consoleKey, clock))
  enrolCode = (await setUpWorld(give, [{ name: 'Care', rule }])).enrolCode
  nowMs += 1_000
})
afterAll(async () => {
  await app?.close()
  await database?.drop()
})

const device = newDevice()
let session: HelloAnswer

describe('a terminal', () => {
  it('is unknown before it enrols', async () => {
    expect((await hello(device)).body['code']).toBe('terminal_unknown')
  })

  it('enrols once with its code, and only with a key that it holds', async () => {
    expect((await enrol('AAAA-AAAA-AAAA-AAAA', device)).body['code']).toBe('enrolment_code_invalid')
    expect((await enrol(enrolCode, device, newDevice())).body['code']).toBe('mac_invalid')
    const { status, body } = await enrol(enrolCode.toLowerCase().replaceAll('-', ' '), device)
    const answer = body as unknown as EnrolAnswer
    expect(status).toBe(200)
    expect(answer).toMatchObject({
      terminal: world.terminal,
      keyId: keyIdOf(device.publicKey, sha256),
      outlet: { id: world.outlets[0], zone: 'Europe/Warsaw', currency: 'PLN' },
      programs: [{ id: world.program, steersPrices: true }],
    })
    expect((await enrol(enrolCode, newDevice())).body['code']).toBe('enrolment_code_invalid')
  })

  it('answers a till that lost the answer the same again', async () => {
    const { status, body } = await enrol(enrolCode, device)
    expect(status).toBe(200)
    expect(body).toMatchObject({ terminal: world.terminal, keyId: keyIdOf(device.publicKey, sha256) })
  })

  it('refuses a code after a day', async () => {
    const terminals = [{ id: testId(4, 9), name: 'Late', outlet: world.outlets[0], from: world.startsAt }]
    const { codes } = await give('terminal.register', { terminals })
    nowMs += 86_400_001
    expect((await enrol(codes[0]?.code ?? '', newDevice())).body['code']).toBe('enrolment_code_invalid')
    nowMs -= 86_400_001
  })

  it('opens a session of fifteen minutes by a signature, and tells of its queue', async () => {
    const { status, body } = await hello(device)
    expect(status).toBe(200)
    session = body as unknown as HelloAnswer
    expect(Date.parse(session.expiresAt) - nowMs).toBe(15 * 60_000)
    const [row] = await database.admin`SELECT * FROM directory.terminal WHERE terminal_id = ${world.terminal}`
    expect(row).toMatchObject({ state: 'active', software: 'test-till 1', queue_length: 3, queue_parked: 1 })
  })

  it('is turned away with a wrong clock, another key, or the signature of somebody else', async () => {
    expect((await hello(device, { at: nowMs - 300_001 })).body['code']).toBe('session_expired')
    expect((await hello(newDevice())).body['code']).toBe('terminal_unknown')
    expect((await hello(device, { signer: newDevice() })).body['code']).toBe('mac_invalid')
    expect((await hello(device, { terminal: testId(4, 77) })).body['code']).toBe('terminal_unknown')
    expect((await post('/v1/terminals/hello', { terminal: 'x' })).body['code']).toBe('malformed')
  })
})

describe('a hello that somebody has overheard', () => {
  const nonce = 'cd'.repeat(16)

  it('opens no second session for whoever sends it again, however its signature is spelt', async () => {
    const keyId = keyIdOf(device.publicKey, sha256)
    const said = { terminal: world.terminal, keyId, at: instantOf(nowMs), nonce, software, queue: report }
    const signature = signed(device, helloText(said))
    const answers = [signature, signature, `${signature}==`, `${signature} `].map((value) => ({
      ...said,
      signature: value,
    }))
    expect((await post('/v1/terminals/hello', answers[0] as object)).status).toBe(200)
    for (const again of answers.slice(1)) {
      const { body } = await post('/v1/terminals/hello', { ...again, software: { name: 'thief', version: '1' } })
      expect(body['code']).toMatch(/^(session_expired|malformed)$/)
      expect(body).not.toHaveProperty('sessionKey')
    }
    const [row] = await database.admin`SELECT software FROM directory.terminal WHERE terminal_id = ${world.terminal}`
    expect(row?.['software']).toBe('test-till 1')
    nowMs += 299_000
    expect((await post('/v1/terminals/hello', answers[0] as object)).body['code']).toBe('session_expired')
    nowMs -= 299_000
  })

  it('keeps nobody from saying another one, and is remembered in bounds', async () => {
    expect((await hello(device, { said: { nonce: 'ce'.repeat(16) } })).status).toBe(200)
    const heard = new HeardHellos(3)
    const [a, b, c, d] = ['a', 'b', 'c', 'd'] as const
    expect([a, b, a, c, d].map((text) => heard.isNew(text, 0))).toEqual([true, true, false, true, true])
    // The oldest made room; what is too old to be fresh is forgotten.
    expect([heard.isNew(d, 1), heard.isNew(a, 2), heard.isNew(d, 600_001)]).toEqual([false, true, true])
  })
})

describe('a hello dated by no instant', () => {
  it('is refused: it would be fresh for ever, for whoever gets hold of it', async () => {
    const { status, body } = await hello(device, { said: { at: '2026-99-99T99:99:99.999Z' } })
    expect([status, body['code'], body['errors']]).toEqual([
      400,
      'malformed',
      [{ path: '/at', message: 'is not an instant' }],
    ])
  })

  it('is refused where it tells of its queue, before the database is asked', async () => {
    const { status, body } = await hello(device, { oldestAt: '2026-02-30T10:00:00.000Z' })
    expect([status, body['code'], body['errors']]).toEqual([
      400,
      'malformed',
      [{ path: '/queue/oldestAt', message: 'is not an instant' }],
    ])
  })
})

describe('a sealed request', () => {
  it('is taken as it was sealed, for one body and one path', async () => {
    expect(await sealed({ session })).toBe('ok')
    expect(await sealed({ session, sealedBody: '{"a":2}' })).toBe('mac_invalid')
    expect(await sealed({ session, path: '/v1/probe?x=1' })).toBe('mac_invalid')
    expect(await sealed({ session: { ...session, sessionKey: 'A'.repeat(43) } })).toBe('mac_invalid')
  })

  it('needs a time near the engine’s and a session that has not ended', async () => {
    expect(await sealed({ session, time: nowMs + 300_001 })).toBe('session_expired')
    const longer = { ...session, sessionKeyId: session.sessionKeyId.replace(/\d+$/, String(nowMs + 3_600_000)) }
    expect(await sealed({ session: longer })).toBe('mac_invalid')
    nowMs += 15 * 60_000
    expect(await sealed({ session })).toBe('session_expired')
    nowMs -= 15 * 60_000
  })

  it('is understood by every process, and noted as a contact in bulk', async () => {
    const other = {
      register: await TerminalRegister.open(database.engine),
      sessions: new SessionKeys(keys.sessionSecret),
    }
    expect(
      other.sessions.of(world.terminal, keyIdOf(device.publicKey, sha256), session.expiresAt).toString('base64url'),
    ).toBe(session.sessionKey)
    nowMs += 1_000
    expect(await sealed({ session })).toBe('ok')
    await door.contacts.flush()
    const [row] =
      await database.admin`SELECT last_contact_at FROM directory.terminal WHERE terminal_id = ${world.terminal}`
    expect(row?.['last_contact_at']).toEqual(new Date(nowMs))
  })
})

describe('the bundle', () => {
  it('PRO-01: names the rules in force, is signed, and compiles to the set it names', async () => {
    const response = await getBundle(session)
    const { text, value, keyId } = response.json<SignedBundle>()
    const engineKey = session.engineKeys.find((each) => each.keyId === keyId)
    expect(
      verify(null, Buffer.from(text), publicKeyOf(engineKey?.publicKey ?? ''), Buffer.from(value, 'base64url')),
    ).toBe(true)
    const bundle = JSON.parse(text) as BundleDocument
    const [program] = bundle.programs
    // Nothing a till does not judge by: what the authors of rules are checked against stays here.
    const parts = ['document', 'name', 'program', 'ruleSet', 'rules', 'steersPrices', 'validUntil']
    expect(Object.keys(program ?? {}).sort()).toEqual(parts)
    expect(compileRuleSet(program!.rules, program!.document).hash).toBe(program?.ruleSet)
    expect(bundle.products).toMatchObject([
      { codes: ['5900000000015', 'P1'], facts: { categories: ['care', 'all'], producer: 'Acme' } },
    ])
    expect(bundle.staff).toEqual([{ id: world.staff, code: '1001' }])
    expect(Date.parse(program!.validUntil)).toBeGreaterThan(nowMs + 6 * 86_400_000)
    expect(session.bundle).toBe(bundleHash(text, sha256))
    const recorded = await database.admin`SELECT rule_set FROM loyalty.bundle WHERE bundle_id = ${session.bundle ?? ''}`
    expect(recorded[0]?.['rule_set']).toBe(program?.ruleSet)
  })

  it('is sent once while nothing changes, and again after a change', async () => {
    const first = await getBundle(session)
    const again = await getBundle(session, String(first.headers['etag']))
    expect([again.statusCode, again.body]).toEqual([304, ''])
    await give('rules.publish', { rules: [], from: instantOf(nowMs) }, { program: world.program })
    const changed = await getBundle(session, String(first.headers['etag']))
    expect(changed.statusCode).toBe(200)
    const bundle = JSON.parse(changed.json<SignedBundle>().text) as BundleDocument
    // No rule selects the product and no law treats it apart: the till judges the same without it.
    expect([bundle.programs[0]?.rules, bundle.products]).toEqual([[], []])
  })

  it('says nothing of a suspended program', async () => {
    await give('program.suspend', {}, { program: world.program, reason: 'for a while' })
    expect((await getBundle(session)).statusCode).toBe(404)
    await give('program.resume', {}, { program: world.program, reason: 'again' })
  })
})

describe('what the console says of a terminal', () => {
  it('is heard within the next look: quarantined, released, two keys, revoked at a sequence', async () => {
    const terminal = world.terminal
    await give('terminal.quarantine', { terminal }, { reason: 'odd chain' })
    await door.register.refresh()
    expect(await sealed({ session })).toBe('terminal_quarantined')
    expect((await hello(device)).body['code']).toBe('terminal_quarantined')
    await give('terminal.release', { terminal }, { reason: 'explained' })
    await door.register.refresh()
    expect(await sealed({ session })).toBe('ok')

    const [second, third] = [newDevice(), newDevice()]
    const terminals = [{ id: terminal, name: 'Till 1', outlet: world.outlets[0], from: world.startsAt }]
    for (const next of [second, third]) {
      nowMs += 1_000
      const { codes } = await give('terminal.register', { terminals })
      expect((await enrol(codes[0]?.code ?? '', next)).status).toBe(200)
    }
    expect([(await hello(second)).status, (await hello(third)).status]).toEqual([200, 200])
    expect((await hello(device)).body['code']).toBe('terminal_revoked')
    expect(await sealed({ session })).toBe('terminal_revoked')

    await give('terminal.revoke', { terminal, fromSequence: 10 }, { reason: 'stolen' })
    await door.register.refresh()
    expect((await hello(third)).body['code']).toBe('terminal_revoked')
  })

  it('lets the replacement bring the old queue, up to the sequence of the revocation', async () => {
    const [heir, stranger] = [testId(4, 2), testId(4, 3)]
    const from = world.startsAt
    await give('terminal.register', {
      terminals: [
        { id: heir, name: 'Till 1b', outlet: world.outlets[0], from, replaces: world.terminal },
        { id: stranger, name: 'Till 3', outlet: world.outlets[0], from },
      ],
    })
    await door.register.refresh()
    const [sender, other] = [door.register.find(heir), door.register.find(stranger)]
    const [key] = await database.admin`
      SELECT key_id FROM directory.terminal_key WHERE terminal_id = ${world.terminal} AND revoked_from_sequence = 10 LIMIT 1`
    const document = { terminal: world.terminal, keyId: String(key?.['key_id']), sequence: 9 }
    expect(documentRefusal(door, sender!, document)).toBeUndefined()
    expect(documentRefusal(door, sender!, { ...document, sequence: 10 })?.code).toBe('terminal_revoked')
    expect(documentRefusal(door, other!, document)?.code).toBe('not_permitted')
  })
})
