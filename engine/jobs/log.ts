import type { JobLog } from './jobs.ts'

/** One JSON line a message on the output, as the engine's own log; errors with their stack, nothing of a payload. */
export const lineLog = (write: (line: string) => void): JobLog => {
  const line = (level: 'info' | 'error', fields: Readonly<Record<string, unknown>>, text: string): void => {
    const { err, ...rest } = fields
    const error = err instanceof Error ? { error: err.message, stack: err.stack } : { error: err }
    write(JSON.stringify({ level, time: Date.now(), process: 'jobs', msg: text, ...rest, ...error }))
  }
  return {
    info: (fields, text) => line('info', fields, text),
    alarm: (fields, text) => line('error', { alarm: true, ...fields }, text),
  }
}
