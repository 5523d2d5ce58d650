import type { TestProject } from 'vitest/node'
import { startTestRedis } from './redis.ts'
import { startTestServer, type TestServerAccess } from './server.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    database: TestServerAccess
    /** Absent where no redis-server is installed: such tests skip themselves by describe.skipIf and say so. */
    redisUrl: string | undefined
  }
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const [server, redis] = await Promise.all([startTestServer(), startTestRedis()])
  project.provide('database', server.access)
  project.provide('redisUrl', redis?.url)
  if (redis === undefined) console.warn('redis-server is not installed: tests on Redis are skipped')
  return async () => {
    await Promise.all([server.stop(), redis?.stop()])
  }
}
