import type { RefObject } from 'preact'
import { useLayoutEffect, useState } from 'preact/hooks'

/** The width an element has been given, followed as it changes: a chart is drawn for it, so that its words keep their size. */
export const useWidth = (element: RefObject<HTMLElement | null>, fallback: number): number => {
  const [width, setWidth] = useState(fallback)
  useLayoutEffect(() => {
    const target = element.current
    if (target === null) return
    const observer = new ResizeObserver(([entry]) => {
      if (entry !== undefined) setWidth(Math.round(entry.contentRect.width))
    })
    observer.observe(target)
    setWidth(Math.round(target.getBoundingClientRect().width))
    return () => observer.disconnect()
  }, [])
  return width
}
