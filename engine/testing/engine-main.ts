import { buildEngine } from '../app.ts'
import { systemClock } from '../clock.ts'
import { engineKeys } from '../keys.ts'

/** An engine of its own for tests that kill it: reads what it needs from its environment. */
const env = (name: string): string => {
  const value = process.env[name]
  if (value === undefined) throw new Error(`${name} is missing`)
  return value
}

const start = async (): Promise<void> => {
  const engine = await buildEngine({
    databaseUrl: env('CHILD_DATABASE'),
    clock: systemClock,
    keys: engineKeys(env('CHILD_ENGINE_KEY')),
    consoleKey: env('CHILD_CONSOLE_KEY'),
    logger: { level: 'error' },
    slot: Number(env('CHILD_SLOT')),
  })
  await engine.app.listen({ host: '127.0.0.1', port: Number(env('CHILD_PORT')) })
}

// Without a database there is nothing to serve: whoever started it starts it again.
start().catch(() => process.exit(1))
