import { useLocation } from 'preact-iso'
import type { ComponentChildren, RefObject, TargetedKeyboardEvent } from 'preact'
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { ListRow } from '../model/wire.ts'
import { words } from './language.ts'
import { rowHeight } from './preferences.ts'
import { type Selection, SelectionBar, useCopying, useSelection } from './selection.tsx'
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

/** Two columns left, two right: a row of a telephone. */
export interface NarrowColumns {
  readonly lead: readonly string[]
  readonly trail: readonly string[]
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
  /** "5 sales are selected", whole. */
  readonly selected: (count: number) => string
  readonly dim: boolean
  readonly narrow: NarrowColumns
  /** All rows stand in the page, not only those in sight. */
  readonly whole: boolean
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

type Pick = 'open' | 'mark' | 'widen'

/** Which row is the current one, which are chosen, which stand in the page. */
const useGrid = (props: TableProps) => {
  const { rows } = props
  const scroller = useRef<HTMLDivElement>(null)
  const narrow = useNarrow()
  const { route } = useLocation()
  const [active, setActive] = useState(0)
  const size = narrow ? narrowRowHeight : rowHeight()
  const virtual = useVirtualRows(scroller, rows.length, size)
  const selection = useSelection(rows, active)
  const { copying, copy } = useCopying(selection)
  const items = props.whole || copying ? rows.map((_, index) => ({ index, start: index * size })) : virtual.items
  const last = virtual.items.at(-1)?.index ?? 0
  useEffect(() => {
    if (rows.length > 0 && last >= rows.length - 20) props.onEnd()
  }, [last, rows.length])
  useEffect(() => setActive((index) => Math.min(index, Math.max(rows.length - 1, 0))), [rows.length])
  useTracks(scroller, props)
  const move = (to: number, widening: boolean): void => {
    const index = Math.max(0, Math.min(rows.length - 1, to))
    if (widening) selection.begin(active)
    else selection.end()
    setActive(index)
    virtual.scrollTo(index)
  }
  const pick = (index: number, how: Pick): void => {
    const row = rows[index]
    if (how === 'widen') selection.begin(active)
    else props.onOpen(index)
    setActive(index)
    if (how === 'open' && row !== undefined) route(props.href(row))
  }
  return { scroller, narrow, active, selection, copy, items, height: virtual.totalSize, move, pick }
}

/** A list as a grid: one row is the current one, the keys move it, Enter opens it, with Shift they choose several. */
export const Table = (props: TableProps) => {
  const { rows, columns } = props
  const { scroller, narrow, active, selection, copy, items, height, move, pick } = useGrid(props)
  const keys: GridKeys = { active, selection, count: rows.length, move, copy, open: () => pick(active, 'open') }
  return (
    <>
      <div
        ref={scroller}
        class={`table ${narrow ? 'narrow' : ''} ${props.dim ? 'dim' : ''}`}
        role="grid"
        tabIndex={0}
        id="rows"
        aria-label={props.label}
        aria-rowcount={props.total < 0 ? -1 : props.total + 1}
        aria-colcount={columns.length}
        aria-multiselectable="true"
        aria-activedescendant={rows.length > 0 ? `row-${active}` : undefined}
        onPointerOver={tellWhole}
        onKeyDown={(event) => onGridKey(event, keys)}
      >
        <HeadRow {...props} hidden={narrow} />
        <div class="rows" role="rowgroup" style={{ height: `${height}px` }}>
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
                chosen={index >= selection.from && index <= selection.to}
                narrowScreen={narrow}
                onPick={(how) => pick(index, how)}
              />
            )
          })}
        </div>
        {props.tail}
      </div>
      {selection.count > 1 ? (
        <SelectionBar text={props.selected(selection.count)} onCopy={copy} onEnd={selection.end} />
      ) : null}
    </>
  )
}

interface TableRowProps extends TableProps {
  readonly row: ListRow
  readonly index: number
  readonly start: number
  readonly active: boolean
  readonly chosen: boolean
  readonly narrowScreen: boolean
  readonly onPick: (how: Pick) => void
}

const TableRow = ({ index, start, active, chosen, narrowScreen, onPick, ...props }: TableRowProps) => (
  <div
    id={`row-${index}`}
    class={`row ${active ? 'active' : ''} ${chosen ? 'chosen' : ''}`}
    role="row"
    aria-rowindex={index + 2}
    aria-selected={chosen}
    style={{ transform: `translateY(${start}px)` }}
    // With Shift the browser would mark the text in between.
    onPointerDown={(event) => event.shiftKey && getSelection()?.removeAllRanges()}
    onClick={(event) => {
      if (event.shiftKey) {
        event.preventDefault()
        getSelection()?.removeAllRanges()
        onPick('widen')
        return
      }
      // Whoever marks a text wants to copy it, not to leave.
      if (getSelection()?.isCollapsed === false) return
      // A click on the row's own link is the router's, or opens a tab of its own.
      const linked = event.target instanceof Element && event.target.closest('a') !== null
      onPick(linked || event.ctrlKey || event.metaKey ? 'mark' : 'open')
    }}
  >
    {narrowScreen ? <NarrowCells {...props} /> : <WideCells {...props} />}
  </div>
)

/** What does not fit its cell is read whole by pointing at it. */
const tellWhole = ({ target }: PointerEvent): void => {
  const cell = target instanceof Element ? target.closest<HTMLElement>('.rows .cell') : null
  if (cell !== null && cell.title === '' && cell.scrollWidth > cell.clientWidth) cell.title = cell.textContent
}

interface GridKeys {
  readonly active: number
  readonly selection: Selection
  readonly count: number
  readonly move: (to: number, widening: boolean) => void
  readonly copy: () => void
  readonly open: () => void
}

const onGridKey = (event: TargetedKeyboardEvent<HTMLElement>, keys: GridKeys): void => {
  if (event.target !== event.currentTarget) return
  const { active, selection, count, move } = keys
  if (event.ctrlKey || event.metaKey) {
    // Where a part of the page is marked, the browser copies that.
    if (event.key === 'c' && getSelection()?.isCollapsed !== false) keys.copy()
    if (event.key !== 'a') return
    event.preventDefault()
    selection.begin(0)
    move(count - 1, true)
    return
  }
  if (event.altKey) return
  const target = gridMove(event.key, active, count)
  if (event.key === 'Escape' && selection.count > 0) selection.end()
  else if (target !== undefined) move(target, event.shiftKey)
  else if (event.key === 'Enter') keys.open()
  else return
  event.preventDefault()
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
