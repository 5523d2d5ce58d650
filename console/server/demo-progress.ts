import { readFile } from 'node:fs/promises'
import type { DemoProgress } from '../kit/model/wire.ts'

const complete: DemoProgress = { state: 'complete', done: 0, total: 0 }

/** How far the seeding of the demo is. No file, or one that is just being written, is no reason to say anything. */
export const readDemoProgress = async (file: string | undefined): Promise<DemoProgress> => {
  if (file === undefined) return complete
  try {
    const noted = JSON.parse(await readFile(file, 'utf8')) as Partial<DemoProgress>
    const state = noted.state === 'running' || noted.state === 'failed' ? noted.state : 'complete'
    return { state, done: Number(noted.done ?? 0), total: Number(noted.total ?? 0) }
  } catch {
    return complete
  }
}
