import { useEffect, useState } from 'preact/hooks'

const query = matchMedia('(max-width: 719px)')

/** A telephone, or a window as narrow: lists become two-line rows. */
export const useNarrow = (): boolean => {
  const [narrow, setNarrow] = useState(query.matches)
  useEffect(() => {
    const follow = (): void => setNarrow(query.matches)
    query.addEventListener('change', follow)
    return () => query.removeEventListener('change', follow)
  }, [])
  return narrow
}
