/**
 * One keep-alive connection that knows just enough HTTP: requests are finished bytes, of an answer it reads the status and
 * as many bytes as `content-length` says. A general client costs as much processor time a request as the engine does.
 */
import { createConnection, type Socket } from 'node:net'

export interface Answer {
  readonly status: number
  readonly body: Buffer
}

const endOfHead = Buffer.from('\r\n\r\n')

/** Reads the first complete answer of the bytes, or `undefined` when there is none yet. */
export const readAnswer = (bytes: Buffer): { readonly answer: Answer; readonly rest: Buffer } | undefined => {
  const end = bytes.indexOf(endOfHead)
  if (end < 0) return undefined
  const head = bytes.toString('latin1', 0, end)
  const status = Number(head.slice(9, 12))
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1]
  if (length === undefined) throw new Error(`an answer without content-length: ${head.slice(0, 200)}`)
  const start = end + endOfHead.length
  const stop = start + Number(length)
  if (bytes.length < stop) return undefined
  return { answer: { status, body: bytes.subarray(start, stop) }, rest: bytes.subarray(stop) }
}

const timeoutMs = 60_000

export class Connection {
  readonly #socket: Socket
  #buffer: Buffer = Buffer.alloc(0)
  #waiting: { readonly done: (answer: Answer) => void; readonly fail: (error: Error) => void } | undefined

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.setNoDelay(true)
    socket.setTimeout(timeoutMs, () => socket.destroy(new Error(`no answer within ${timeoutMs / 1000} s`)))
    socket.on('data', (chunk) => this.#take(chunk))
    socket.on('error', (error) => this.#fail(error))
    socket.on('close', () => this.#fail(new Error('the engine closed the connection')))
  }

  static open(host: string, port: number): Promise<Connection> {
    return new Promise((done, fail) => {
      const socket = createConnection({ host, port }, () => {
        socket.off('error', fail)
        done(new Connection(socket))
      })
      socket.once('error', fail)
    })
  }

  /** Sends the bytes of one request and reads its answer. One at a time. */
  ask(request: Buffer): Promise<Answer> {
    return new Promise((done, fail) => {
      this.#waiting = { done, fail }
      this.#socket.write(request)
    })
  }

  close(): void {
    this.#waiting = undefined
    this.#socket.destroy()
  }

  #take(chunk: Buffer): void {
    this.#buffer = this.#buffer.length === 0 ? chunk : Buffer.concat([this.#buffer, chunk])
    const waiting = this.#waiting
    if (waiting === undefined) return
    try {
      const read = readAnswer(this.#buffer)
      if (read === undefined) return
      this.#buffer = read.rest
      this.#waiting = undefined
      waiting.done(read.answer)
    } catch (error) {
      this.#fail(error as Error)
    }
  }

  #fail(error: Error): void {
    const waiting = this.#waiting
    this.#waiting = undefined
    waiting?.fail(error)
  }
}
