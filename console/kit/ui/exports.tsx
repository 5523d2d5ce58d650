import { signal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { CountAnswer } from '../model/wire.ts'
import { getFile } from './api.ts'
import { formatNumber } from './format.ts'
import { words } from './language.ts'
import { announce, toast } from './toasts.tsx'

/**
 * A file of a long list takes its time: how far it is and a way to stop it stand in a corner, on whatever page one works
 * meanwhile. The file is whole or not there: what broke off half-way is told, never saved.
 */
interface Export {
  readonly id: number
  readonly title: string
  readonly rows: number
  readonly of: CountAnswer | undefined
  readonly cancel: () => void
}

interface Wanted {
  readonly path: string
  /** The list's title. */
  readonly title: string
  /** How many rows the list has, as far as that is known. */
  readonly of: CountAnswer | undefined
}

const running = signal<readonly Export[]>([])
const toldEveryMs = 200
let last = 0

export const startExport = async ({ path, title, of }: Wanted): Promise<void> => {
  const stop = new AbortController()
  last += 1
  const id = last
  running.value = [...running.value, { id, title, rows: 0, of, cancel: () => stop.abort() }]
  const text = words.value.export
  announce(text.started(title))
  try {
    const response = await getFile(path, stop.signal)
    const { parts, rows } = await readRows(response, (soFar) => {
      running.value = running.value.map((each) => (each.id === id ? { ...each, rows: soFar } : each))
    })
    save(new Blob(parts, { type: 'text/csv' }), nameOf(response))
    toast(text.done(title, rows))
  } catch {
    toast(stop.signal.aborted ? text.cancelled(title) : text.failed(title))
  } finally {
    running.value = running.value.filter((each) => each.id !== id)
  }
}

const quote = 0x22
const lineFeed = 0x0a

/** Reads the file and counts its lines below the head; a line feed inside quotes belongs to a cell. */
const readRows = async (
  response: Response,
  tell: (rows: number) => void,
): Promise<{ readonly parts: BlobPart[]; readonly rows: number }> => {
  const parts: BlobPart[] = []
  const reader = response.body?.getReader()
  let rows = -1
  let quoted = false
  let toldAt = 0
  for (;;) {
    const chunk = await reader?.read()
    if (chunk?.value === undefined) return { parts, rows: Math.max(rows, 0) }
    parts.push(chunk.value)
    for (const byte of chunk.value) {
      if (byte === quote) quoted = !quoted
      else if (byte === lineFeed && !quoted) rows += 1
    }
    if (performance.now() - toldAt < toldEveryMs) continue
    toldAt = performance.now()
    tell(Math.max(rows, 0))
  }
}

const nameOf = (response: Response): string =>
  /filename="([^"]+)"/.exec(response.headers.get('content-disposition') ?? '')?.[1] ?? 'premia.csv'

const save = (file: Blob, name: string): void => {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(file)
  link.download = name
  link.click()
  // The browser has its own hold on the file as soon as the download has begun.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}

export const Exports = () => {
  const busy = running.value.length > 0
  useEffect(() => {
    if (!busy) return
    const ask = (event: BeforeUnloadEvent): void => event.preventDefault()
    addEventListener('beforeunload', ask)
    return () => removeEventListener('beforeunload', ask)
  }, [busy])
  const text = words.value.export
  if (!busy) return null
  return (
    <section class="exports" aria-label={text.title}>
      {running.value.map(({ id, title, rows, of, cancel }) => (
        <div key={id} class="export">
          <strong>{text.running(title)}</strong>
          <span class="muted">
            {of === undefined ? text.rows(rows) : text.progress(formatNumber(rows), of.count, of.exact)}
          </span>
          <progress
            aria-label={text.running(title)}
            {...(of === undefined ? {} : { max: Math.max(of.count, 1), value: Math.min(rows, of.count) })}
          />
          <button type="button" class="quiet" aria-label={text.cancel(title)} onClick={cancel}>
            {text.stop}
          </button>
        </div>
      ))}
    </section>
  )
}
