import fc from 'fast-check'
import { expect, test } from 'vitest'
import { instantOf, keyIdOf, parseSessionId, requestText, sessionIdOf, uuid } from './index.ts'

test('a session id says key and end, and garbage is none', () => {
  fc.assert(
    fc.property(fc.nat({ max: 2 ** 42 }), (at) => {
      const keyId = keyIdOf('public')
      expect(parseSessionId(sessionIdOf(keyId, instantOf(at)))).toEqual({ keyId, expiresAt: instantOf(at) })
    }),
  )
  for (const garbage of ['', 'abc', 'a.b', '.1', 'a.1.', 'a.999999999999999', 'a b.1', `${'a'.repeat(65)}.1`]) {
    expect(parseSessionId(garbage)).toBeNull()
  }
})

test('the seal of a request covers each of its parts', () => {
  const seal = {
    method: 'POST',
    path: '/v1/sales',
    terminal: uuid('01964c6e-7000-7000-8000-0000000000aa'),
    session: 's.1',
    time: '1',
    bodyHash: 'f'.repeat(64),
  }
  const whole = requestText(seal)
  for (const key of Object.keys(seal) as (keyof typeof seal)[]) {
    expect(requestText({ ...seal, [key]: `${seal[key]}0` } as typeof seal)).not.toBe(whole)
  }
})
