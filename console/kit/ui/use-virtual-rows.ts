import {
  elementScroll,
  observeElementOffset,
  observeElementRect,
  type VirtualItem,
  Virtualizer,
} from '@tanstack/virtual-core'
import { useLayoutEffect, useReducer, useRef, useState } from 'preact/hooks'
import type { RefObject } from 'preact'

export interface VirtualRows {
  readonly items: readonly VirtualItem[]
  readonly totalSize: number
  readonly scrollTo: (index: number) => void
}

/** Only the rows in sight stand in the page. The library is framework-free; this is its hook. */
export const useVirtualRows = (
  container: RefObject<HTMLElement | null>,
  count: number,
  rowSize: number,
): VirtualRows => {
  const [, rerender] = useReducer((n: number) => n + 1, 0)
  const size = useRef(rowSize)
  const [virtualizer] = useState(
    () =>
      new Virtualizer<HTMLElement, HTMLElement>({
        count,
        getScrollElement: () => container.current,
        estimateSize: () => size.current,
        overscan: 12,
        observeElementRect,
        observeElementOffset,
        scrollToFn: elementScroll,
      }),
  )
  virtualizer.setOptions({
    ...virtualizer.options,
    count,
    estimateSize: () => size.current,
    onChange: () => rerender(undefined as never),
  })
  useLayoutEffect(() => virtualizer._didMount(), [virtualizer])
  useLayoutEffect(() => {
    if (size.current !== rowSize) {
      size.current = rowSize
      virtualizer.measure()
    }
    virtualizer._willUpdate()
  })
  return {
    items: virtualizer.getVirtualItems(),
    totalSize: virtualizer.getTotalSize(),
    scrollTo: (index) => virtualizer.scrollToIndex(index, { align: 'auto' }),
  }
}
