import { useLocation } from 'preact-iso'
import type { ComponentChildren, RefObject, TargetedKeyboardEvent } from 'preact'
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { ListRow } from '../model/wire.ts'
import { words } from './language.ts'
import { rowHeight } from './preferences.ts'
import { toast } from './toasts.tsx'
import { useNarrow } from './use-narrow.ts'
import { useVirtualRows } from './use-virtual-rows.ts'

export interface TableColumn {
  readonly name: string
  readonly label: string
  readonly short: string
  readonly right: boolean
  readonly sortable: boolean
  /** A track of the grid, such as `minmax(120px, 1fr)`. */
  readonly width: string
}

export interface TableProps {
  readonly label: string
  readonly columns: readonly TableColumn[]
  readonly rows: readonly ListRow[]
  /** All rows of the list where that is known; -1 else. */
  readonly total: number
  readonly sort: string
  readonly onSort: (sort: string) => void
  readonly onResize: (column: string, pixels: number) => void
  readonly cell: (row: ListRow, column: string) => ComponentChildren
  readonly mark?: ((row: ListRow) => ComponentChildren) | undefined
  readonly markWidth: string
  readonly href: (row: ListRow) => string
  readonly onOpen: (index: number) => void
  readonly onEnd: () => void
  readonly dim: boolean
  /** What a narrow screen shows of a row: two columns left, two right. */
  readonly narrow: { readonly lead: readonly string[]; readonly trail: readonly string[] }
  readonly tail: ComponentChildren
}

const narrowRowHeight = 58
const keysPerPage = 12

/** Head and rows are grids of their own: one list of tracks and one least width keep them the same. */
const useTracks = (scroller: RefObject<HTMLElement | null>, { columns, mark, markWidth }: TableProps): void => {
  const tracks = [...(mark === undefined ? [] : [markWidth]), ...columns.map((column) => column.width)].join(' ')
  useLayoutEffect(() => {
    const least = tracks.match(/\d+(?=px)/g)?.reduce((sum, px) => sum + Number(px), 24) ?? 0
    scroller.current?.style.setProperty('--tracks', tracks)
    scroller.current?.style.setProperty('--least', `${least}px`)
  }, [tracks])
}

/** A list as a grid: one row is the current one, the keys move it, Enter opens it. */
export const Table = (props: TableProps) => {
  const { rows, columns } = props
  const scroller = useRef<HTMLDivElement>(null)
  const narrow = useNarrow()
  const { route } = useLocation()
  const [active, setActive] = useState(0)
  const size = narrow ? narrowRowHeight : rowHeight()
  const { items, totalSize, scrollTo } = useVirtualRows(scroller, rows.length, size)
  const last = items.at(-1)?.index ?? 0
  useEffect(() => {
    if (rows.length > 0 && last >= rows.length - 20) props.onEnd()
  }, [last, rows.length])
  useEffect(() => setActive((index) => Math.min(index, Math.max(rows.length - 1, 0))), [rows.length])
  useTracks(scroller, props)
  const move = (to: number): void => {
    const index = Math.max(0, Math.min(rows.length - 1, to))
    setActive(index)
    scrollTo(index)
  }
  const open = (row: ListRow | undefined, index: number): void => {
    props.onOpen(index)
    if (row !== undefined) route(props.href(row))
  }
  return (
    <div
      ref={scroller}
      class={`table ${narrow ? 'narrow' : ''} ${props.dim ? 'dim' : ''}`}
      role="grid"
      tabIndex={0}
      id="rows"
      aria-label={props.label}
      aria-rowcount={props.total < 0 ? -1 : props.total + 1}
      aria-colcount={columns.length}
      aria-activedescendant={rows.length > 0 ? `row-${active}` : undefined}
      onPointerOver={tellWhole}
      onKeyDown={(event) =>
        onGridKey(event, { active, count: rows.length, move, open: () => open(rows[active], active) })
      }
    >
      <HeadRow {...props} hidden={narrow} />
      <div class="rows" role="rowgroup" style={{ height: `${totalSize}px` }}>
        {items.map(({ index, start }) => {
          const row = rows[index]
          return row === undefined ? null : (
            <TableRow
              key={`${row.program ?? ''}${row.id}`}
              {...props}
              row={row}
              index={index}
              start={start}
              active={index === active}
              narrowScreen={narrow}
              onPick={(opened) => {
                setActive(index)
                if (opened) open(row, index)
                else props.onOpen(index)
              }}
            />
          )
        })}
      </div>
      {props.tail}
    </div>
  )
}

interface TableRowProps extends TableProps {
  readonly row: ListRow
  readonly index: number
  readonly start: number
  readonly active: boolean
  readonly narrowScreen: boolean
  readonly onPick: (opened: boolean) => void
}

const TableRow = ({ index, start, active, narrowScreen, onPick, ...props }: TableRowProps) => (
  <div
    id={`row-${index}`}
    class={`row ${active ? 'active' : ''}`}
    role="row"
    aria-rowindex={index + 2}
    aria-selected={active}
    style={{ transform: `translateY(${start}px)` }}
    onClick={(event) => {
      // Whoever marks a text wants to copy it, not to leave.
      if (getSelection()?.isCollapsed === false) return
      // A click on the row's own link is the router's, or opens a tab of its own.
      const linked = event.target instanceof Element && event.target.closest('a') !== null
      onPick(!linked && !event.ctrlKey && !event.metaKey)
    }}
  >
    {narrowScreen ? <NarrowCells {...props} /> : <WideCells {...props} />}
  </div>
)

/** What a cell shows, without its signs and what only screen readers hear. */
const plainText = (cell: Element): string => {
  const copy = cell.cloneNode(true) as Element
  for (const sign of copy.querySelectorAll('.unseen, .lozenge')) sign.remove()
  return copy.textContent.trim()
}

/** The row as a spreadsheet takes it, unless a part of the page is marked: then the browser copies that. */
const copyRow = (index: number): void => {
  if (getSelection()?.isCollapsed === false) return
  const cells = [...document.querySelectorAll(`#row-${index} [role=gridcell]`)]
  const text = cells.map(plainText).join('\t')
  void navigator.clipboard.writeText(text).then(() => toast(words.value.list.rowCopied))
}

/** What does not fit its cell is read whole by pointing at it. */
const tellWhole = ({ target }: PointerEvent): void => {
  const cell = target instanceof Element ? target.closest<HTMLElement>('.rows .cell') : null
  if (cell !== null && cell.title === '' && cell.scrollWidth > cell.clientWidth) cell.title = cell.textContent
}

interface GridKeys {
  readonly active: number
  readonly count: number
  readonly move: (to: number) => void
  readonly open: () => void
}

const onGridKey = (event: TargetedKeyboardEvent<HTMLElement>, { active, count, move, open }: GridKeys): void => {
  if (event.target !== event.currentTarget) return
  if ((event.ctrlKey || event.metaKey) && event.key === 'c') copyRow(active)
  if (event.ctrlKey || event.metaKey || event.altKey) return
  const target = gridMove(event.key, active, count)
  if (target === undefined && event.key !== 'Enter') return
  event.preventDefault()
  if (target === undefined) open()
  else move(target)
}

const gridMove = (key: string, active: number, count: number): number | undefined => {
  switch (key) {
    case 'ArrowDown':
    case 'j':
      return active + 1
    case 'ArrowUp':
    case 'k':
      return active - 1
    case 'PageDown':
      return active + keysPerPage
    case 'PageUp':
      return active - keysPerPage
    case 'Home':
      return 0
    case 'End':
      return count - 1
    default:
      return undefined
  }
}

const HeadRow = ({
  columns,
  sort,
  onSort,
  onResize,
  mark,
  markWidth,
  hidden,
}: TableProps & { readonly hidden: boolean }) => (
  <div class={`head ${hidden ? 'unseen' : ''}`} role="rowgroup">
    <div class="row" role="row" aria-rowindex={1}>
      {mark === undefined ? null : (
        <span role="columnheader" class="cell">
          {markWidth.endsWith('fr)') ? words.value.program : <span class="unseen">{words.value.program}</span>}
        </span>
      )}
      {columns.map((column) => (
        <span
          key={column.name}
          role="columnheader"
          class={`cell ${column.right ? 'right' : ''}`}
          aria-sort={sortOf(sort, column.name)}
          data-column={column.name}
        >
          {column.sortable && !hidden ? (
            <button type="button" class="sort" title={column.label} onClick={() => onSort(turned(sort, column))}>
              {column.short}
              <SortMark direction={sortOf(sort, column.name)} />
            </button>
          ) : (
            <span title={column.label}>{column.short}</span>
          )}
          {hidden ? null : <Grip onResize={(pixels) => onResize(column.name, pixels)} />}
        </span>
      ))}
    </div>
  </div>
)

/** The right edge of a column's head, for the mouse; the menu of columns does the same for everybody. */
const Grip = ({ onResize }: { readonly onResize: (pixels: number) => void }) => {
  const start = (event: PointerEvent & { readonly currentTarget: HTMLElement }): void => {
    const grip = event.currentTarget
    const from = event.clientX
    const width = grip.parentElement?.getBoundingClientRect().width ?? 0
    grip.setPointerCapture(event.pointerId)
    grip.onpointermove = (moved) => onResize(width + moved.clientX - from)
    grip.onpointerup = () => {
      grip.onpointermove = null
    }
    event.preventDefault()
  }
  return <span class="grip" aria-hidden="true" onPointerDown={start} />
}

const sortOf = (sort: string, name: string): 'ascending' | 'descending' | undefined => {
  const [first] = sort.split(',')
  return first === name ? 'ascending' : first === `-${name}` ? 'descending' : undefined
}

const turned = (sort: string, column: TableColumn): string => {
  const current = sortOf(sort, column.name)
  // Figures and times are wanted from the top; words from the beginning.
  const firstWay = column.right ? `-${column.name}` : column.name
  if (current === undefined) return firstWay
  return current === 'ascending' ? `-${column.name}` : column.name
}

const SortMark = ({ direction }: { readonly direction: 'ascending' | 'descending' | undefined }) =>
  direction === undefined ? null : (
    <span class="sort-mark" aria-hidden="true">
      {direction === 'ascending' ? '↑' : '↓'}
    </span>
  )

const WideCells = ({ columns, cell, mark, row, href }: TableProps & { readonly row: ListRow }) => (
  <>
    {mark === undefined ? null : (
      <span role="gridcell" class="cell">
        {mark(row)}
      </span>
    )}
    {columns.map((column, index) => (
      <span key={column.name} role="gridcell" class={`cell ${column.right ? 'right' : ''}`}>
        {index === 0 ? (
          <a href={href(row)} tabIndex={-1} class="open">
            {cell(row, column.name)}
          </a>
        ) : (
          cell(row, column.name)
        )}
      </span>
    ))}
  </>
)

const NarrowCells = ({ narrow, cell, mark, row, href }: TableProps & { readonly row: ListRow }) => (
  <span role="gridcell" class="stack">
    <span class="lead">
      <a href={href(row)} tabIndex={-1} class="open">
        {narrow.lead[0] === undefined ? null : cell(row, narrow.lead[0])}
      </a>
      <span class="minor">
        {mark?.(row)}
        {narrow.lead.slice(1).map((name) => (
          <span key={name}>{cell(row, name)}</span>
        ))}
      </span>
    </span>
    <span class="trail">
      {narrow.trail.map((name) => (
        <span key={name}>{cell(row, name)}</span>
      ))}
    </span>
  </span>
)
