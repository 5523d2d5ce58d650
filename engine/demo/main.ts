import { readEngineConfig } from '../config.ts'
import { StartError } from '../db/start-error.ts'
import { seedDemo } from './seed.ts'

/** The demo's seeder, a child of `npm start`: a JSON line of progress at a time; run again, it goes on where it was ended. */

let stopping = false
process.once('SIGTERM', () => {
  stopping = true
})

try {
  const config = readEngineConfig(process.env)
  if (!config.demo) throw new StartError('The demo belongs to an installation that only this machine can reach.')
  const complete = await seedDemo({
    config,
    nowMs: () => Date.now(),
    report: (progress) => console.log(JSON.stringify(progress)),
    isStopping: () => stopping,
  })
  process.exitCode = complete ? 0 : 3
} catch (error) {
  console.error(error instanceof StartError ? error.message : error)
  process.exitCode = 1
}
