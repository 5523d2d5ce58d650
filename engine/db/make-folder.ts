import { existsSync, mkdirSync } from 'node:fs'
import { dirname, resolve } from 'node:path'

/**
 * A folder with all above it that do not exist; says whether there was anything to make. Node's own way there
 * (`mkdirSync` with `recursive`) never returns where a file system answers ENOENT below a folder that exists, as /proc does.
 */
export function makeFolder(folder: string, mode: number): boolean {
  const missing: string[] = []
  for (let path = resolve(folder); !existsSync(path) && path !== dirname(path); path = dirname(path)) missing.push(path)
  for (const path of missing.reverse()) makeOne(path, mode)
  return missing.length > 0
}

function makeOne(path: string, mode: number): void {
  try {
    mkdirSync(path, { mode })
  } catch (error) {
    // Another process was faster.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}
