import { createReadStream } from 'node:fs'
import { createGunzip } from 'node:zlib'
import { parse } from 'csv-parse'

/** One line of the file as it stands there. */
export interface InvoiceRow {
  readonly InvoiceNo: string
  readonly StockCode: string
  readonly Description: string
  readonly Quantity: string
  readonly InvoiceDate: string
  readonly UnitPrice: string
  readonly CustomerID: string
  readonly Country: string
}

export const columns = [
  'InvoiceNo',
  'StockCode',
  'Description',
  'Quantity',
  'InvoiceDate',
  'UnitPrice',
  'CustomerID',
  'Country',
] as const

/** More than twenty months of the real retailer. */
const ROWS_MAX = 1_000_000

/** The file is not what this tool reads. */
export class UnreadableFile extends Error {
  constructor(detail: string) {
    super(detail)
    this.name = 'UnreadableFile'
  }
}

/** All rows of a `.csv.gz` file, or of a plain `.csv`. */
export const readInvoiceRows = async (path: string): Promise<readonly InvoiceRow[]> => {
  const file = createReadStream(path)
  const text = path.endsWith('.gz') ? file.pipe(createGunzip()) : file
  const rows: InvoiceRow[] = []
  // A stream that fails does not end those it is piped into by itself.
  const parser = parse({ columns: (header: string[]) => checkedHeader(header), bom: true, skip_empty_lines: true })
  const end = (error: Error): void => void parser.destroy(error)
  file.on('error', end)
  text.on('error', end)
  for await (const row of text.pipe(parser) as AsyncIterable<InvoiceRow>) {
    if (rows.length === ROWS_MAX) throw new UnreadableFile(`${path} has more than ${ROWS_MAX} lines`)
    rows.push(row)
  }
  if (rows.length === 0) throw new UnreadableFile(`${path} has no lines`)
  return rows
}

const checkedHeader = (header: readonly string[]): string[] => {
  const missing = columns.filter((column) => !header.includes(column))
  if (missing.length > 0) throw new UnreadableFile(`the columns ${missing.join(', ')} are missing`)
  return [...header]
}
