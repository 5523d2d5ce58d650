import type { ComponentChildren } from 'preact'
import type { Field } from '../model/section.ts'
import type { SectionTexts } from '../model/texts.ts'
import type { Cell, ListRow, MoneyCell, PointsCell, RefCell } from '../model/wire.ts'
import {
  currencySign,
  formatAmount,
  formatCode,
  formatExact,
  formatInstant,
  formatLocalDate,
  formatNumber,
  zoneSign,
} from './format.ts'
import { words } from './language.ts'
import { Points } from './points.tsx'
import { programInfo, type Shell } from './shell-context.ts'
import { Status } from './status.tsx'

export interface CellContext {
  readonly shell: Shell
  readonly texts: SectionTexts
  readonly row: ListRow
  readonly name: string
}

const Nothing = () => (
  <span class="faint" aria-label={words.value.list.empty}>
    –
  </span>
)

export const Money = ({ value }: { readonly value: MoneyCell }) => (
  <span class="money">
    {formatAmount(value.amountMinor)}
    <span class="unit">{currencySign(value.currency)}</span>
  </span>
)

/** Short on screen, exact on hover. */
export const Instant = ({ iso, zone, zoned = false }: { iso: string; zone: string; zoned?: boolean }) => {
  const text = formatInstant(iso, zone)
  return (
    <time dateTime={iso} title={formatExact(iso, zone)}>
      {text}
      {/* A day alone needs no clock. */}
      {zoned && text.includes(':') ? <span class="unit">{zoneSign(iso, zone)}</span> : null}
    </time>
  )
}

/** Too long for its line, an address breaks before its host. */
const Email = ({ address }: { readonly address: string }) => {
  const at = address.lastIndexOf('@')
  return (
    <>
      {address.slice(0, at)}
      <wbr />
      {address.slice(at)}
    </>
  )
}

/** A cell as its field's type shows it; the row says zone and currency. */
export const CellView = ({ field, cell, context }: { field: Field; cell: Cell; context: CellContext }) => (
  <>{cell === null || cell === '' ? <Nothing /> : shown(field, cell, context)}</>
)

const shown = (
  field: Field,
  cell: Exclude<Cell, null>,
  { shell, texts, row, name }: CellContext,
): ComponentChildren => {
  const program = programInfo(shell.me, row.program)
  switch (field.type) {
    case 'points':
      return (cell as PointsCell).points === 0 ? <Nothing /> : <Points value={cell as PointsCell} />
    case 'money':
      return (cell as MoneyCell).amountMinor === 0 ? <Nothing /> : <Money value={cell as MoneyCell} />
    case 'integer':
    case 'quantity':
    case 'ppm':
      return cell === 0 ? <Nothing /> : formatNumber(cell as number)
    case 'instant':
      return <Instant iso={cell as string} zone={program?.zone ?? shell.zone} zoned={shell.zoned} />
    case 'date':
      return formatLocalDate(cell as string, { day: 'numeric', month: 'short', year: 'numeric' })
    case 'ref':
      return Array.isArray(cell) ? cell.map((each: RefCell) => each.label).join(', ') : (cell as RefCell).label
    case 'state':
      return <Status state={cell as string} label={texts.choices[name]?.[cell as string] ?? (cell as string)} />
    case 'choice':
      return texts.choices[name]?.[cell as string] ?? (cell as string)
    case 'dictionary':
      return field.of === 'tiers' ? (program?.tiers[cell as string] ?? (cell as string)) : (cell as string)
    case 'flag':
      return cell === true ? words.value.filter.yes : words.value.filter.no
    case 'text':
      if (field.format === 'email') return <Email address={cell as string} />
      return field.format === 'code' || field.format === 'phone' ? (
        <span class="code">{formatCode(cell as string)}</span>
      ) : (
        (cell as string)
      )
    case 'period':
    case 'rows':
    case 'file':
      return null
  }
}

export const alignsRight = (field: Field): boolean =>
  field.type === 'points' || field.type === 'money' || field.type === 'integer' || field.type === 'quantity'
