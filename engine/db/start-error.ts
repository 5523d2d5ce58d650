/**
 * A start that cannot succeed for a reason a person can mend: the message is one whole sentence for the operator, shown
 * without a stack, and nothing has been changed when it is thrown.
 */
export class StartError extends Error {
  override readonly name = 'StartError'
}

const DISK_CODES = new Set(['ENOSPC', 'EDQUOT', 'EROFS', 'EIO', 'EACCES', 'EPERM', 'EMFILE', 'ENFILE'])

const POSTGRES_DISK_FULL = '53100'

/** A disk that takes nothing is for a person to mend, wherever it shows: one sentence with the folders that are written to. */
export function blameDisk(error: unknown, folders: readonly string[]): unknown {
  if (!(error instanceof Error)) return error
  const { code = '', syscall, message } = error as NodeJS.ErrnoException
  const isOurs = DISK_CODES.has(code) && syscall !== undefined && syscall !== 'listen' && syscall !== 'connect'
  if (!isOurs && code !== POSTGRES_DISK_FULL) return error
  return new StartError(
    `A disk takes nothing (${message}): look at the room and the permissions of ${folders.join(' and ')}.`,
  )
}

/** Prints a StartError as its sentence, anything else with its stack, and sets the exit code. */
export function reportStartError(error: unknown): void {
  if (error instanceof StartError) console.error(`premia: ${error.message}`)
  else console.error(error)
  process.exitCode = 1
}
