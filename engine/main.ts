import { buildEngine, type Engine } from './app.ts'
import { systemClock } from './clock.ts'
import { readEngineConfig } from './config.ts'
import { reportStartError } from './db/start-error.ts'
import { openDoorbell } from './jobs/doorbell.ts'
import { engineKeys } from './keys.ts'

/** The engine's process: serves tills and console until SIGTERM or Ctrl-C, then finishes what it has and ends. */
const main = async (): Promise<void> => {
  const config = readEngineConfig(process.env)
  let running: Engine | undefined
  // A queue that is away costs freshness, never a sale: the jobs' own sweeper makes up for every ring that is lost.
  const doorbell = openDoorbell({
    jobsUrl: config.jobsUrl,
    redisUrl: config.redisUrl,
    onError: (error) => running?.app.log.warn({ err: error }, 'job queue'),
  })
  const engine: Engine = await buildEngine({
    databaseUrl: config.databaseUrl,
    clock: systemClock,
    keys: engineKeys(config.engineKey),
    consoleKey: config.consoleKey,
    logger: { level: 'warn' },
    onBooked: (programId) => doorbell.booked(programId),
  })
  running = engine
  const { log } = engine.app
  let stopping = false
  const stop = (signal: string): void => {
    if (stopping) return
    stopping = true
    log.warn({ signal, waiting: engine.batcher.length }, 'draining')
    const closed = engine.close().then(() => doorbell.close())
    closed.then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error }, 'the engine could not drain')
        process.exit(1)
      },
    )
  }
  process.on('SIGTERM', () => stop('SIGTERM'))
  process.on('SIGINT', () => stop('SIGINT'))
  await engine.app.listen({ host: config.host, port: config.port })
}

main().catch((error: unknown) => {
  reportStartError(error)
})
