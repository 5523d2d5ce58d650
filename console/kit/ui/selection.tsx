import { useEffect, useState } from 'preact/hooks'
import type { ListRow } from '../model/wire.ts'
import { words } from './language.ts'
import { toast } from './toasts.tsx'

/**
 * The rows from an anchor to the current one. Shift with an arrow or a click begins and widens it, moving without Shift ends
 * it, Escape too. Without an anchor the current row is the selection.
 */
export interface Selection {
  readonly from: number
  readonly to: number
  /** How many rows were chosen on purpose; 0 while only the current row is. */
  readonly count: number
  readonly begin: (at: number) => void
  readonly end: () => void
}

export const useSelection = (rows: readonly ListRow[], active: number): Selection => {
  const [anchor, setAnchor] = useState<number | undefined>()
  // Another filter, order or page of newer rows: what was chosen stands elsewhere now.
  useEffect(() => setAnchor(undefined), [rows[0]?.id])
  const at = anchor === undefined ? active : Math.min(anchor, rows.length - 1)
  return {
    from: Math.min(at, active),
    to: Math.max(at, active),
    count: anchor === undefined ? 0 : Math.abs(at - active) + 1,
    begin: (row) => setAnchor((known) => known ?? row),
    end: () => setAnchor(undefined),
  }
}

/** What a cell shows, without its signs and what only screen readers hear. */
const plainText = (cell: Element): string => {
  const copy = cell.cloneNode(true) as Element
  for (const sign of copy.querySelectorAll('.unseen, .lozenge')) sign.remove()
  return copy.textContent.trim()
}

const lineOf = (cells: Iterable<Element>): string => [...cells].map(plainText).join('\t')

/** The rows as a spreadsheet takes them, several with the heads of their columns. All of them stand in the page by then. */
const copyRows = async ({ from, to }: Selection): Promise<void> => {
  const lines: string[] = []
  if (to > from) lines.push(lineOf(document.querySelectorAll('#rows [role=columnheader]')))
  for (let index = from; index <= to; index += 1) {
    lines.push(lineOf(document.querySelectorAll(`#row-${index} [role=gridcell]`)))
  }
  await navigator.clipboard.writeText(lines.join('\n'))
  toast(to > from ? words.value.list.rowsCopied(to - from + 1) : words.value.list.rowCopied)
}

/** Copies as soon as the rows stand in the page: true until then. */
export const useCopying = (selection: Selection): { readonly copying: boolean; readonly copy: () => void } => {
  const [copying, setCopying] = useState(false)
  useEffect(() => {
    if (!copying) return
    setCopying(false)
    copyRows(selection).catch(() => toast(words.value.list.notCopied))
  }, [copying])
  return { copying, copy: () => setCopying(true) }
}

interface BarProps {
  /** The sentence of the section: so many are chosen. */
  readonly text: string
  readonly onCopy: () => void
  readonly onEnd: () => void
}

/** What can be done with the chosen rows, for whoever has no keys at hand. */
export const SelectionBar = ({ text, onCopy, onEnd }: BarProps) => (
  <div class="selection">
    <span role="status">{text}</span>
    <button type="button" class="button" onClick={onCopy}>
      {words.value.list.copyRows}
    </button>
    <button type="button" class="quiet" onClick={onEnd}>
      {words.value.list.endSelection}
    </button>
  </div>
)
