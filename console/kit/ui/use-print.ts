import { useEffect, useState } from 'preact/hooks'

/** Paper takes so many rows, however far somebody has scrolled; what is more is for a file. */
const printedRowsMax = 1_000

interface Pages {
  readonly isSuccess: boolean
  readonly isError: boolean
  readonly hasNextPage: boolean
  readonly isFetchingNextPage: boolean
  readonly fetchNextPage: () => Promise<unknown>
}
interface Printing {
  readonly printing: boolean
  readonly onPrinted: () => void
}

/**
 * Whether all rows must stand in the page and not only those in sight: for paper. Asked to print, it reads the rows that are
 * missing first; a print begun by the browser's own menu takes what is there.
 */
export const usePrint = (list: Pages, rows: number, { printing, onPrinted }: Printing): boolean => {
  const [byBrowser, setByBrowser] = useState(false)
  useEffect(() => {
    const begin = (): void => setByBrowser(true)
    const end = (): void => setByBrowser(false)
    addEventListener('beforeprint', begin)
    addEventListener('afterprint', end)
    return () => {
      removeEventListener('beforeprint', begin)
      removeEventListener('afterprint', end)
    }
  }, [])
  const { isSuccess, isError, hasNextPage, isFetchingNextPage } = list
  useEffect(() => {
    if (!printing || (!isSuccess && !isError)) return
    if (hasNextPage && !isError && rows < printedRowsMax) {
      if (!isFetchingNextPage) void list.fetchNextPage()
      return
    }
    print()
    onPrinted()
  }, [printing, rows, isSuccess, isError, isFetchingNextPage])
  return printing || byBrowser
}
