/**
 * A start that cannot succeed for a reason a person can mend: the message is one whole sentence for the operator, shown
 * without a stack, and nothing has been changed when it is thrown.
 */
export class StartError extends Error {
  override readonly name = 'StartError'
}

/** Prints a StartError as its sentence, anything else with its stack, and sets the exit code. */
export function reportStartError(error: unknown): void {
  if (error instanceof StartError) console.error(`premia: ${error.message}`)
  else console.error(error)
  process.exitCode = 1
}
