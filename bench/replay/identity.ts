import { createHash } from 'node:crypto'
import { type Uuid, uuidv7 } from '@premia/pos-sdk/contract/till'

const bytesOf = (text: string): Uint8Array => createHash('sha256').update(text).digest()

/** A second run sends the same ids: time of the invoice, random part from the file's name and the invoice number. */
export const saleId = (file: string, invoice: string, atMs: number): Uuid =>
  uuidv7(atMs, bytesOf(`${file}\n${invoice}`))

/** The id of something this tool sets up, always the same. */
export const replayId = (noun: string, key: string): Uuid =>
  uuidv7(Date.UTC(2010, 0, 1), bytesOf(`premia-replay\n${noun}\n${key}`))
