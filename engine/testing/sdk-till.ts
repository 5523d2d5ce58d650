import type { Store, TerminalOptions } from '@premia/pos-sdk'
import type { FastifyInstance } from 'fastify'
import type { Fixture } from './fixture.ts'

/** The network between a till and the engine: away when the test says so. */
export interface TestNetwork {
  isAway: boolean
}

/** The engine's own HTTP handling, without a socket in between. */
const fetchOf =
  (app: FastifyInstance, network: TestNetwork): typeof fetch =>
  async (url, init) => {
    if (network.isAway) throw new TypeError('fetch failed')
    const { pathname } = new URL(url instanceof Request ? url.url : url)
    const payload = typeof init?.body === 'string' ? { payload: init.body } : {}
    const response = await app.inject({
      method: init?.method === 'GET' ? 'GET' : 'POST',
      url: pathname,
      headers: Object.fromEntries(new Headers(init?.headers)),
      ...payload,
    })
    return new Response(response.body, { status: response.statusCode, headers: response.headers as HeadersInit })
  }

const startedAt = performance.now()

/** Opens the SDK's terminal on a fixture. */
export const sdkOptions = (fixture: Fixture, store: Store, network: TestNetwork): TerminalOptions => ({
  engineUrl: 'http://engine.test',
  store,
  software: { name: 'sdk-test', version: '1' },
  clock: {
    // A till's own clock goes on, and is a minute behind the engine's, which stands still here.
    now: () => fixture.clock() - 60_000 + Math.round(performance.now() - startedAt),
    elapsed: () => performance.now(),
    wait: (ms, signal) =>
      new Promise((resolve) => {
        if (signal.aborted) return resolve()
        const timer = setTimeout(resolve, ms)
        signal.addEventListener('abort', () => [clearTimeout(timer), resolve()])
      }),
  },
  fetch: fetchOf(fixture.engine.app, network),
  retry: { firstMs: 1, mostMs: 5 },
  answerWithinMs: 10_000,
})
